/**
 * A document onto the wire.
 */
import type { FastifyReply } from 'fastify'
import type { Document } from '../dialects/document.ts'

/** Why past reply.send: its serialising, hooks and header copying cost a tenth of a request that needs none of them. */
export function send(reply: FastifyReply, { status, headers, body }: Document): void {
  reply.hijack()
  reply.raw.writeHead(status, headers)
  reply.raw.end(body)
}
