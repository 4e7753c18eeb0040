/**
 * The service for administrators and their machines: health, metrics, reload, certificates. It has a listener of its own, and nothing of
 * it is to be found on the public one.
 */
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import { document } from '../dialects/document.ts'
import { errors } from '../errors.ts'
import { createConnectionGate } from '../http/connections/connection-gate.ts'
import { createListener, type ListenerOptions } from '../http/connections/listener.ts'
import { createClientKeys } from '../http/limits/client-keys.ts'
import { refusal } from '../http/refusal.ts'
import { send } from '../http/respond.ts'
import { servePath } from '../http/serve-path.ts'
import type { Limits } from '../settings/limits.ts'
import type { Finding } from '../settings/load/finding.ts'
import type { Readiness } from '../sources/readiness.ts'
import type { Metrics } from './metrics/metrics.ts'
import type { TlsAsk } from './tls-ask.ts'

export interface AdminOptions {
  readonly metrics: Metrics
  readonly parts: readonly Readiness[]
  readonly reloader: { reload(): Promise<readonly Finding[]> }
  readonly tlsAsk: Pick<TlsAsk, 'judge'>
  /** Of the public listeners: the times hold here too. */
  readonly limits: Limits
}

/** Enough for health probes, monitoring and proxies, and few beside the public connections. */
const mostConnections = 250

const bodyBytes = 1024

const notFound = refusal(errors.notFound())
const badRequest = refusal(errors.badRequest())
const internal = refusal(errors.internal())
const crossOrigin = refusal(errors.crossOrigin())
const unavailable = refusal(errors.unavailable(), { 'retry-after': '5' })

const noLog = () => undefined

export function createAdmin({ metrics, parts, reloader, tlsAsk, limits }: AdminOptions): FastifyInstance {
  const listenerOptions = toListenerOptions(limits)
  const admin = fastify({
    serverFactory: handle => createListener(handle, listenerOptions),
    bodyLimit: bodyBytes,
    forceCloseConnections: true,
    // Why nothing: the listener answers what never becomes a request.
    clientErrorHandler: () => undefined,
    frameworkErrors: (_error, _request, reply) => send(reply, badRequest)
  })
  admin.decorate('listenerOptions', listenerOptions)
  admin.removeAllContentTypeParsers()
  admin.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  admin.setErrorHandler(({ statusCode = 500 }: { statusCode?: number }, _request, reply) => {
    send(reply, statusCode < 500 ? badRequest : internal)
  })
  admin.setNotFoundHandler((_request, reply) => send(reply, notFound))

  const get = (url: string, handler: (reply: FastifyReply, request: FastifyRequest) => void | Promise<void>) =>
    servePath(admin, {
      url,
      methods: ['GET'],
      crossOrigin: false,
      handler: (request, reply) => handler(reply, request),
      log: noLog
    })

  get('/healthz', reply => tell(reply, 200, { alive: true }))

  get('/readyz', reply => {
    const now = Date.now()
    const states = parts.map(part => [part.name, part.stateAt(now)] as const)
    const ready = states.every(([, state]) => state.ready)
    tell(reply, ready ? 200 : 503, { ready, parts: Object.fromEntries(states) })
  })

  get('/metrics', async reply => {
    const headers = { 'content-type': metrics.contentType, 'cache-control': 'no-store' }
    send(reply, document(200, headers, await metrics.text()))
  })

  get('/internal/tls-ask', async (reply, request) => {
    const { domain } = request.query as { domain?: unknown }
    if (typeof domain !== 'string') return send(reply, badRequest)
    const verdict = await tlsAsk.judge(domain)
    if (verdict === 'unavailable') return send(reply, unavailable)
    tell(reply, verdict === 'served' ? 200 : 404, { served: verdict === 'served' })
  })

  servePath(admin, {
    url: '/internal/reload',
    methods: ['POST'],
    crossOrigin: false,
    handler: async ({ headers }, reply) => {
      // Why: any web page that an administrator looks at could ask it of 127.0.0.1.
      if (headers.origin !== undefined) return send(reply, crossOrigin)
      const findings = await reloader.reload()
      const broken = findings.some(({ severity }) => severity === 'error')
      tell(reply, broken ? 422 : 200, { reloaded: !broken, findings })
    },
    log: noLog
  })
  return admin
}

function toListenerOptions(limits: Limits): ListenerOptions {
  const connections = Math.min(mostConnections, limits.connections)
  const own = { ...limits, bodyBytes, connections, connectionsPerAddress: connections }
  // Why no address is exempt: a neighbour in a private network could take all connections from the health probes.
  const keyOf = createClientKeys({ rate: { ...limits.rate, allow: [] } }, { trusts: () => false })
  return { limits: own, gate: createConnectionGate(own, keyOf) }
}

function tell(reply: FastifyReply, status: number, told: object): void {
  const headers = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }
  send(reply, document(status, headers, `${JSON.stringify(told)}\n`))
}
