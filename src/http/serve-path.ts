/**
 * One path: its own methods, OPTIONS, and 405 with Allow for all others (RFC 9110 15.5.6).
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Method } from '../dialects/dialect.ts'
import { document } from '../dialects/document.ts'
import { errors } from '../errors.ts'
import type { Admission } from './limits/admission.ts'
import type { Outcome } from './log/access-log.ts'
import { refusal } from './refusal.ts'
import { send } from './respond.ts'

export interface ServedPath {
  readonly url: string
  readonly methods: readonly Method[]
  /** Web pages of other origins may read the answer. */
  readonly crossOrigin: boolean
  /** Called before the body is read. */
  readonly onRequest?: Admission | undefined
  readonly handler: (request: FastifyRequest, reply: FastifyReply) => void | Promise<void>
  /** Called after OPTIONS and other methods. */
  readonly log: (request: FastifyRequest, outcome: Outcome) => void
}

export function servePath(app: FastifyInstance, served: ServedPath): void {
  const { url, methods, crossOrigin, onRequest, handler, log } = served
  const allowed = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ')
  const options = { allow: allowed, 'x-content-type-options': 'nosniff' }
  const preflight = document(204, { ...options, ...(crossOrigin && preflightHeaders(allowed)) }, '')
  const wrongMethod = refusal(errors.methodNotAllowed({ allowed }), { allow: allowed })
  const others = app.supportedMethods.filter(method => !allowed.split(', ').includes(method))
  app.route({ method: [...methods], url, handler, ...(onRequest && { onRequest }) })
  app.options(url, (request, reply) => {
    send(reply, preflight)
    log(request, 'answered')
  })
  app.route({
    method: others,
    url,
    handler: (request, reply) => {
      send(reply, wrongMethod)
      log(request, 'refused')
    }
  })
}

function preflightHeaders(allowed: string) {
  return {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': allowed,
    'access-control-max-age': '86400'
  }
}
