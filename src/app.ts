/**
 * The service: every plugin, registered in plain sight. It never listens; `cli/serve.ts` and the tests do.
 */
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import type { Logger } from 'pino'
import type { Document } from './dialects/document.ts'
import { dialects } from './dialects/index.ts'
import { errors, type SignpostError } from './errors.ts'
import { clientFamily } from './http/client-family.ts'
import { createAccessLog, type Outcome } from './http/log.ts'
import { createProxyTrust } from './http/proxy.ts'
import { refusal } from './http/refusal.ts'
import { send } from './http/send.ts'
import { serveDialect } from './http/serve-dialect.ts'
import { serveOpenapi } from './http/serve-openapi.ts'
import { createSigner } from './http/signer.ts'
import { toOriginForm } from './http/target.ts'
import { toSite } from './settings/account.ts'
import type { Signing } from './sources/signing.ts'
import type { Source } from './sources/source.ts'

export interface AppOptions {
  readonly source: Source
  readonly logger: Logger
  /** What the settings' signing needs. */
  readonly signing?: Pick<Signing, 'keyAt'>
}

const noSigning: Pick<Signing, 'keyAt'> = { keyAt: () => undefined }

/** Bytes of a request body: real ones have about 400. */
const bodyLimit = 16 * 1024

/** Milliseconds for a whole request: a mail program gives up after five seconds, and who sends 400 bytes slower is none. */
const requestTimeout = 10_000

/** Requests that never become one, by the error of node:http; all others are 400. */
const unreadable: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout'
}

const notFound = refusal(errors.notFound())

/** `http` and `log` of the table are read once; providers are read anew at every request. */
export function createApp({ source, logger, signing = noSigning }: AppOptions): FastifyInstance {
  const { http = {}, log } = source.table.settings
  const access = createAccessLog(logger, log)
  const app = fastify({
    bodyLimit,
    requestTimeout,
    // Why: node lets a body take the longer of the two, and looks at both every thirty seconds only.
    http: { headersTimeout: requestTimeout, connectionsCheckingInterval: 1000 },
    connectionTimeout: 30_000,
    keepAliveTimeout: 20_000,
    forceCloseConnections: 'idle',
    // Why: a request that comes in while the server stops is answered like any other, and not refused with JSON.
    return503OnClosing: false,
    rewriteUrl: request => {
      // Why: clients say text/xml, application/xml, a form, nothing, or nonsense; the body itself tells.
      request.headers['content-type'] = undefined
      return toOriginForm(request)
    },
    routerOptions: {
      // Observed: /autodiscover/, /Autodiscover/, /AutoDiscover/ and /AUTODISCOVER/ are all asked.
      caseSensitive: false,
      ignoreTrailingSlash: true,
      // Why: an address or a domain in a path, each of its characters percent-encoded.
      maxParamLength: 3 * 254,
      // Why: a dialect wants one parameter of the raw query, and reads it without building an object.
      querystringParser: text => text as unknown as Record<string, unknown>
    },
    frameworkErrors: (_error, request, reply) => answer(request, reply, notFound, 'not-served'),
    clientErrorHandler: ({ code }, socket) => {
      const status = unreadable[code] ?? '400 Bad Request'
      if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
    }
  })

  app.addHttpMethod('PROPFIND', { hasBody: true })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

  const { schemeOf } = createProxyTrust(http.trustProxy ?? [])
  const sign = createSigner({ source, signing, logger })
  for (const dialect of dialects) serveDialect(app, dialect, { source, access, schemeOf, sign })
  serveOpenapi(app, { access })

  app.setNotFoundHandler((request, reply) => answer(request, reply, notFound, 'not-served'))
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const told = toTold(error)
    if (told.status >= 500) logger.error({ err: error }, 'request failed')
    answer(request, reply, refusal(told), told.status >= 500 ? 'failed' : 'refused')
  })

  function answer(request: FastifyRequest, reply: FastifyReply, document: Document, outcome: Outcome) {
    const started = performance.now()
    const { host, 'user-agent': userAgent } = request.headers
    send(reply, document)
    access({ dialect: 'none', domain: toSite(host), outcome, client: clientFamily(userAgent) }, started)
  }
  return app
}

function toTold(error: Error & { statusCode?: number }): SignpostError {
  if (error.statusCode === 413) return errors.bodyTooLarge({ limit: bodyLimit })
  return (error.statusCode ?? 500) < 500 ? errors.badRequest() : errors.internal({ cause: error })
}
