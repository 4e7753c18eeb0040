/**
 * The service for administrators and their machines: health, metrics, reload, certificates. It has a listener of its own, and nothing of
 * it is to be found on the public one.
 */
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import { document } from '../dialects/document.ts'
import { errors } from '../errors.ts'
import { refusal } from '../http/refusal.ts'
import { send } from '../http/respond.ts'
import { servePath } from '../http/serve-path.ts'
import type { Finding } from '../settings/load/finding.ts'
import type { Readiness } from '../sources/readiness.ts'
import type { Metrics } from './metrics/metrics.ts'
import type { TlsAsk } from './tls-ask.ts'

export interface AdminOptions {
  readonly metrics: Metrics
  readonly parts: readonly Readiness[]
  readonly reloader: { reload(): readonly Finding[] }
  readonly tlsAsk: Pick<TlsAsk, 'judge'>
}

const notFound = refusal(errors.notFound())
const badRequest = refusal(errors.badRequest())
const crossOrigin = refusal(errors.crossOrigin())
const unavailable = refusal(errors.unavailable(), { 'retry-after': '5' })

const noLog = () => undefined

export function createAdmin({ metrics, parts, reloader, tlsAsk }: AdminOptions): FastifyInstance {
  const admin = fastify({ bodyLimit: 1024, requestTimeout: 10_000, forceCloseConnections: true })
  admin.removeAllContentTypeParsers()
  admin.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
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
    handler: ({ headers }, reply) => {
      // Why: any web page that an administrator looks at could ask it of 127.0.0.1.
      if (headers.origin !== undefined) return send(reply, crossOrigin)
      const findings = reloader.reload()
      const broken = findings.some(({ severity }) => severity === 'error')
      tell(reply, broken ? 422 : 200, { reloaded: !broken, findings })
    },
    log: noLog
  })
  return admin
}

function tell(reply: FastifyReply, status: number, told: object): void {
  const headers = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }
  send(reply, document(status, headers, `${JSON.stringify(told)}\n`))
}
