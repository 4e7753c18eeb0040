/**
 * Sends documents. Bodies that are ready in one turn of the event loop are written one after the other at its end.
 *
 * Why together: a write wakes the process that reads the other end, a proxy on the same machine for example. If each response
 * is written as soon as it is ready, that process falls asleep again before the next one, and waking it takes longer than the
 * rest of the write. A POX request takes 28 µs of processor time instead of 46, and an autoconfig request 21 instead of 26
 * (64 connections, medians of three starts, Node 24.21, 2026-12-01). Redis writes its replies in the same way, before it waits for new requests.
 */
import type { ServerResponse } from 'node:http'
import type { FastifyReply } from 'fastify'
import { createBatch } from '../batch.ts'
import type { Document } from '../dialects/document.ts'

/** Why so few: while pages are made, which take up to 0.5 ms each, the first response must not wait long for the last one. */
const mostWaiting = 32

/** In characters. Why longer bodies do not wait: pages for an address have about 40,000, and 32 of them took 100 MiB more memory. */
const mostLength = 24_000

interface Waiting {
  readonly response: ServerResponse
  readonly body: string | Buffer
  readonly encoding: BufferEncoding
}

const write = createBatch<Waiting>(bodies => {
  for (const { response, body, encoding } of bodies) response.end(body, encoding)
}, mostWaiting)

/**
 * Sends a document, and nothing else: at the latest when the event loop has handled all events that it has received.
 *
 * Why not `reply.send` and an `onResponse` hook: an autoconfig request takes 26.0 µs of processor time this way, 30.4 µs with
 * `reply.code().headers().send()`, and 31.1 µs if a hook writes the log, too. A 404 takes 25.7, 27.3 and 26.3 µs (the least
 * of twelve rounds each, before responses were written together; Node 24.21 and Fastify 5.12, 2026-11-30). Besides, Fastify
 * calls no `onResponse` hook for a client that closes its connection before the answer, and such requests must be logged and
 * counted.
 *
 * @throws for headers that HTTP does not allow
 */
export function send(reply: FastifyReply, { status, headers, body }: Document<string | Buffer>): void {
  reply.hijack()
  const response = reply.raw.writeHead(status, headers)
  // Why: a text with as many bytes as characters is ASCII, and node copies that instead of encoding it.
  const encoding = headers['content-length'] === body.length ? 'latin1' : 'utf8'
  if (body.length > mostLength) response.end(body, encoding)
  else write({ response, body, encoding })
}
