/**
 * Routes of one dialect: request → question → provider → document → reply.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { fastifyPlugin } from 'fastify-plugin'
import { type WriteOptions, write } from '../../dialects/answer.ts'
import { type Dialect, type Method, type Question, writerOf } from '../../dialects/dialect.ts'
import { type Document, isDocument } from '../../dialects/document.ts'
import { dialects } from '../../dialects/index.ts'
import { errors } from '../../errors.ts'
import { type Account, toSite } from '../../settings/question/account.ts'
import { type Awaitable, follow } from '../../settings/question/resolution-order.ts'
import type { Table } from '../../settings/table.ts'
import type { Source } from '../../sources/source.ts'
import { httpsRedirect } from '../https-redirect.ts'
import { weights } from '../limits/rate.ts'
import type { Scheme } from '../proxy.ts'
import { refusal, unavailable } from '../refusal.ts'
import { servePath } from './serve-path.ts'

/** One request on its way to an answer. */
interface Turn {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly question: Question | Document
  /** Is sent on to https. */
  readonly isPlain: boolean
}

declare module 'fastify' {
  interface FastifyInstance {
    /** What all questions are answered from. */
    readonly source: Source
  }
}

const notServed = refusal(errors.notFound())
const noQuestion: Question = { domain: undefined }

/** The routes of all dialects. Needs the decorators `source`, `respond`, `proxy`, `sign` and `weigh`. */
export const dialectRoutes = fastifyPlugin(async (app: FastifyInstance) => {
  for (const dialect of dialects) serveDialect(app, dialect)
})

function serveDialect(app: FastifyInstance, dialect: Dialect): void {
  const { source, respond, proxy, sign, weigh } = app
  const { schemeOf } = proxy
  const { name, httpsPath, staysAtHost, plainRedirect, ask, isSigned = false } = dialect
  const handle = (request: FastifyRequest, reply: FastifyReply) => {
    const { method, url, query, body } = request as FastifyRequest<{ Querystring: string; Body: Buffer | undefined }>
    const question = ask({ method, url, query, body })
    const isPlain = httpsPath !== undefined && schemeOf(request.raw) === 'http'
    const turn = { request, reply, question, isPlain }
    const account = find(source, turn)
    if (!(account instanceof Promise)) return finish(turn, account)
    return account.then(
      known => finish(turn, known),
      error => respond(request, reply, unavailable(error), { dialect: name })
    )
  }

  function finish(turn: Turn, account: Account | undefined): void {
    const { request, reply, question, isPlain } = turn
    const written = documentFor(turn, account)
    const document = isSigned ? sign(written) : written
    const asked = isDocument(question) ? undefined : question.domain
    const domain = isPlain ? (asked ?? account?.domain) : (account?.domain ?? asked)
    // Why: some dialects refuse a question with the status 200.
    const outcome = isDocument(question) && document.status < 300 ? 'refused' : undefined
    respond(request, reply, document, { dialect: name, domain, outcome })
  }

  function documentFor({ request, question, isPlain }: Turn, account: Account | undefined): Document {
    if (httpsPath !== undefined && isPlain) {
      const { host } = request.headers
      const elsewhere = account && plainRedirect?.(account)
      if (elsewhere !== undefined) return elsewhere
      const path = httpsPath(isDocument(question) ? noQuestion : question)
      return httpsRedirect(path, { account, host, table: source.table, staysAtHost }) ?? notServed
    }
    if (isDocument(question)) return question
    const { host } = request.headers
    return (account && write(dialect, account, { question, table: source.table, host })) ?? notServed
  }

  const onRequest = isSigned ? weigh(({ raw }) => weightOfSigned(source.table, schemeOf(raw))) : undefined
  for (const [url, methods] of pathsOf(dialect)) {
    servePath(app, {
      url,
      methods,
      everyMethod: dialect.everyMethod,
      crossOrigin: dialect.crossOrigin,
      onRequest,
      handler: handle,
      isServed: request => isServed(source, dialect, { request, methods }),
      respond: (request, reply, document) => respond(request, reply, document, { dialect: name })
    })
  }
}

/** Asks as GET does, without the address. Why: OPTIONS has no body, and needs no login name. */
function isServed(
  source: Source,
  dialect: Dialect,
  { request, methods }: { readonly request: FastifyRequest; readonly methods: readonly Method[] }
): Awaitable<boolean> {
  const { url, query, client, headers } = request as FastifyRequest<{ Querystring: string }>
  const { host } = headers
  const asked = dialect.ask({ method: 'GET', url, query, body: undefined })
  const question = isDocument(asked) ? noQuestion : asked
  const { domain, strict } = question
  return follow(source.find({ domain, host, strict, client }), account => {
    if (account !== undefined) return speaks(dialect, account, { question, table: source.table, host })
    // Why: an address that comes later decides, and clients send addresses of all domains to this host.
    const comesLater = isDocument(asked) || methods.includes('POST')
    return (
      comesLater && isPublicHost(host, source.table) && source.table.providers.some(each => writerOf(dialect, each))
    )
  })
}

function speaks(dialect: Dialect, account: Account, options: WriteOptions): boolean {
  if (dialect.everyMethod !== true) return writerOf(dialect, account.provider) !== undefined
  return (write(dialect, account, options) ?? notServed).status !== notServed.status
}

function isPublicHost(host: string | undefined, { settings: { http: { publicUrl } = {} } }: Table): boolean {
  return publicUrl !== undefined && toSite(new URL(publicUrl).host) === toSite(host)
}

function find(source: Source, { request, question, isPlain }: Turn): Awaitable<Account | undefined> {
  const { client, headers } = request
  const { host } = headers
  // Why only the host: the redirect leads there for every address.
  if (isPlain) return source.find({ domain: undefined, host, client })
  if (isDocument(question)) return undefined
  const { domain, address, strict } = question
  return source.find({ domain, host, strict, address, client })
}

/** Why the scheme counts: over plain http, nothing is signed, because every response is a redirect. */
function weightOfSigned({ settings }: Table, scheme: Scheme): number {
  return settings.signing === undefined || scheme === 'http' ? weights.usual : weights.signature
}

function pathsOf(dialect: Dialect): Map<string, Method[]> {
  const paths = new Map<string, Method[]>()
  for (const { method, path } of dialect.routes) paths.set(path, [...(paths.get(path) ?? []), method])
  return paths
}
