/**
 * Evolution. It requests autoconfig for the domain, and for its mail exchanger if the ISPDB does not know the domain.
 * Then it looks up SRV records, separately for each kind of server. The model omits its extension for Exchange.
 */
import { createHash } from 'node:crypto'
import { toDomain } from '../../settings/question/domain.ts'
import { inSrvOrder, srvHost } from '../dns/srv.ts'
import type { Client, FoundAccount, FoundServer, Mailbox } from '../model/client.ts'
import { createDiscover, type Tracer } from '../model/tracer.ts'
import { emptyPlaces, type Place, type Places, readMarkup } from './markup.ts'

/** What differs between releases. */
interface Release {
  readonly userAgent: string
  /** Records of the domain whose hosts are tried if the domain itself has no settings. */
  readonly hosts: 'MX' | 'NS'
  /** @returns the address that requests about a domain contain */
  readonly sentAddress: (mailbox: Mailbox, domain: string) => string
}

const newest: Release = { userAgent: 'Evolution', hosts: 'MX', sentAddress: ({ address }) => address }

// Observed: Evolution 3.46.4, libevolution-mail.so: it invents a local part at the domain that it looks up.
const old: Release = {
  userAgent: 'Evolution/3.46.4',
  hosts: 'NS',
  sentAddress: (_, domain) => `EVOLUTIONUSER@${domain}`
}

export const evolution: Client = {
  name: 'evolution',
  title: 'Evolution',
  release: 'source of 2026; compared with 3.46',
  source: 'GNOME/evolution 6901b22 and 0d5a7a9',
  takes: 'the last server of each type, and SRV records for what the document does not have',
  changes: [
    'After 3.46: it sends the address instead of an invented local part, so that `users` finds its login name, and asks at the mail exchanger (MX) instead of the name server (NS).'
  ],
  discover: createDiscover((mailbox, tracer) => search(mailbox, tracer, newest))
}

/** Evolution of Debian 12. Why it is not among `clients`: doctor assumes the newest release of each program. */
export const evolutionOfDebian12: Client = {
  ...evolution,
  name: 'evolution-3.46',
  title: 'Evolution 3.46',
  release: '3.46',
  source: 'Evolution 3.46.4 (Debian 12)',
  discover: createDiscover((mailbox, tracer) => search(mailbox, tracer, old))
}

interface Option {
  readonly server: FoundServer
  readonly from: string
}

async function search(mailbox: Mailbox, tracer: Tracer, release: Release): Promise<FoundAccount | string> {
  const published = await searchDocuments(mailbox, tracer, release)
  const named = await searchDns(mailbox, tracer)
  // Observed: GNOME/evolution 0d5a7a9, src/modules/config-lookup/e-srv-config-lookup.c: an SRV record has a priority
  // of 100 or 150 after the document's server of its protocol, and POP3 of 1000 after IMAP. Receiving and sending are
  // independent.
  const incoming = [published.imap, named.imaps, named.imap, published.pop3, named.pop3s, named.pop3]
  const outgoing = [published.smtp, named.submissions, named.submission]
  const receiving = incoming.find(option => option !== undefined)
  const sending = outgoing.find(option => option !== undefined)
  if (receiving === undefined || sending === undefined) return 'asks for the server'
  return { incoming: receiving.server, outgoing: sending.server, from: receiving.from }
}

type Published = Partial<Record<keyof Places, Option | undefined>>

async function searchDocuments(mailbox: Mailbox, tracer: Tracer, release: Release): Promise<Published> {
  const places = emptyPlaces()
  let asked = mailbox.typedDomain
  const ask = () => lookUp(asked, places, { mailbox, tracer, release })
  let outcome = await ask()
  if (outcome === 'not found') asked = await hostOf(mailbox.domain, tracer, release)
  // Observed: …/e-mail-autoconfig.c: mail_autoconfig_initable_init removes one label after the other.
  while (outcome === 'not found' && asked.includes('.')) {
    outcome = await ask()
    asked = asked.slice(asked.indexOf('.') + 1)
  }
  if (typeof outcome === 'string') return {}
  const from = outcome.url
  const option = (protocol: keyof Places) => toOption(protocol, places[protocol], from)
  return { imap: option('imap'), pop3: option('pop3'), smtp: option('smtp') }
}

function toOption(protocol: keyof Places, { host, port, username, security }: Place, from: string): Option | undefined {
  if (host === undefined || port === undefined) return undefined
  return { server: { protocol, host, port, security, username }, from }
}

