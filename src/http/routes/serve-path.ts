/**
 * One path: its own methods, OPTIONS, and 405 with Allow for all others (RFC 9110 15.5.6).
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Method } from '../../dialects/dialect.ts'
import { type Document, document } from '../../dialects/document.ts'
import { preflightHeaders } from '../../dialects/preflight.ts'
import { errors } from '../../errors.ts'
import { type Awaitable, follow } from '../../settings/question/resolution-order.ts'
import type { Admission } from '../limits/admission.ts'
import { refusal, unavailable } from '../refusal.ts'

export interface ServedPath {
  readonly url: string
  readonly methods: readonly Method[]
  /** All methods get the answer of `handler`, including OPTIONS unless it is a CORS preflight. Default: false. */
  readonly everyMethod?: boolean | undefined
  /** Web pages of other origins may read the answer. */
  readonly crossOrigin: boolean
  /** Called before the body is read. */
  readonly onRequest?: Admission | undefined
  readonly handler: (request: FastifyRequest, reply: FastifyReply) => void | Promise<void>
  /**
   * Whether the requested host serves the path: otherwise OPTIONS is 404. Default: every host does.
   * It rejects with AC_UNAVAILABLE if that cannot be known now
   */
  readonly isServed?: ((request: FastifyRequest) => Awaitable<boolean>) | undefined
  /** Answers OPTIONS and other methods. */
  readonly respond: (request: FastifyRequest, reply: FastifyReply, document: Document) => void
}

const notServed = refusal(errors.notFound())

export function servePath(app: FastifyInstance, served: ServedPath): void {
  const { url, methods, everyMethod = false, crossOrigin, onRequest, handler, isServed, respond } = served
  const own = everyMethod ? app.supportedMethods.filter(method => method !== 'OPTIONS') : methods
  const allowed = [...new Set([...own, ...(own.includes('GET') ? ['HEAD'] : []), 'OPTIONS'])]
  const allow = allowed.join(', ')
  const description = document(
    204,
    { allow, 'x-content-type-options': 'nosniff', ...(crossOrigin && preflightHeaders(allow)) },
    ''
  )
  const describe = (request: FastifyRequest, reply: FastifyReply) =>
    follow(isServed?.(request) ?? true, is => respond(request, reply, is ? description : notServed))
  app.route({ method: [...own], url, handler, ...(onRequest && { onRequest }) })
  app.options(url, (request, reply) => {
    if (everyMethod && request.headers['access-control-request-method'] === undefined) return handler(request, reply)
    const described = describe(request, reply)
    return described?.catch(error => respond(request, reply, unavailable(error)))
  })
  const others = app.supportedMethods.filter(method => !allowed.includes(method))
  const wrongMethod = refusal(errors.methodNotAllowed({ allowed: allow }), { allow })
  if (others.length > 0) {
    app.route({ method: others, url, handler: (request, reply) => respond(request, reply, wrongMethod) })
  }
}
