/**
 * Ends a connection on which the client may still be sending.
 *
 * Spec: RFC 9112 9.6: a server that closes such a connection at once resets it, and the reset can delete the answer before
 * the client has read it. So this side is closed first, and what still arrives is discarded, within limits.
 */
import type { Socket } from 'node:net'

/** Enough for what is on its way when the client learns of the end. */
const mostBytes = 256 * 1024

/** Time for the client to read the answer and to close its side. */
const mostMs = 2000

/** Sends what was written, and closes the connection: when the client does, sends too much, or takes too long. */
export function linger(socket: Socket): void {
  let left = mostBytes
  // Why: the HTTP parser must not see a further request.
  socket.removeAllListeners('data')
  socket.on('data', ({ length }: Buffer) => {
    left -= length
    if (left < 0) socket.destroy()
  })
  socket.resume()
  socket.end()
  const timer = setTimeout(() => socket.destroy(), mostMs)
  socket.once('close', () => clearTimeout(timer))
}
