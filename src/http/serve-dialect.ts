/**
 * Routes of one dialect: request → question → provider → document → reply.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { answer } from '../dialects/answer.ts'
import type { Dialect, Method, Question } from '../dialects/dialect.ts'
import { type Document, isDocument } from '../dialects/document.ts'
import { errors } from '../errors.ts'
import type { Table } from '../settings/table.ts'
import type { Source } from '../sources/source.ts'
import { httpsRedirect } from './https-redirect.ts'
import type { AdmissionHooks } from './limits/admission.ts'
import { weights } from './limits/weights.ts'
import type { Scheme } from './proxy.ts'
import { refusal } from './refusal.ts'
import type { Respond } from './respond.ts'
import { servePath } from './serve-path.ts'
import type { Signer } from './signer.ts'
import { unavailable } from './unavailable.ts'

/** One request on its way to an answer. */
interface Turn {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly question: Question | Document
  /** Is sent on to https. */
  readonly isPlain: boolean
}

export interface Services {
  readonly source: Source
  readonly respond: Respond
  readonly schemeOf: (request: FastifyRequest['raw']) => Scheme
  readonly sign: Signer
  readonly weigh: AdmissionHooks['weigh']
}

const notServed = refusal(errors.notFound())
const noQuestion: Question = { domain: undefined }

export function serveDialect(app: FastifyInstance, dialect: Dialect, services: Services): void {
  const { source, respond, schemeOf, sign, weigh } = services
  const { name, httpsPath, ask, askPersonally = ask, isSigned = false } = dialect
  const askThis = source.looksUpUsers === true ? askPersonally : ask
  const handle = (request: FastifyRequest, reply: FastifyReply) => {
    const { method, url, query, body } = request as FastifyRequest<{ Querystring: string; Body: Buffer | undefined }>
    const question = askThis({ method, url, query, body })
    const isPlain = httpsPath !== undefined && schemeOf(request.raw) === 'http'
    const turn = { request, reply, question, isPlain }
    const table = tableFor(source, turn)
    if (!(table instanceof Promise)) return tell(turn, table)
    return table.then(
      known => tell(turn, known),
      error => respond(request, reply, unavailable(error), { dialect: name })
    )
  }

  function tell({ request, reply, question, isPlain }: Turn, table: Table): void {
    const { headers } = request
    const found = isDocument(question) ? undefined : answer(dialect, table, question, headers.host)
    const asked = isDocument(question) ? noQuestion : question
    const written =
      httpsPath !== undefined && isPlain
        ? (httpsRedirect(table, httpsPath(asked), headers.host) ?? notServed)
        : isDocument(question)
          ? question
          : (found?.document ?? notServed)
    const told = isSigned ? sign(written) : written
    // Why: some dialects refuse a question with the status 200.
    const outcome = isDocument(question) && told.status < 300 ? 'refused' : undefined
    respond(request, reply, told, { dialect: name, domain: found?.domain ?? asked.domain, outcome })
  }

  const onRequest = isSigned ? weigh(({ raw }) => weightOfSigned(source.table, schemeOf(raw))) : undefined
  for (const [url, methods] of pathsOf(dialect)) {
    servePath(app, {
      url,
      methods,
      crossOrigin: dialect.crossOrigin,
      onRequest,
      handler: handle,
      respond: (request, reply, document) => respond(request, reply, document, { dialect: name })
    })
  }
}

function tableFor(source: Source, { request, question, isPlain }: Turn): Table | Promise<Table> {
  const { client, headers } = request
  const { host } = headers
  // Why the host alone: it is where a redirect leads, whoever is asked about.
  if (isPlain) return source.tableFor(undefined, host, { client })
  if (isDocument(question)) return source.table
  const { domain, address, strict = false } = question
  return source.tableFor(domain, strict ? domain : host, { address, client })
}

/** Why by the scheme: over plain http there is only a redirect. */
function weightOfSigned({ settings }: Table, scheme: Scheme): number {
  return settings.signing === undefined || scheme === 'http' ? weights.usual : weights.signature
}

function pathsOf(dialect: Dialect): Map<string, Method[]> {
  const paths = new Map<string, Method[]>()
  for (const { method, path } of dialect.routes) paths.set(path, [...(paths.get(path) ?? []), method])
  return paths
}
