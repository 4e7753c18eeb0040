/**
 * Answers that are given before the request has arrived completely, such as 413 and 429.
 *
 * Why they close the connection: node:http would read the rest of the body, however long, to find the next request.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { linger } from './linger.ts'

/** The longest body that is read although it is not wanted: that takes less than a new connection. */
const cheapBytes = 16 * 1024

/** Announces `connection: close` unless the body is read to its end before the answer, or is short. */
export function closeIfUnread(request: IncomingMessage, response: ServerResponse): void {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers
  if (encoding === undefined && Number(length) <= cheapBytes) return
  // Why: a server that is about to stop has announced it already, and that must not be taken back.
  if (response.hasHeader('connection')) return
  const { socket } = request
  response.setHeader('connection', 'close')
  // Why: node calls it after the last answer, and would reset the connection while the client is sending.
  socket.destroySoon = () => linger(socket)
  request.once('end', () => {
    if (response.headersSent) return
    response.removeHeader('connection')
    Reflect.deleteProperty(socket, 'destroySoon')
  })
}
