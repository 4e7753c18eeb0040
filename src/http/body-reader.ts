/**
 * Reads request bodies, up to a limit that may change while the service runs.
 *
 * Why not the reader of Fastify: it keeps the limit that it was made with.
 */
import type { FastifyContentTypeParser } from 'fastify'
import { errors, SignpostError } from '../errors.ts'

/**
 * @param limitOf bytes
 * @returns passes the body as a Buffer; AC_BODY_TOO_LARGE as soon as it exceeds the limit, AC_BAD_REQUEST if it ends early
 */
export function createBodyReader(limitOf: () => number): FastifyContentTypeParser {
  return (_request, payload, done) => {
    const limit = limitOf()
    const chunks: Buffer[] = []
    let length = 0

    function take(chunk: Buffer): void {
      length += chunk.length
      if (length <= limit) chunks.push(chunk)
      else end(errors.bodyTooLarge({ limit }))
    }

    function end(error?: Error): void {
      payload.off('data', take).off('end', end).off('error', end)
      if (error === undefined) done(null, Buffer.concat(chunks, length))
      else done(error instanceof SignpostError ? error : errors.badRequest({ cause: error }))
    }

    if (Number(payload.headers['content-length']) > limit) done(errors.bodyTooLarge({ limit }))
    else payload.on('data', take).on('end', end).on('error', end)
  }
}
