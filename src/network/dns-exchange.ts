/**
 * One query to a DNS server and its response, over UDP. If that is too small or cannot be trusted, the query is repeated over
 * TCP (RFC 7766). Why not the resolver of Node.js: it does not return the TTL of MX records.
 */
import { randomBytes, randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { getServers } from 'node:dns'
import { once } from 'node:events'
import { connect, isIP, isIPv6 } from 'node:net'
import { type DnsQuestion, type DnsResponse, decodeResponse, encodeQuestion } from './dns-message.ts'
import { NetworkFault, noAnswer, toNetworkFault } from './network-fault.ts'

/**
 * @param name as A-labels
 * @returns the response of the first server that answers: records, or the information that there are none. Rejects with a
 * `NetworkFault`.
 */
export type DnsExchange = (name: string, type: DnsQuestion['type']) => Promise<DnsResponse>

export interface DnsExchangeOptions {
  /** `IP` or `IP:port`, an IPv6 address in brackets where it has a port; asked one after the other. Default: the servers of the system. */
  readonly servers?: readonly string[] | undefined
  /** The time limit for all servers together, in milliseconds. */
  readonly timeoutMs: number
}

interface Server {
  readonly host: string
  readonly port: number
}

/** Why three: programs wait 5 seconds, and each server gets a share of the time. */
const mostServers = 3

/** Spec: RFC 1035 4.1.1. */
const noError = 0
const noSuchName = 3

export function createDnsExchange({ servers = getServers(), timeoutMs }: DnsExchangeOptions): DnsExchange {
  const places = servers.slice(0, mostServers).map(toServer)
  // Why a single server is asked twice: a datagram may be lost.
  const turns = places.length === 1 ? [...places, ...places] : places
  return async (name, type) => {
    let fault = new NetworkFault('dns', 'no server to ask')
    for (const server of turns) {
      try {
        return await ask(server, { name, type, id: randomInt(0x10000) }, timeoutMs / turns.length)
      } catch (error) {
        fault = toNetworkFault(error)
      }
    }
    throw fault
  }
}

async function ask(server: Server, { name, ...rest }: DnsQuestion, timeoutMs: number): Promise<DnsResponse> {
  const question = { ...rest, name: inAnyCase(name) }
  const over = AbortSignal.timeout(timeoutMs)
  const response = await answerTo(server, question, over).catch(error => {
    throw over.aborted ? noAnswer(timeoutMs) : error
  })
  if (response.code === noError || response.code === noSuchName) return response
  throw new NetworkFault('dns', `the DNS server answers with code ${response.code}`)
}

/**
 * Why TCP if the response does not match the query: it may be forged, which TCP prevents. Or the server changes the letter
 * case of names, which is harmless over TCP.
 */
async function answerTo(server: Server, question: DnsQuestion, over: AbortSignal): Promise<DnsResponse> {
  const asked = encodeQuestion(question)
  const short = decodeResponse(await overUdp(server, asked, over))
  if (short !== undefined && fits(short, question) && short.name === question.name && !short.isTruncated) return short
  const whole = decodeResponse(await overTcp(server, asked, over))
  if (whole !== undefined && fits(whole, question)) return whole
  throw new NetworkFault('dns', 'the DNS server sends an invalid response')
}

function fits(response: DnsResponse, { id, name, type }: DnsQuestion): boolean {
  return response.id === id && response.type === type && response.name.toLowerCase() === name.toLowerCase()
}

/**
 * Why: the response must repeat the letter case, so that an attacker has to guess it in addition to the ID and the port
 * (draft-vixie-dnsext-dns0x20-00).
 */
function inAnyCase(name: string): string {
  const bits = randomBytes(name.length)
  return name.replace(/[a-z]/g, (letter, at: number) => (bits.readUInt8(at) % 2 === 0 ? letter : letter.toUpperCase()))
}

/** Why a new socket for each query: its port is random, and it receives only from the server that was asked. */
async function overUdp({ host, port }: Server, asked: Buffer, signal: AbortSignal): Promise<Buffer> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
  try {
    socket.connect(port, host)
    await once(socket, 'connect', { signal })
    const answered = once(socket, 'message', { signal })
    socket.send(asked)
    const [message] = await answered
    return message
  } finally {
    socket.close()
  }
}

/** In octets: the largest length that two octets can state. */
const longestMessage = 0xffff

/** Spec: RFC 1035 4.2.2: two octets of length before each message. */
async function overTcp({ host, port }: Server, asked: Buffer, signal: AbortSignal): Promise<Buffer> {
  const socket = connect({ host, port, signal })
  try {
    const length = Buffer.alloc(2)
    length.writeUInt16BE(asked.length)
    socket.write(Buffer.concat([length, asked]))
    // Why all at once: joining chunks one by one copies them repeatedly.
    const read = Buffer.allocUnsafe(2 + longestMessage)
    let used = 0
    for await (const chunk of socket) {
      used += chunk.copy(read, used)
      if (used >= 2 && used >= 2 + read.readUInt16BE()) break
    }
    return Buffer.from(read.subarray(2, Math.max(2, used)))
  } finally {
    socket.destroy()
  }
}

function toServer(place: string): Server {
  if (isIP(place) !== 0) return { host: place, port: 53 }
  const colon = place.lastIndexOf(':')
  return { host: place.slice(0, colon).replace(/[[\]]/g, ''), port: Number(place.slice(colon + 1)) }
}
