/**
 * Serves a settings table to models of mail programs, as if all host names led to this service.
 */
import { type HttpRequest, type HttpResponse, type World, WorldError } from '../clients/model/world.ts'
import { write } from '../dialects/answer.ts'
import type { Dialect, Question } from '../dialects/dialect.ts'
import { type Document, isDocument } from '../dialects/document.ts'
import { dialects } from '../dialects/index.ts'
import type { DnsRecord } from '../dns/record.ts'
import { escapeXml } from '../formats/xml.ts'
import { withoutPerson } from '../settings/fill-provider.ts'
import type { Provider } from '../settings/provider.ts'
import { toDomain } from '../settings/question/domain.ts'
import { resolve } from '../settings/question/resolution-order.ts'
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
  if (isJmapServer(table, new URL(url))) return jmap
  const dav = answerOfDavServer(table, method, new URL(url))
  if (dav !== undefined) return dav
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
  return exchangeUrl !== undefined && isHostOf(exchangeUrl, hostname)
}

/** @param pattern a URL that may contain %EMAILDOMAIN% */
function isHostOf(pattern: string, hostname: string): boolean {
  const [start = '', end] = new URL(pattern.replaceAll('%EMAILDOMAIN%', domainMark)).hostname.split(domainMark)
  return end === undefined ? hostname === start : hostname.startsWith(start) && hostname.endsWith(end)
}

const domainMark = 'emaildomain.invalid'

/** A JMAP server requires a login for its session: RFC 8620 1.7, 2. */
const jmap: HttpResponse = { status: 401, headers: { 'www-authenticate': 'Basic' }, body: '' }

function isJmapServer({ providers }: Table, { hostname, pathname }: URL): boolean {
  const services = providers.flatMap(provider => provider.services.filter(({ protocol }) => protocol === 'jmap'))
  return services.some(({ url }) => isHostOf(url, hostname) && pathname === fixedPath(url))
}

/** @returns what a DAV server of the table answers after the login; undefined if the URL is not below one */
function answerOfDavServer(
  { providers }: Table,
  method: string,
  { hostname, pathname }: URL
): HttpResponse | undefined {
  const protocols = providers.flatMap(({ services }) =>
    services
      .filter(({ protocol }) => protocol === 'caldav' || protocol === 'carddav')
      .filter(({ url }) => isHostOf(url, hostname) && pathname.startsWith(fixedPath(url)))
      .map(({ protocol }) => protocol)
  )
  if (protocols.length === 0) return undefined
  const classes = protocols.map(protocol => (protocol === 'caldav' ? 'calendar-access' : 'addressbook'))
  const headers = { dav: ['1', '3', ...classes].join(', ') }
  if (method === 'OPTIONS') return { status: 200, headers, body: '' }
  if (method !== 'PROPFIND')
    return { status: 405, headers: { ...headers, allow: 'OPTIONS, PROPFIND, REPORT' }, body: '' }
  const href = `<href>${escapeXml(pathname)}</href>`
  const principal = `<prop><current-user-principal>${href}</current-user-principal></prop>`
  const status = '<status>HTTP/1.1 200 OK</status>'
  const body = `<multistatus xmlns="DAV:"><response>${href}<propstat>${principal}${status}</propstat></response></multistatus>`
  return { status: 207, headers: { ...headers, 'content-type': 'application/xml; charset=utf-8' }, body }
}

function fixedPath(url: string): string {
  return new URL(withoutPerson(url).replaceAll('%EMAILDOMAIN%', domainMark)).pathname
}

function serves({ routes, everyMethod }: Dialect, method: string, pathname: string): boolean {
  const path = pathname.toLowerCase().replace(/(?<=.)\/$/, '')
  return routes.some(route => {
    const asked = everyMethod === true || route.method === method || (route.method === 'GET' && method === 'HEAD')
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
