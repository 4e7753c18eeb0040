/**
 * Stops a server without cutting off who is being answered.
 */
import type { FastifyInstance } from 'fastify'

/** How often connections are looked at that have become idle. */
const lookMs = 50

/** @returns when every connection is closed: at once where it is idle, else after its answer, at last after `boundMs` */
export async function drain(app: FastifyInstance, boundMs: number): Promise<void> {
  // Why: node closes the connections that are idle now; one that falls idle later would be kept alive for its next request.
  const idle = setInterval(() => app.server.closeIdleConnections(), lookMs)
  const late = setTimeout(() => app.server.closeAllConnections(), boundMs)
  await app.close()
  clearInterval(idle)
  clearTimeout(late)
}
