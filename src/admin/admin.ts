/**
 * The admin service: health, metrics, reload, questions about certificates, and what hosting portals need. It has a separate listener, and none of its
 * paths exists on the public one.
 */
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import { type Document, document } from '../dialects/document.ts'
import { errors } from '../errors.ts'
import { createConnectionGate } from '../http/connections/connection-gate.ts'
import { createListener, type ListenerOptions } from '../http/connections/listener.ts'
import { createClientKeys } from '../http/limits/client-keys.ts'
import { leaveQueryUnread } from '../http/query-method.ts'
import { refusal } from '../http/refusal.ts'
import { servePath } from '../http/routes/serve-path.ts'
import { send } from '../http/send.ts'
import type { CurrentLimits } from '../settings/limits.ts'
import type { Finding } from '../settings/load/finding.ts'
import { perValue } from '../sources/per-table.ts'
import type { Readiness } from '../sources/readiness.ts'
import type { Metrics } from './metrics.ts'
import { servePortalDescription } from './portal/openapi.ts'
import { type PortalOptions, portalBodyBytes, servePortal } from './portal/portal.ts'
import type { TlsAsk } from './tls-ask.ts'

export interface AdminOptions {
  readonly metrics: Metrics
  /** The components that must be ready for `/readyz` to answer 200. */
  readonly readiness: readonly Readiness[]
  readonly reloader: { reload(): Promise<readonly Finding[]>; readonly pendingRestart: readonly string[] }
  readonly tlsAsk: Pick<TlsAsk, 'answer'>
  readonly portal: PortalOptions
  /** Limits of the public listeners. Their time limits apply here too. */
  readonly limitsOf: CurrentLimits
}

/** Enough for health probes, monitoring and proxies, and few compared with the public connections. */
const mostConnections = 250

const notFound = refusal(errors.notFound())
const badRequest = refusal(errors.badRequest())
const bodyTooLarge = refusal(errors.bodyTooLarge({ limit: portalBodyBytes }))
const internal = refusal(errors.internal())
const crossOrigin = refusal(errors.crossOrigin())
const unavailable = refusal(errors.unavailable(), { 'retry-after': '5' })

const respond = (_request: FastifyRequest, reply: FastifyReply, document: Document) => send(reply, document)

export function createAdmin({ metrics, readiness, reloader, tlsAsk, portal, limitsOf }: AdminOptions): FastifyInstance {
  const listenerOptions = toListenerOptions(limitsOf)
  const admin = fastify({
    serverFactory: handle => createListener(handle, listenerOptions),
    bodyLimit: portalBodyBytes,
    forceCloseConnections: true,
    // Why: a path of the console contains a domain, which may be percent-encoded.
    routerOptions: { maxParamLength: 3 * 254 },
    // Why empty: the listener itself answers malformed requests.
    clientErrorHandler: () => undefined,
    frameworkErrors: (_error, _request, reply) => send(reply, badRequest)
  })
  admin.decorate('listenerOptions', listenerOptions)
  leaveQueryUnread(admin)
  admin.removeAllContentTypeParsers()
  admin.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  admin.setErrorHandler(({ statusCode = 500 }: { statusCode?: number }, _request, reply) => {
    if (statusCode === 413) return send(reply, bodyTooLarge)
    send(reply, statusCode < 500 ? badRequest : internal)
  })
  admin.setNotFoundHandler((_request, reply) => send(reply, notFound))

  const get = (url: string, handler: (reply: FastifyReply, request: FastifyRequest) => void | Promise<void>) =>
    servePath(admin, {
      url,
      methods: ['GET'],
      crossOrigin: false,
      handler: (request, reply) => handler(reply, request),
      respond
    })

  get('/healthz', reply => sendJson(reply, 200, { alive: true }))

  get('/readyz', reply => {
    const now = Date.now()
    const states = readiness.map(each => [each.name, each.stateAt(now)] as const)
    const ready = states.every(([, state]) => state.ready)
    sendJson(reply, ready ? 200 : 503, { ready, parts: Object.fromEntries(states) })
  })

  get('/metrics', async reply => {
    const headers = { 'content-type': metrics.contentType, 'cache-control': 'no-store' }
    send(reply, document(200, headers, await metrics.text()))
  })

  get('/internal/tls-ask', async (reply, request) => {
    const { domain } = request.query as { domain?: unknown }
    if (typeof domain !== 'string') return send(reply, badRequest)
    const answer = await tlsAsk.answer(domain)
    if (answer === 'unavailable') return send(reply, unavailable)
    sendJson(reply, answer === 'served' ? 200 : 404, { served: answer === 'served' })
  })

  servePath(admin, {
    url: '/internal/reload',
    methods: ['POST'],
    crossOrigin: false,
    handler: async ({ headers }, reply) => {
      // Why: any web page in an administrator's browser could send this request to 127.0.0.1.
      if (headers.origin !== undefined) return send(reply, crossOrigin)
      const findings = await reloader.reload()
      const broken = findings.some(({ severity }) => severity === 'error')
      sendJson(reply, broken ? 422 : 200, { reloaded: !broken, pendingRestart: reloader.pendingRestart, findings })
    },
    respond
  })

  servePortal(admin, portal)
  servePortalDescription(admin)
  return admin
}

function toListenerOptions(limitsOf: CurrentLimits): ListenerOptions {
  const ownOf = perValue(limitsOf, limits => {
    const connections = Math.min(mostConnections, limits.connections)
    // Why no address is exempt: a peer in the private network could use up all connections and block the health probes.
    const rate = { ...limits.rate, allow: [] }
    return { ...limits, rate, bodyBytes: portalBodyBytes, connections, connectionsPerAddress: connections }
  })
  const keyOf = createClientKeys(ownOf, { trusts: () => false })
  return { limitsOf: ownOf, gate: createConnectionGate(ownOf, keyOf) }
}

function sendJson(reply: FastifyReply, status: number, value: object): void {
  const headers = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }
  send(reply, document(status, headers, `${JSON.stringify(value)}\n`))
}
