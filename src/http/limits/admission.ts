/**
 * Whether a request is let in, decided before its body is read: is there time for it, is its URL short enough, has its
 * client not asked too often.
 */
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { fastifyPlugin } from 'fastify-plugin'
import { errors } from '../../errors.ts'
import type { CurrentLimits } from '../../settings/limits.ts'
import { perValue } from '../../sources/per-table.ts'
import type { ProxyTrust } from '../proxy.ts'
import { refusal } from '../refusal.ts'
import type { ClientKeys, ClientNames } from './client-keys.ts'
import { createPressure } from './pressure.ts'
import { createRate, weights } from './rate.ts'
import type { RedisOptions } from './redis/redis.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** The hook for every request. It runs by itself, except for requests that Fastify refuses before its hooks. */
    readonly admit: Admission
    /**
     * Makes a hook for the requests of one route, which runs after `admit`.
     * @param weightOf how many usual requests one counts as, of `weights`
     */
    readonly weigh: (weightOf: (request: FastifyRequest) => number) => Admission
  }
  interface FastifyRequest {
    /** Whose shares a request uses; undefined for a client without limits, and before admission. */
    client: ClientNames | undefined
  }
}

/** Calls `next`, or answers that the request is refused. */
export type Admission = (request: FastifyRequest, reply: FastifyReply, next: () => void) => void

export interface AdmissionOptions extends RedisOptions {
  readonly limitsOf: CurrentLimits
  readonly keyOf: ClientKeys
  /** The client's address, as it is logged. */
  readonly addressOf: (request: IncomingMessage) => string | undefined
}

const answered = { dialect: 'none' }

const overloaded = refusal(errors.overloaded(), { 'retry-after': '10' })

/** Needs the decorators `proxy` and `respond`. */
export const admission = fastifyPlugin(async (app: FastifyInstance, options: AdmissionOptions) => {
  const { proxy, respond } = app
  const { limitsOf, keyOf } = options
  const urlTooLongOf = perValue(limitsOf, ({ urlBytes }) => refusal(errors.urlTooLong({ limit: urlBytes })))
  const isOverloaded = createPressure(app, limitsOf)
  const secondsToWait = createRate(app, limitsOf, options)
  const warnOfProxy = createProxyWarning(proxy, options)
  app.decorateRequest('client', undefined)
  app.decorateRequest('arrivedMs', 0)

  /** Counts the request as so many of its client, and of the networks around it. */
  function charge(weight: number, request: FastifyRequest, reply: FastifyReply, next: () => void): void {
    const { client } = request
    const wait = client === undefined ? 0 : secondsToWait(client, weight)
    if (wait === 0) next()
    else if (typeof wait === 'number') refuse(wait, request, reply)
    else wait.then(seconds => (seconds === 0 ? next() : refuse(seconds, request, reply)))
  }

  function refuse(seconds: number, request: FastifyRequest, reply: FastifyReply): void {
    warnOfProxy(request)
    const headers = { 'retry-after': String(seconds) }
    respond(request, reply, refusal(errors.tooManyRequests(), headers), answered)
  }

  const admit: Admission = (request, reply, next) => {
    request.arrivedMs = performance.now()
    if (isOverloaded()) return respond(request, reply, overloaded, answered)
    if (request.originalUrl.length > limitsOf().urlBytes) return respond(request, reply, urlTooLongOf(), answered)
    request.client = keyOf(proxy.clientOf(request.raw))
    if (request.client === undefined) warnOfProxy(request)
    charge(weights.usual, request, reply, next)
  }

  app.decorate('admit', admit)
  app.decorate('weigh', weightOf => (request, reply, next) => {
    // Why the minimum: if the limit is less than the weight of a page, the page must still be reachable. Why the difference: every
    // request has already been counted with the usual weight.
    const missing = Math.min(weightOf(request), limitsOf().rate.requests) - weights.usual
    if (missing > 0) charge(missing, request, reply, next)
    else next()
  })
  app.addHook('onRequest', admit)
})

/** Why: the clients of a proxy that is not believed are counted as one, or not at all. */
function createProxyWarning(
  proxy: ProxyTrust,
  { logger, addressOf }: Pick<AdmissionOptions, 'logger' | 'addressOf'>
): (request: FastifyRequest) => void {
  let warned = false
  return ({ raw }) => {
    if (warned || raw.headers['x-forwarded-for'] === undefined || proxy.believes(raw)) return
    warned = true
    const message = 'X-Forwarded-For came from an address that http.trustProxy does not name, and is not believed'
    logger.warn({ clientAddress: addressOf(raw) }, message)
  }
}
