/**
 * A document onto the wire.
 */
import type { FastifyReply } from 'fastify'
import type { Document } from '../dialects/document.ts'

/** Why past reply.send: its serialising, hooks and header copying cost a tenth of a request that needs none of them. */
export function send(reply: FastifyReply, { status, headers, body }: Document<string | Buffer>): void {
  reply.hijack()
  reply.raw.writeHead(status, headers)
  if (typeof body !== 'string') {
    reply.raw.end(body)
    return
  }
  // Why: a text with as many bytes as characters is ASCII, and node copies that instead of encoding it.
  reply.raw.end(body, headers['content-length'] === body.length ? 'latin1' : 'utf8')
}
