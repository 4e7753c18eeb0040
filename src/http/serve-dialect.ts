/**
 * Routes of one dialect: request → question → provider → document → reply.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { answer } from '../dialects/answer.ts'
import type { Dialect, Method, Question } from '../dialects/dialect.ts'
import { type Document, isDocument } from '../dialects/document.ts'
import { errors } from '../errors.ts'
import { toSite } from '../settings/account.ts'
import type { Source } from '../sources/source.ts'
import { clientFamily } from './client-family.ts'
import { httpsRedirect } from './https-redirect.ts'
import type { AccessLog, Outcome } from './log.ts'
import type { Scheme } from './proxy.ts'
import { refusal } from './refusal.ts'
import { send } from './send.ts'
import { servePath } from './serve-path.ts'
import type { Signer } from './signer.ts'

export interface Services {
  readonly source: Source
  readonly access: AccessLog
  readonly schemeOf: (request: FastifyRequest['raw']) => Scheme
  readonly sign: Signer
}

const notServed = refusal(errors.notFound())
const noQuestion: Question = { domain: undefined }

export function serveDialect(app: FastifyInstance, dialect: Dialect, services: Services): void {
  const { source, access, schemeOf, sign } = services
  const { httpsPath } = dialect
  const handle = (request: FastifyRequest, reply: FastifyReply) => {
    const started = performance.now()
    const { method, headers, query, body } = request as FastifyRequest<{
      Querystring: string
      Body: Buffer | undefined
    }>
    const question = dialect.ask({ method, url: request.url, query, body })
    const found = isDocument(question) ? undefined : answer(dialect, source.table, question, headers.host)
    const asked = isDocument(question) ? noQuestion : question
    const written =
      httpsPath !== undefined && schemeOf(request.raw) === 'http'
        ? (httpsRedirect(source.table, httpsPath(asked), headers.host) ?? notServed)
        : isDocument(question)
          ? question
          : (found?.document ?? notServed)
    const told = dialect.name === 'apple' ? sign(written) : written
    send(reply, told)
    const domain = found?.domain ?? asked.domain ?? toSite(headers.host)
    const outcome = outcomeOf(question, told)
    access({ dialect: dialect.name, domain, outcome, client: clientFamily(headers['user-agent']) }, started)
  }

  const log = ({ headers }: FastifyRequest, outcome: Outcome) => {
    const client = clientFamily(headers['user-agent'])
    access({ dialect: dialect.name, domain: toSite(headers.host), outcome, client }, performance.now())
  }
  for (const [url, methods] of pathsOf(dialect)) {
    servePath(app, { url, methods, crossOrigin: dialect.crossOrigin, handler: handle, log })
  }
}

function pathsOf(dialect: Dialect): Map<string, Method[]> {
  const paths = new Map<string, Method[]>()
  for (const { method, path } of dialect.routes) paths.set(path, [...(paths.get(path) ?? []), method])
  return paths
}

function outcomeOf(question: Question | Document, { status }: Document): Outcome {
  if (status === 302 || status === 307) return 'redirected'
  if (status === 404) return 'not-served'
  if (status >= 500) return 'failed'
  return isDocument(question) || status >= 400 ? 'refused' : 'answered'
}
