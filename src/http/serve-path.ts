/**
 * One path: its own methods, OPTIONS, and 405 with Allow for all others (RFC 9110 15.5.6).
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Method } from '../dialects/dialect.ts'
import { type Document, document } from '../dialects/document.ts'
import { errors } from '../errors.ts'
import type { Admission } from './limits/admission.ts'
import { refusal } from './refusal.ts'

export interface ServedPath {
  readonly url: string
  readonly methods: readonly Method[]
  /** Web pages of other origins may read the answer. */
  readonly crossOrigin: boolean
  /** Called before the body is read. */
  readonly onRequest?: Admission | undefined
  readonly handler: (request: FastifyRequest, reply: FastifyReply) => void | Promise<void>
  /** Answers OPTIONS and other methods. */
  readonly respond: (request: FastifyRequest, reply: FastifyReply, document: Document) => void
}

export function servePath(app: FastifyInstance, served: ServedPath): void {
  const { url, methods, crossOrigin, onRequest, handler, respond } = served
  const allowed = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ')
  const options = { allow: allowed, 'x-content-type-options': 'nosniff' }
  const preflight = document(204, { ...options, ...(crossOrigin && preflightHeaders(allowed)) }, '')
  const wrongMethod = refusal(errors.methodNotAllowed({ allowed }), { allow: allowed })
  const others = app.supportedMethods.filter(method => !allowed.split(', ').includes(method))
  app.route({ method: [...methods], url, handler, ...(onRequest && { onRequest }) })
  app.options(url, (request, reply) => respond(request, reply, preflight))
  app.route({ method: others, url, handler: (request, reply) => respond(request, reply, wrongMethod) })
}

function preflightHeaders(allowed: string) {
  return {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': allowed,
    'access-control-max-age': '86400'
  }
}
