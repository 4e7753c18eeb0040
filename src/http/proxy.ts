/**
 * How a request came: by which scheme, from whom. What a reverse proxy in front says of it, and whether it is believed.
 */
import type { IncomingMessage } from 'node:http'
import { isIP, type Socket } from 'node:net'
import { createNetworks } from './limits/networks.ts'

declare module 'fastify' {
  interface FastifyInstance {
    readonly proxy: ProxyTrust
  }
}

export type Scheme = 'http' | 'https' | undefined

/** The parts of a request that show how it arrived. */
export interface Passage {
  readonly headers: IncomingMessage['headers']
  readonly socket: Pick<Socket, 'remoteAddress'> & {
    /** Came in by our own TLS. */
    readonly encrypted?: boolean
  }
}

export interface ProxyTrust {
  readonly trusts: (address: string) => boolean
  /** @returns whether the headers of a proxy count: it is a trusted one that connects */
  readonly believes: (request: Pick<Passage, 'socket'>) => boolean
  /** @returns what the client used, or undefined where no trusted proxy says and there is no TLS of our own */
  readonly schemeOf: (request: Passage) => Scheme
  /** @returns the address of the client, or of the last proxy that is not ours; empty where the connection is closed */
  readonly clientOf: (request: Passage) => string
}

/**
 * @param networks addresses or networks (10.0.0.0/8) of trusted proxies
 * @param tls the service listens on https too
 */
export function createProxyTrust(networks: readonly string[], tls = false): ProxyTrust {
  const trusted = createNetworks(networks)
  // Why undefined: a program that asks on a laptop has no https to be sent to.
  const plain: Scheme = tls ? 'http' : undefined
  const believes = ({ socket: { remoteAddress = '' } }: Pick<Passage, 'socket'>) => trusted.has(remoteAddress)
  return {
    trusts: trusted.has,
    believes,
    schemeOf(request) {
      const { headers, socket } = request
      const direct: Scheme = socket.encrypted === true ? 'https' : plain
      const said = headers['x-forwarded-proto']
      if (typeof said !== 'string' || !believes(request)) return direct
      // Why the last: each proxy appends its own, so only the last was written by the one that is trusted.
      const last = said.slice(said.lastIndexOf(',') + 1)
      const scheme = last.length > longestHop ? undefined : last.trim().toLowerCase()
      return scheme === 'http' || scheme === 'https' ? scheme : direct
    },
    clientOf(request) {
      const { remoteAddress = '' } = request.socket
      const said = request.headers['x-forwarded-for']
      return typeof said === 'string' && believes(request) ? lastStranger(said, remoteAddress) : remoteAddress
    }
  }

  /** Why from the end: each hop appends whom it saw, so a name is worth as much as the one behind it. */
  function lastStranger(said: string, peer: string): string {
    let known = peer
    for (let end = said.length, hops = 0; end >= 0 && hops < mostHops; hops++) {
      const start = said.lastIndexOf(',', end - 1)
      const hop = addressOf(said.slice(start + 1, end))
      if (hop === undefined) return known
      if (!trusted.has(hop)) return hop
      known = hop
      end = start
    }
    return known
  }
}

/** Why: a header of 16 kB has room for 2,000 hops, and no real chain of proxies is longer than this. */
const mostHops = 32

/** In characters: an address in brackets, with a port and some white space. */
const longestHop = 64

/** Observed: Azure's gateway writes a port behind the address, others brackets around IPv6. */
function addressOf(hop: string): string | undefined {
  if (hop.length > longestHop) return undefined
  const [, bracketed, dotted = hop.trim()] = /^\s*(?:\[(.*)\]|(\d[\d.]+))(?::\d{1,5})?\s*$/.exec(hop) ?? []
  const address = bracketed ?? dotted
  return isIP(address) === 0 ? undefined : address
}
