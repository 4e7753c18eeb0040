/**
 * An HTTP server with the limits of what happens before there is a request, and between requests: times, sizes,
 * connections. Plain and decrypted connections have the same ones.
 */
import type { IncomingMessage, RequestListener, Server, ServerOptions } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Logger } from 'pino'
import type { CurrentLimits, Limits } from '../../settings/limits.ts'
import { perValue } from '../../sources/per-table.ts'
import { surviveAcceptErrors } from './accept-errors.ts'
import { type ConnectionClock, createConnectionClock } from './connection-clock.ts'
import type { ConnectionGate } from './connection-gate.ts'
import { closeIfUnread } from './early-answer.ts'
import { linger } from './linger.ts'
import type { AcceptProxied } from './proxied-connections.ts'
import { framingRefusal } from './request-framing.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Of its server, for further listeners that hand connections to it. */
    readonly listenerOptions: ListenerOptions
  }
}

export interface Refused {
  readonly status: number
  /** By `performance.now()`. */
  readonly arrivedMs: number
}

export interface ListenerOptions {
  readonly limitsOf: CurrentLimits
  /** Shared by all listeners that serve the same purpose. */
  readonly gate: ConnectionGate
  /** Accepts connections in place of the gate, if they begin with a PROXY protocol header. */
  readonly acceptProxied?: AcceptProxied | undefined
  /** Told when connections cannot be accepted. */
  readonly logger?: Pick<Logger, 'warn'>
  /** Called after a request has been refused because its recipient or version is in doubt. */
  readonly refused?: ((request: IncomingMessage, refused: Refused) => void) | undefined
}

// Why not imported: an import of node:http also loads what fetch and WebSocket need: 40 ms of the start and 13 MiB.
const { createServer } = process.getBuiltinModule('node:http')

/** How often node looks for requests that take too long. Why: its default is thirty seconds. */
const lookMs = 1000

/** Requests that a client may send before the first of them is answered. No mail program sends more than one. */
const mostWaiting = 64

/** Requests that never become one, by the error of node:http; all others are 400. */
const unreadable: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Content Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout'
}

/** @param handle answers requests that are well-formed */
export function createListener(
  handle: RequestListener,
  { limitsOf, gate, acceptProxied, logger, refused }: ListenerOptions
): Server {
  const server = createServer(serverOptions(limitsOf()))
  if (acceptProxied) receiveProxied(server, acceptProxied)
  else {
    server.on('connection', (socket: MaybeEncrypted) => {
      // Why: a decrypted connection was counted when it was accepted.
      if (socket.encrypted !== true && !gate.admit(socket)) socket.destroy()
    })
  }
  const follow = perValue(limitsOf, limits => applyLimits(server, limits))
  // Why first: node makes the parser of a connection with the limits of the server.
  server.prependListener('connection', follow)
  server.on('drop', () => {
    follow()
    gate.countDropped()
  })
  // Why: above this number, Node silently drops headers, and a proxy adds its headers at the end. The limit of their bytes still
  // applies.
  server.maxHeadersCount = 0
  surviveAcceptErrors(server, logger)
  const clock = createConnectionClock(server, limitsOf)
  const answer = guard(handle, clock, { refused, follow })
  server.on('request', answer)
  server.on('checkContinue', (request, response) => {
    if (!isTooLong(request, limitsOf())) response.writeContinue()
    answer(request, response)
  })
  // Why: an unknown expectation may be ignored (RFC 9110 10.1.1), and node's own answer would pass by every limit.
  server.on('checkExpectation', answer)
  server.on('clientError', (error, socket) => refuseUnreadable(error, socket, clock))
  return server
}

interface MaybeEncrypted extends Socket {
  readonly encrypted?: boolean
}

/** Why node's own listener is called later: it would read a PROXY protocol header as a request. */
function receiveProxied(server: Server, acceptProxied: AcceptProxied): void {
  const listeners = server.listeners('connection')
  server.removeAllListeners('connection')
  const serve = (socket: Socket) => {
    for (const each of listeners) each.call(server, socket)
  }
  server.on('connection', (socket: MaybeEncrypted) => {
    if (socket.encrypted === true) serve(socket)
    else {
      acceptProxied(socket, () => {
        serve(socket)
        socket.resume()
      })
    }
  })
}

function serverOptions(limits: Limits): ServerOptions {
  return {
    connectionsCheckingInterval: lookMs,
    // Why: `framingRefusal` looks at it, and its answer is like all others.
    requireHostHeader: false,
    // Why: a peer that has vanished never closes its connection. Why the limit at the start is enough: the clock, too, closes
    // such connections.
    keepAlive: true,
    keepAliveInitialDelay: limits.idleSeconds * 1000,
    // Why: a request without a body needs no stream for one. This saves 4 µs of processor time (15 %) for each autoconfig
    // request (Node 24.21, 2026-11-30). Node 22 ignores the option.
    optimizeEmptyRequests: true
  }
}

/** Open connections keep the size of their headers, and their time until a next request. */
function applyLimits(server: Server, limits: Limits): void {
  server.timeout = limits.idleSeconds * 1000
  server.headersTimeout = limits.headersSeconds * 1000
  server.requestTimeout = limits.requestSeconds * 1000
  server.keepAliveTimeout = limits.keepAliveSeconds * 1000
  // Why in addition to the gate: node closes these without creating a socket.
  server.maxConnections = limits.connections
  // Observed: node 22 to 26 read this property, which its types leave out, for each new connection.
  Object.assign(server, { maxHeaderSize: limits.headerBytes })
}

function isTooLong({ headers }: IncomingMessage, { bodyBytes }: Limits): boolean {
  return Number(headers['content-length']) > bodyBytes
}

function guard(
  handle: RequestListener,
  clock: ConnectionClock,
  { refused, follow }: Pick<ListenerOptions, 'refused'> & { readonly follow: () => void }
): RequestListener {
  return (request, response) => {
    follow()
    if (clock.begin(response) > mostWaiting) {
      request.socket.destroy()
      return
    }
    if (hasBody(request)) closeIfUnread(request, response)
    // Why: the stream of a missing body has ended already (`optimizeEmptyRequests`), but Fastify waits for its end if there is
    // a type.
    else request.headers['content-type'] = undefined
    const status = framingRefusal(request)
    if (status === undefined) return handle(request, response)
    response.writeHead(status, { connection: 'close', 'content-length': 0 }).end()
    refused?.(request, { status, arrivedMs: performance.now() })
  }
}

/** Spec: RFC 9112 6.3: without these headers, a request has no body. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined
}

function refuseUnreadable({ code }: NodeJS.ErrnoException, duplex: Duplex, clock: ConnectionClock): void {
  const socket = duplex as Socket
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const status = unreadable[String(code)] ?? '400 Bad Request'
  const refuse = () => {
    socket.write(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
    linger(socket)
  }
  const earlier = clock.unfinished(socket)
  if (earlier === undefined) refuse()
  else {
    // Why: before the answer to an earlier request, this would be taken for it.
    socket.pause()
    earlier.once('finish', refuse)
  }
}
