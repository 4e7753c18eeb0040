/**
 * Serves a settings table to models of mail programs, as if all host names led to this service.
 */
import { type HttpRequest, type HttpResponse, type World, WorldError } from '../clients/model/world.ts'
import { write } from '../dialects/answer.ts'
import type { Dialect, Question } from '../dialects/dialect.ts'
import { type Document, isDocument } from '../dialects/document.ts'
import { dialects } from '../dialects/index.ts'
import type { DnsRecord } from '../dns/record.ts'
import { toDomain } from '../settings/domain.ts'
import type { Provider } from '../settings/provider.ts'
import { resolve } from '../settings/resolution-order.ts'
import type { Table } from '../settings/table.ts'
import { withExampleNames } from './example-names.ts'

export interface Zone {
  /** SRV and TXT records. All host names lead to the table. */
  readonly records?: readonly DnsRecord[]
  /** The mail exchanger of all domains. */
  readonly exchanger?: string
}

export function createTableWorld(table: Table, { records = [], exchanger }: Zone = {}): World {
  const srv = records.filter(record => record.type === 'SRV')
  const txt = records.filter(record => record.type === 'TXT')
  return {
    exchange: async request => ask(table, request),
    dns: {
      mx: async () => (exchanger === undefined ? [] : [{ priority: 10, exchange: exchanger }]),
      srv: async name => srv.filter(record => record.name === name),
      txt: async name => txt.filter(record => record.name === name).map(({ text }) => text),
      ns: async () => [],
      isHost: async () => true
    }
  }
}

/** Host names of Mozilla's database, which contains none of the domains in the table. */
const databases = ['live.thunderbird.net', 'autoconfig.thunderbird.net', 'v1.ispdb.net']

const missing: HttpResponse = { status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: '' }

function ask(table: Table, { method, url, headers, body }: HttpRequest): HttpResponse {
  const { protocol, hostname, pathname, search } = new URL(url)
  if (databases.includes(hostname)) return missing
  const host = toDomain(hostname)
  if (host === undefined) throw new WorldError('no such host')
  if (table.providers.some(provider => isExchange(provider, hostname))) return exchange
  const dialect = dialects.find(each => serves(each, method, pathname))
  if (dialect === undefined) return missing
  const question = dialect.ask({
    method,
    url: `${pathname}${search}`,
    query: search.slice(1),
    body: body === undefined ? undefined : Buffer.from(body)
  })
  if (protocol === 'http:' && dialect.httpsPath !== undefined) {
    const account = resolve(table, { domain: undefined, host })
    const elsewhere = account && dialect.plainRedirect?.(account)
    if (elsewhere !== undefined) return toResponse(elsewhere)
    const path = dialect.httpsPath(isDocument(question) ? { domain: undefined } : question)
    const publicUrl = dialect.staysAtHost === true ? undefined : table.settings.http?.publicUrl
    const location = `${publicUrl ?? `https://${host}`}${path}`
    return { status: 302, headers: { ...headers, location }, body: '' }
  }
  const document = isDocument(question) ? question : answerOf(dialect, table, { ...question, host })
  return document === undefined ? missing : toResponse(document)
}

function answerOf(dialect: Dialect, table: Table, question: Question & { readonly host: string }) {
  const account = resolve(table, question)
  return account && write(dialect, withExampleNames(account), { question, table, host: question.host })
}

/** Exchange requires a login before it answers. */
const exchange: HttpResponse = { status: 401, headers: { 'www-authenticate': 'Negotiate' }, body: '' }

/** @returns whether the provider sends Outlook to this host */
function isExchange({ exchangeUrl }: Provider, hostname: string): boolean {
  if (exchangeUrl === undefined) return false
  const [start = '', end] = new URL(exchangeUrl.replaceAll('%EMAILDOMAIN%', domainMark)).hostname.split(domainMark)
  return end === undefined ? hostname === start : hostname.startsWith(start) && hostname.endsWith(end)
}

const domainMark = 'emaildomain.invalid'

function serves({ routes }: Dialect, method: string, pathname: string): boolean {
  const path = pathname.toLowerCase().replace(/(?<=.)\/$/, '')
  return routes.some(route => {
    const asked = route.method === method || (route.method === 'GET' && method === 'HEAD')
    const [fixed = '', variable] = route.path.split(':')
    return (
      asked &&
      (variable === undefined ? path === fixed : path.startsWith(fixed) && !path.slice(fixed.length).includes('/'))
    )
  })
}

function toResponse({ status, headers, body }: Document): HttpResponse {
  return {
    status,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    body
  }
}
