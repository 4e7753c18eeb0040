/**
 * Himalaya, modelled on its discovery library. It queries all sources over https only, and then the safest server
 * wins. Among equals, the last one wins. The model omits its rules for Google and Microsoft.
 */
import { readXmlTree } from '../../formats/xml-tree.ts'
import { asObject, parseObject } from '../../json.ts'
import { expand } from '../../settings/names/placeholder.ts'
import { srvHost } from '../dns/srv.ts'
import { type Client, type FoundAccount, type FoundServer, type Mailbox, orRefusal, Refusal } from '../model/client.ts'
import { createDiscover, type Tracer } from '../model/tracer.ts'
import type { HttpResponse, SrvRecord } from '../model/world.ts'
import { readClientConfig, type Server } from './client-config.ts'
import { hasDigest, readPacc } from './pacc.ts'

export const himalaya: Client = {
  name: 'himalaya',
  title: 'Himalaya',
  release: '2.0.0-alpha.1, with its discovery library of 2026-09',
  source:
    'pimalaya/himalaya 1dddbe8 (2.0.0-alpha.1 in its Cargo.toml), pimalaya/io-pim-discovery 5036dfa (2026-08-15) and 95c37e3 (2026-09-28)',
  takes: 'JMAP before IMAP and SMTP; implicit TLS before STARTTLS',
  discover: createDiscover(search)
}

interface Found {
  readonly server: FoundServer
  readonly from: string
}

// Observed: pimalaya/io-pim-discovery, src/compose/client.rs: plan uses all of these, in this order of preference.
// They run in parallel; the model requests them in its own order.
async function search(mailbox: Mailbox, tracer: Tracer): Promise<FoundAccount | string> {
  const { domain, address } = mailbox
  const found = merge([
    ...(await searchPacc(mailbox, tracer)),
    ...(await searchDocument(
      `https://autoconfig.${domain}/mail/config-v1.1.xml?emailaddress=${address}`,
      mailbox,
      tracer
    )),
    ...(await searchDocument(`https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`, mailbox, tracer)),
    ...(await searchMailconf(mailbox, tracer)),
    ...(await searchDocument(`https://autoconfig.thunderbird.net/v1.1/${domain}`, mailbox, tracer)),
    ...(await searchDns(mailbox, tracer)),
    ...(await searchJmap(mailbox, tracer))
  ])
  // Observed: pimalaya/himalaya 1dddbe8, src/wizard/search.rs: rank prefers JMAP to IMAP and SMTP, and uses the first
  // JMAP server.
  const jmap = found.find(({ server }) => server.protocol === 'jmap')
  if (jmap !== undefined) return { incoming: jmap.server, outgoing: jmap.server, from: jmap.from }
  const imap = best(found, 'imap')
  if (imap === undefined) return 'no imap or jmap server'
  // Observed: …/search.rs: both sides use the login of the incoming server.
  const outgoing = best(found, 'smtp')?.server
  return {
    incoming: imap.server,
    outgoing: outgoing && { ...outgoing, username: imap.server.username },
    from: imap.from
  }
}

/** Observed: src/compose/collect.rs: a server that is found again with the same user name keeps its first position. */
function merge(found: readonly Found[]): Found[] {
  const keyOf = ({ server: { protocol, host, port, security, username } }: Found) =>
    JSON.stringify([protocol, host, port, security, username ?? null])
  const first = new Map<string, Found>()
  for (const each of found) if (!first.has(keyOf(each))) first.set(keyOf(each), each)
  return [...first.values()]
}

// Observed: …/search.rs: best uses max_by_key, which returns the last of equals.
function best(found: readonly Found[], protocol: FoundServer['protocol']): Found | undefined {
  const candidates = found.filter(({ server }) => server.protocol === protocol)
  return (['tls', 'starttls', 'none'] as const)
    .map(security => candidates.findLast(({ server }) => server.security === security))
    .find(candidate => candidate !== undefined)
}

async function searchPacc({ domain }: Mailbox, tracer: Tracer): Promise<Found[]> {
  const url = `https://ua-auto-config.${domain}/.well-known/user-agent-configuration.json`
  const body = await fetchBody(url, tracer)
  if (body === undefined) return []
  if (!hasDigest(await tracer.dns.txt(`_ua-auto-config.${domain}`), body)) {
    tracer.note('refused: no digest that matches the body')
    return []
  }
  const pacc = readPacc(body)
  tracer.note(pacc === undefined ? 'refused: not a valid document' : 'read')
  // Observed: src/compose/config.rs: from_pacc uses implicit TLS on the standard ports, and no user name.
  return [
    ...[pacc?.imap].flatMap(host =>
      toFound({ protocol: 'imap', host, port: 993, security: 'tls', username: undefined }, url)
    ),
    ...[pacc?.smtp].flatMap(host =>
      toFound({ protocol: 'smtp', host, port: 465, security: 'tls', username: undefined }, url)
    ),
    ...[pacc?.jmap].flatMap(session => toJmap(session, url))
  ]
}

async function searchDocument(url: string, mailbox: Mailbox, tracer: Tracer): Promise<Found[]> {
  const body = await fetchBody(url, tracer)
  if (body === undefined) return []
  const servers = orRefusal(() => readClientConfig(readXmlTree(body)))
  tracer.note(servers instanceof Refusal ? `refused: ${servers.message}` : 'read')
  return servers instanceof Refusal ? [] : servers.flatMap(server => toFound(fill(server, mailbox), url))
}