/** Observed: GNOME/evolution 6901b22, src/mail/e-mail-autoconfig.c: mail_autoconfig_resolve_name_server. */
async function hostOf(domain: string, { dns }: Tracer, { hosts }: Release): Promise<string> {
  if (hosts === 'NS') return withoutDot((await dns.ns(domain))[0])
  const exchangers = (await dns.mx(domain)).toSorted((a, b) => a.priority - b.priority)
  return withoutDot(exchangers[0]?.exchange)
}

function withoutDot(name = ''): string {
  return name.replace(/\.$/, '')
}

interface LookUp {
  readonly mailbox: Mailbox
  readonly tracer: Tracer
  readonly release: Release
}

type Outcome = { readonly url: string } | 'not found' | 'failed'

/**
 * Observed: …/e-mail-autoconfig.c: mail_autoconfig_lookup uses the first document that parses, with any content.
 */
async function lookUp(domain: string, places: Places, { mailbox, tracer, release }: LookUp): Promise<Outcome> {
  let status: number | undefined
  const { userAgent, sentAddress } = release
  for (const asked of urlsOf(domain, sentAddress(mailbox, domain), mailbox)) {
    const headers = { 'user-agent': userAgent }
    // Observed: libsoup 3 follows 20 redirects, to both schemes.
    const { response, url } = await tracer.follow({ method: 'GET', url: asked, headers }, { most: 20 })
    status = response?.status
    if (response === undefined || response.status < 200 || response.status > 299) continue
    const isMarkup = readMarkup(response.body, places, mailbox)
    tracer.note(isMarkup ? 'used' : 'refused: a syntax error')
    if (isMarkup) return { url }
  }
  // Observed: …/e-mail-autoconfig.c: ERROR_IS_NOT_FOUND: the search goes on only after a 404 from the ISPDB, which is
  // requested last.
  return status === 404 ? 'not found' : 'failed'
}

// Observed: …/e-mail-autoconfig.c: mail_autoconfig_lookup: g_uri_escape_string, and the MD5 of the address in lower case.
function urlsOf(domain: string, sentAddress: string, { address }: Mailbox): string[] {
  const digest = createHash('md5')
    .update(address.replace(/[A-Z]/g, letter => letter.toLowerCase()))
    .digest('hex')
  const path = `/mail/config-v1.1.xml?emailaddress=${encodeReserved(sentAddress)}&emailmd5=${digest}`
  // Observed: Evolution 3.46.4 as it runs: only host names become A-labels in lower case; paths and queries are as typed.
  const host = toDomain(domain) ?? domain
  return [
    `https://autoconfig.${host}${path}`,
    `http://autoconfig.${host}${path}`,
    `https://${host}/.well-known/autoconfig${path}`,
    `http://${host}/.well-known/autoconfig${path}`,
    `https://autoconfig.thunderbird.net/v1.1/${encodeReserved(domain)}`
  ]
}

/**
 * Observed: GLib guri.c: g_uri_escape_string keeps only the unreserved characters of RFC 3986, which exclude `!'()*`.
 */
function encodeReserved(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`
  )
}

type Service = 'imaps' | 'imap' | 'pop3s' | 'pop3' | 'submissions' | 'submission'

// Observed: GNOME/evolution 0d5a7a9, …/e-srv-config-lookup.c: known_services: a service name that ends in s means
// implicit TLS, any other one STARTTLS. The user name is the address.
async function searchDns(mailbox: Mailbox, { dns }: Tracer): Promise<Partial<Record<Service, Option>>> {
  const named: Partial<Record<Service, Option>> = {}
  for (const [service, protocol] of services) {
    const name = `_${service}._tcp.${mailbox.domain}`
    const [best] = inSrvOrder(await dns.srv(name))
    if (best === undefined) continue
    const security = service.endsWith('s') ? 'tls' : 'starttls'
    const server = { protocol, host: srvHost(best), port: best.port, security, username: mailbox.address } as const
    named[service] = { server, from: `SRV ${name}` }
  }
  return named
}

const services: readonly (readonly [Service, keyof Places])[] = [
  ['imaps', 'imap'],
  ['imap', 'imap'],
  ['pop3s', 'pop3'],
  ['pop3', 'pop3'],
  ['submissions', 'smtp'],
  ['submission', 'smtp']
]
