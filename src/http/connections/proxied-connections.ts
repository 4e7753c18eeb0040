/**
 * Accepts connections that a trusted proxy passes on with the PROXY protocol. From then on, `remoteAddress` of a socket is the
 * address of the proxy's client, for every limit and for the log.
 *
 * Spec: https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt, 2: the receiver must not guess whether there is a header,
 * since anyone could forge an address otherwise. So every connection needs one, and only trusted proxies may connect.
 */
import type { Socket } from 'node:net'
import type { Logger } from 'pino'
import type { CurrentLimits } from '../../settings/limits.ts'
import type { ProxyRefusal, ProxyRefusals } from '../log/tally.ts'
import type { ProxyTrust } from '../proxy.ts'
import type { ConnectionGate } from './connection-gate.ts'
import { mostHeaderStart, type ProxyHeader, readProxyHeader } from './proxy-header.ts'

/** A socket whose header has been read. */
interface ProxiedSocket extends Socket {
  /** In bytes. */
  proxyHeaderLength?: number
}

/**
 * Calls `next` when the header of a connection has been read and the limits have room for its client; otherwise closes the
 * connection. The socket is then paused, and its next bytes are those behind the header.
 */
export type AcceptProxied = (socket: Socket, next: () => void) => void

export interface ProxiedOptions extends Pick<ProxyTrust, 'trusts'> {
  readonly limitsOf: CurrentLimits<'headersSeconds'>
  readonly gate: ConnectionGate
  /** Told of the first refusal for each reason. */
  readonly logger: Pick<Logger, 'warn'>
  /** Incremented. */
  readonly refusals?: ProxyRefusals | undefined
}

const messages: Readonly<Record<ProxyRefusal, string>> = {
  untrusted: 'closed a connection from an address that http.trustProxy does not name, as http.proxyProtocol demands',
  missing:
    'closed a connection that does not begin with a PROXY protocol header: let the proxy send one (send-proxy-v2 in HAProxy, proxy_protocol on in nginx), or remove http.proxyProtocol',
  invalid: 'closed a connection with an invalid PROXY protocol header',
  timeout: 'closed a connection whose PROXY protocol header did not arrive within limits.headersSeconds'
}

export function createAcceptProxied({ limitsOf, gate, trusts, logger, refusals }: ProxiedOptions): AcceptProxied {
  const logged = new Set<ProxyRefusal>()

  function refuse(socket: Socket, reason: ProxyRefusal): void {
    socket.destroy()
    if (refusals) refusals[reason] += 1
    if (logged.has(reason)) return
    logged.add(reason)
    logger.warn({ reason }, messages[reason])
  }

  return (socket, next) => {
    const { remoteAddress } = socket
    // Why without a refusal: the peer has closed the connection already.
    if (remoteAddress === undefined) socket.destroy()
    else if (!trusts(remoteAddress)) refuse(socket, 'untrusted')
    // Why before the header: without it, a proxy could hold any number of connections.
    else if (!gate.admit(socket)) socket.destroy()
    else {
      receiveHeader(socket, {
        boundMs: limitsOf().headersSeconds * 1000,
        refuse: reason => refuse(socket, reason),
        accept({ source }) {
          if (source !== undefined) setRemoteAddress(socket, source)
          if (source === undefined || gate.attribute(socket)) next()
          else socket.destroy()
        }
      })
    }
  }
}

interface Receiving {
  readonly boundMs: number
  readonly accept: (header: ProxyHeader) => void
  readonly refuse: (reason: ProxyRefusal) => void
}

function receiveHeader(socket: ProxiedSocket, { boundMs, accept, refuse }: Receiving): void {
  const start = Buffer.alloc(mostHeaderStart)
  let received = 0
  const timer = setTimeout(() => refuse('timeout'), boundMs)

  function release(): void {
    clearTimeout(timer)
    socket.off('data', receive).off('end', close).off('error', close).off('close', release)
  }

  function close(): void {
    socket.destroy()
  }

  function receive(chunk: Buffer): void {
    chunk.copy(start, received)
    const before = received
    received += chunk.length
    const header = readProxyHeader(start.subarray(0, received))
    if (typeof header !== 'object') {
      if (header !== 'incomplete') refuse(header)
      return
    }
    // Why nothing is kept: TLVs may have 64 KiB, and none of them is used.
    if (received < header.length) return
    release()
    // Why paused: the next reader of the connection must get the bytes behind the header first.
    socket.pause()
    const rest = chunk.subarray(header.length - before)
    if (rest.length > 0) socket.unshift(rest)
    socket.proxyHeaderLength = header.length
    accept(header)
  }

  socket.on('data', receive).on('end', close).on('error', close).on('close', release)
}

/** Replaces the address of the peer by the address of the client. */
export function setRemoteAddress(socket: Socket, remoteAddress: string | undefined): void {
  Object.defineProperty(socket, 'remoteAddress', { value: remoteAddress })
}

/** @returns whether a connection has not sent anything, apart from its PROXY protocol header */
export function isSilent(socket: ProxiedSocket): boolean {
  return socket.bytesRead === (socket.proxyHeaderLength ?? 0)
}
