/**
 * What a listener allows before there is a request: times, sizes, connections. The same for http and https.
 */
import type { Server, ServerOptions } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Limits } from '../../settings/limits.ts'
import type { ClientKeys } from './client-keys.ts'

/** How often node looks for requests that take too long. Why: it looks every thirty seconds by itself. */
const lookMs = 1000

/** Requests that never become one, by the error of node:http; all others are 400. */
const unreadable: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout'
}

/** @returns options for `createServer` of node:http or node:https; `limitListener` does the rest */
export function listenerOptions(limits: Limits): ServerOptions {
  return {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersSeconds * 1000,
    requestTimeout: limits.requestSeconds * 1000,
    keepAliveTimeout: limits.keepAliveSeconds * 1000,
    connectionsCheckingInterval: lookMs
  }
}

/**
 * @param keyOf under which name a connection is counted, or undefined where it is not
 * @returns the same server
 */
export function limitListener<S extends Server>(server: S, limits: Limits, keyOf: ClientKeys): S {
  const { idleSeconds, connections, connectionsPerAddress } = limits
  server.setTimeout(idleSeconds * 1000)
  server.maxConnections = connections
  // Why: beyond a number node leaves headers out in silence, and those that a proxy adds stand at the end. Their bytes are
  // limited all the same.
  server.maxHeadersCount = 0
  server.on('clientError', refuseUnreadable)
  if (connectionsPerAddress > 0) limitEach(server, connectionsPerAddress, keyOf)
  return server
}

function limitEach(server: Server, most: number, keyOf: ClientKeys): void {
  const counts = new Map<string, { open: number }>()
  server.prependListener('connection', (socket: Socket) => {
    const [key] = keyOf(socket.remoteAddress) ?? []
    if (key === undefined) return
    const count = counts.get(key) ?? { open: 0 }
    if (count.open >= most) {
      socket.destroy()
      return
    }
    counts.set(key, count)
    count.open++
    socket.once('close', () => {
      count.open--
      if (count.open === 0) counts.delete(key)
    })
  })
}

function refuseUnreadable({ code = '' }: NodeJS.ErrnoException, socket: Duplex): void {
  const status = unreadable[code] ?? '400 Bad Request'
  if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
}