// Observed: src/shared/http.rs: HttpGet treats every redirect and every status except 2xx as an error.
async function fetchBody(url: string, { exchange, note }: Tracer): Promise<string | undefined> {
  const response = await exchange({ method: 'GET', url, headers: {} })
  if (response === undefined) return undefined
  if (response.status >= 200 && response.status < 300) return response.body
  note('refused: not 2xx')
  return undefined
}

type Draft = Omit<FoundServer, 'host'> & { readonly host: string | undefined }

// Observed: src/compose/config.rs: from_autoconfig skips servers without a host, and uses a default port.
function fill({ type, hostname, port, security, username }: Server, mailbox: Mailbox): Draft {
  const login = username && substitute(username, mailbox)
  return {
    protocol: type,
    host: hostname && substitute(hostname, mailbox),
    port: port ?? defaultPorts[type][security],
    security,
    // Observed: pimalaya/himalaya 1dddbe8, src/wizard/search.rs: login_default uses only values that look like an
    // address, otherwise the address that was typed.
    username: login !== undefined && /^[^@]+@./.test(login) ? login : undefined
  }
}

// Observed: src/compose/config.rs: default_port.
const defaultPorts: Readonly<Record<Server['type'], Readonly<Record<Server['security'], number>>>> = {
  imap: { tls: 993, starttls: 143, none: 143 },
  pop3: { tls: 995, starttls: 110, none: 110 },
  smtp: { tls: 465, starttls: 587, none: 25 }
}

// Observed: src/compose/config.rs: substitute replaces all three, in host and user names.
function substitute(text: string, { address, localPart }: Mailbox): string {
  const domain = address.slice(localPart.length + 1)
  return expand(text, { '%EMAILADDRESS%': address, '%EMAILLOCALPART%': localPart, '%EMAILDOMAIN%': domain })
}

// Observed: src/autoconfig/mailconf.rs uses the first TXT record of the domain that contains a URL after `mailconf=`.
async function searchMailconf(mailbox: Mailbox, tracer: Tracer): Promise<Found[]> {
  const records = await tracer.dns.txt(mailbox.domain)
  const urls = records.filter(record => record.startsWith('mailconf=')).map(record => record.slice('mailconf='.length))
  const url = urls.find(each => URL.canParse(each))
  return url === undefined ? [] : searchDocument(new URL(url).href, mailbox, tracer)
}

// Observed: src/rfc6186/discover.rs, src/compose/config.rs: from_srv.
async function searchDns({ domain }: Mailbox, { dns }: Tracer): Promise<Found[]> {
  const ask = async (service: string, rest: Pick<FoundServer, 'protocol' | 'security'>) => {
    const name = `_${service}._tcp.${domain}`
    const [record] = sorted(await dns.srv(name))
    return record === undefined
      ? []
      : toFound({ ...rest, host: srvHost(record), port: record.port, username: undefined }, name)
  }
  const imap = await ask('imap', { protocol: 'imap', security: 'starttls' })
  const imaps = await ask('imaps', { protocol: 'imap', security: 'tls' })
  const submission = await ask('submission', { protocol: 'smtp', security: 'starttls' })
  const submissions = await ask('submissions', { protocol: 'smtp', security: 'tls' })
  return [...imaps, ...imap, ...submissions, ...submission]
}

async function searchJmap({ domain }: Mailbox, tracer: Tracer): Promise<Found[]> {
  const [record] = sorted(await tracer.dns.srv(`_jmap._tcp.${domain}`))
  const session = await findJmap(domain, record, tracer)
  return session === undefined ? [] : toJmap(session, session)
}

function sorted(records: readonly SrvRecord[]): SrvRecord[] {
  return records.toSorted((a, b) => a.priority - b.priority || b.weight - a.weight)
}

function toFound({ host, ...rest }: Draft, from: string): Found[] {
  return host ? [{ server: { ...rest, host }, from }] : []
}

function toJmap(session: string | undefined, from: string): Found[] {
  if (session === undefined || !URL.canParse(session)) return []
  const { hostname, port } = new URL(session)
  return toFound(
    { protocol: 'jmap', host: hostname, port: Number(port) || 443, security: 'tls', username: undefined },
    from
  )
}

/** @param record the best one at `_jmap._tcp`. @returns the URL of the session */
export async function findJmap(
  domain: string,
  record: SrvRecord | undefined,
  tracer: Tracer
): Promise<string | undefined> {
  const origin = record === undefined ? `${domain}:443` : `${srvHost(record)}:${record.port}`
  const asked = `https://${origin}/.well-known/jmap`
  if (!URL.canParse(asked)) return undefined
  const request = { method: 'GET', url: new URL(asked).href, headers: { accept: 'application/json' } } as const
  const { response, url } = await tracer.follow(request, { most: 5 })
  if (response === undefined || !(isChallenge(response) || isSession(response))) return undefined
  tracer.note('used')
  return url
}

function isChallenge({ status, headers }: HttpResponse): boolean {
  return status === 401 && (headers['www-authenticate'] !== undefined || !mediaTypeOf(headers).startsWith('text/html'))
}

function isSession({ status, headers, body }: HttpResponse): boolean {
  if (status < 200 || status > 299 || !mediaTypeOf(headers).startsWith('application/json')) return false
  const { capabilities, apiUrl } = parseObject(body)
  return Object.hasOwn(asObject(capabilities), 'urn:ietf:params:jmap:core') && apiUrl !== undefined
}

function mediaTypeOf(headers: HttpResponse['headers']): string {
  return headers['content-type']?.toLowerCase() ?? ''
}
