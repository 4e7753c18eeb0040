/**
 * The public service: its plugins, and the services that they share. It does not listen: `serve/listeners.ts` and tests do that.
 */
import type { IncomingMessage } from 'node:http'
import { type FastifyInstance, fastify } from 'fastify'
import type { Logger } from 'pino'
import { errors, SignpostError } from './errors.ts'
import { createBodyReader } from './http/body-reader.ts'
import { createConnectionGate } from './http/connections/connection-gate.ts'
import { createListener, type Refused } from './http/connections/listener.ts'
import { createAcceptProxied } from './http/connections/proxied-connections.ts'
import { admission } from './http/limits/admission.ts'
import { createClientKeys } from './http/limits/client-keys.ts'
import { type AccessLog, createAccessLog } from './http/log/access-log.ts'
import { createLoggedAddress } from './http/log/client-address.ts'
import { clientFamily } from './http/log/client-family.ts'
import type { Tally } from './http/log/tally.ts'
import { noSchemas } from './http/no-schemas.ts'
import { createProxyTrust } from './http/proxy.ts'
import { leaveQueryUnread } from './http/query-method.ts'
import { refusal } from './http/refusal.ts'
import { toOriginForm } from './http/request-target.ts'
import { createRespond } from './http/respond.ts'
import { challengeRoute } from './http/routes/challenge-route.ts'
import { openapiRoute } from './http/routes/openapi.ts'
import { dialectRoutes } from './http/routes/serve-dialect.ts'
import { pageRoutes } from './http/routes/serve-web.ts'
import { createSigner } from './http/signer.ts'
import type { Signing } from './keys/signing.ts'
import { limitsShare, toLimits } from './settings/limits.ts'
import { toSite } from './settings/question/account.ts'
import { partOfTable, perTable } from './sources/per-table.ts'
import type { Source } from './sources/source.ts'

export interface AppOptions {
  readonly source: Source
  readonly logger: Logger
  /** The key for profiles, if the settings have `signing`. */
  readonly signing?: Pick<Signing, 'keyAt'>
  /** Counts requests and connections for the metrics. */
  readonly tally?: Tally
  /** Reads the password for the Redis of `limits.rate`; undefined: that in its URL, if there is one. */
  readonly redisPassword?: () => string | undefined
  /** Answers challenges of a certificate authority; undefined for unknown tokens. Default: no such path. */
  readonly challengeOf?: ((token: string) => Promise<string | undefined>) | undefined
  /** How many processes like this one share the limits. */
  readonly workers?: number
  /** How many connections the process can have, even if the limits allow more. Default: any number. */
  readonly mostConnections?: number
}

/** Spec: RFC 4918 9, RFC 3253 3.6, RFC 3744 8.1, RFC 5323 2, RFC 4791 5.3.1. Other methods that Fastify does not know are 404. */
const davMethods = [
  ...['PROPFIND', 'PROPPATCH', 'REPORT', 'SEARCH', 'ACL'],
  ...['MKCOL', 'MKCALENDAR', 'COPY', 'MOVE', 'LOCK', 'UNLOCK']
]

const noSigning: Pick<Signing, 'keyAt'> = { keyAt: () => undefined }

const notFound = refusal(errors.notFound())
const answered = { dialect: 'none' }

/** Reads `http` of the table once. Providers, `limits` and `log` are those of the current table at every request. */
export function createApp(options: AppOptions): FastifyInstance {
  const {
    source,
    logger,
    signing = noSigning,
    tally,
    workers = 1,
    redisPassword,
    mostConnections,
    challengeOf
  } = options
  const { http = {} } = source.table.settings
  const limitsOf = partOfTable(source, ({ settings }) =>
    limitsShare(toLimits(settings.limits), workers, { mostConnections })
  )
  const accessOf = perTable(source, ({ settings }) => createAccessLog(logger, settings.log, tally))
  const access: AccessLog = (each, started) => accessOf()(each, started)
  const proxy = createProxyTrust(http.trustProxy ?? [], http.tls !== undefined)
  const loggedAddressOf = perTable(source, ({ settings }) =>
    createLoggedAddress<IncomingMessage>(settings.log, proxy.clientOf)
  )
  const addressOf = (request: IncomingMessage) => loggedAddressOf()(request)
  const keyOf = createClientKeys(limitsOf, proxy)
  const gate = createConnectionGate(limitsOf, keyOf, { connectionCounts: tally?.connections })
  const { trusts } = proxy
  const acceptProxied =
    http.proxyProtocol === true
      ? createAcceptProxied({ limitsOf, gate, trusts, logger, refusals: tally?.proxyRefusals })
      : undefined
  const listenerOptions = {
    limitsOf,
    gate,
    acceptProxied,
    logger,
    refused
  }
  const app = fastify({
    serverFactory: handle => createListener(handle, listenerOptions),
    schemaController: noSchemas,
    forceCloseConnections: 'idle',
    // Why: requests that arrive while the server stops are answered like all others. Fastify would refuse them with JSON.
    return503OnClosing: false,
    rewriteUrl: request => {
      // Why: clients send text/xml, application/xml, a form type, none or a wrong one. Only the body is reliable.
      request.headers['content-type'] = undefined
      return toOriginForm(request)
    },
    routerOptions: {
      // Observed: clients request /autodiscover/, /Autodiscover/, /AutoDiscover/ and /AUTODISCOVER/.
      caseSensitive: false,
      ignoreTrailingSlash: true,
      // Why: a path can contain an address or a domain with every character percent-encoded.
      maxParamLength: 3 * 254,
      // Why: a dialect reads one parameter of the raw query, without building an object.
      querystringParser: text => text as unknown as Record<string, unknown>
    },
    frameworkErrors: (_error, request, reply) => {
      app.admit(request, reply, () => app.respond(request, reply, notFound, answered))
    },
    // Why: the listener answers connections that never send a valid request.
    clientErrorHandler: () => undefined
  })

  app.decorate('listenerOptions', listenerOptions)
  for (const method of davMethods) app.addHttpMethod(method, { hasBody: true })
  leaveQueryUnread(app)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    '*',
    createBodyReader(() => limitsOf().bodyBytes)
  )

  app.decorate('source', source)
  app.decorate('proxy', proxy)
  app.decorate('respond', createRespond(access, addressOf))
  app.decorate('sign', createSigner({ source, signing, logger }))
  app.register(admission, { limitsOf, keyOf, logger, addressOf, redisPassword, redisCounts: tally?.redis })
  if (challengeOf) app.register(challengeRoute, { challengeOf })
  app.register(dialectRoutes)
  app.register(openapiRoute)
  app.register(pageRoutes, { signing })

  app.setNotFoundHandler((request, reply) => app.respond(request, reply, notFound, answered))
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const known = toSignpostError(error)
    if (known.status >= 500) logger.error({ code: known.code, err: error }, 'request failed')
    app.respond(request, reply, refusal(known), answered)
  })

  /** Logs a request that the listener has refused. */
  function refused(request: IncomingMessage, { status, arrivedMs }: Refused): void {
    const { host, 'user-agent': userAgent } = request.headers
    const client = clientFamily(userAgent)
    const clientAddress = addressOf(request)
    access({ ...answered, domain: toSite(host), outcome: 'refused', status, client, clientAddress }, arrivedMs)
  }
  return app
}

function toSignpostError(error: Error & { statusCode?: number }): SignpostError {
  if (error instanceof SignpostError) return error
  return (error.statusCode ?? 500) < 500 ? errors.badRequest() : errors.internal({ cause: error })
}
