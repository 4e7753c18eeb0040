/**
 * Whether a request is let in, decided before its body is read: is there time for it, is its URL short enough, has its
 * client not asked too often.
 */
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { errors } from '../../errors.ts'
import type { Limits } from '../../settings/limits.ts'
import type { ProxyTrust } from '../proxy.ts'
import { refusal } from '../refusal.ts'
import type { Respond } from '../respond.ts'
import type { ClientKeys, ClientNames } from './client-keys.ts'
import { createPressure } from './pressure.ts'
import { createRate } from './rate.ts'
import type { RedisOptions } from './redis/redis.ts'
import { weights } from './weights.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose shares a request uses; undefined for a client without limits, and before admission. */
    client: ClientNames | undefined
  }
}

/** Calls `next`, or answers that the request is refused. */
export type Admission = (request: FastifyRequest, reply: FastifyReply, next: () => void) => void

export interface AdmissionHooks {
  /** For every request. */
  readonly admit: Admission
  /** For the requests of a route, after `admit`. @param weightOf how many usual requests one counts as, of `weights` */
  readonly weigh: (weightOf: (request: FastifyRequest) => number) => Admission
}

export interface AdmissionServices extends RedisOptions {
  readonly limits: Limits
  readonly proxy: ProxyTrust
  readonly keyOf: ClientKeys
  readonly respond: Respond
  /** The client's address, as it is logged. */
  readonly addressOf: (request: IncomingMessage) => string | undefined
}

const answered = { dialect: 'none' }

const overloaded = refusal(errors.overloaded(), { 'retry-after': '10' })

/** @param app must not be ready yet */
export function createAdmission(app: FastifyInstance, services: AdmissionServices): AdmissionHooks {
  const { limits, proxy, keyOf, respond } = services
  const urlTooLong = refusal(errors.urlTooLong({ limit: limits.urlBytes }))
  const isOverloaded = createPressure(app, limits)
  const secondsToWait = createRate(app, limits, services)
  const warnOfProxy = createProxyWarning(services)
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

  return {
    admit(request, reply, next) {
      const { raw } = request
      request.arrivedMs = performance.now()
      if (isOverloaded()) return respond(request, reply, overloaded, answered)
      if (request.originalUrl.length > limits.urlBytes) return respond(request, reply, urlTooLong, answered)
      request.client = keyOf(proxy.clientOf(raw))
      if (request.client === undefined) warnOfProxy(request)
      charge(weights.usual, request, reply, next)
    },
    weigh: weightOf => (request, reply, next) => {
      // Why the lesser: a page must not be out of reach where the limit is less than its weight. Why what is missing: every
      // request has been counted as a usual one before it came to its route.
      const missing = Math.min(weightOf(request), limits.rate.requests) - weights.usual
      if (missing > 0) charge(missing, request, reply, next)
      else next()
    }
  }
}

/** Why: the clients of a proxy that is not believed are counted as one, or not at all. */
function createProxyWarning({ proxy, logger, addressOf }: AdmissionServices): (request: FastifyRequest) => void {
  let warned = false
  return ({ raw }) => {
    if (warned || raw.headers['x-forwarded-for'] === undefined || proxy.believes(raw)) return
    warned = true
    const message = 'X-Forwarded-For came from an address that http.trustProxy does not name, and is not believed'
    logger.warn({ clientAddress: addressOf(raw) }, message)
  }
}
