/**
 * Mozilla autoconfig, clientConfig 1.1: draft-ietf-mailmaint-autoconfig-06. Read by Thunderbird, Thunderbird for
 * Android, K-9, Evolution, KDE, Delta Chat, FairEmail, Nextcloud Mail and others.
 */
import { percentDecode } from '../../formats/percent.ts'
import { queryValue } from '../../formats/query.ts'
import { compile, type Values } from '../../formats/template.ts'
import { escapeXml, writeXml, type XmlElement } from '../../formats/xml.ts'
import { toAddress } from '../../settings/address.ts'
import { toDomain } from '../../settings/domain.ts'
import { expand } from '../../settings/placeholder.ts'
import { type Provider, preferred, type Server } from '../../settings/provider.ts'
import type { Authentication, Security } from '../../settings/schema.ts'
import type { Dialect, Inquiry, Question, Writer } from '../dialect.ts'
import { document } from '../document.ts'
import { extrasOf } from './extras.ts'

export const thunderbird: Dialect = {
  name: 'thunderbird',
  title: 'Thunderbird autoconfig',
  routes: [
    { method: 'GET', path: '/mail/config-v1.1.xml' },
    { method: 'GET', path: '/.well-known/autoconfig/mail/config-v1.1.xml' },
    // Observed: SnappyMail (2026-08) still asks this name of the drafts of January to May 2024, and asks it first.
    { method: 'GET', path: '/.well-known/mail-v1.xml' },
    // Why: the address of Mozilla's database, so that a company's Thunderbirds can be pointed here (mailnews.auto_config_url).
    { method: 'GET', path: '/v1.1/:domain' },
    // Observed: Nine (Android) takes /v1.1/ for the folder of the usual file.
    { method: 'GET', path: '/v1.1/mail/config-v1.1.xml' }
  ],
  crossOrigin: true,
  ask,
  askPersonally,
  compile: write,
  obstacle
}

const headers = {
  // Observed: Thunderbird 156 (FetchHTTP) refuses a body whose type does not begin with text/xml or application/xml.
  'content-type': 'text/xml; charset=utf-8',
  // Why: a domain's answer is the same for everybody, with and without an address.
  'cache-control': 'public, max-age=3600',
  'access-control-allow-origin': '*',
  'x-content-type-options': 'nosniff'
}

const personalHeaders = { ...headers, 'cache-control': 'no-store' }

const databaseTarget = /^\/v1\.1\/([^/?]+)\/?(?:\?|$)/i

function ask({ url, query }: Inquiry): Question {
  const [, domain] = databaseTarget.exec(url) ?? []
  if (domain === undefined) return { domain: askedDomain(query) }
  return { domain: toDomain(percentDecode(domain) ?? ''), strict: true }
}

/** Why: only the domain matters, so that `EVOLUTIONUSER@domain` and any nonsense before the @ get the same answer. */
function askedDomain(query: string): Question['domain'] {
  const value = queryValue(query, 'emailaddress') ?? ''
  const at = value.lastIndexOf('@')
  // Why: a local part typed without its domain would pass for one, and be logged as one.
  return at === -1 ? undefined : toDomain(value.slice(at + 1))
}

/** Where the address cannot be read, the domain is asked about. */
function askPersonally(inquiry: Inquiry): Question {
  const question = ask(inquiry)
  if (question.strict === true) return question
  const address = toAddress(queryValue(inquiry.query, 'emailaddress') ?? '')
  // Observed: Evolution asks for this name, and puts the real one in its place wherever it stands in the answer.
  if (address === undefined || /^EVOLUTIONUSER$/i.test(address.localPart)) return question
  return { domain: address.domain, address }
}

/** Observed: Thunderbird 156 (readFromXML) and Thunderbird for Android refuse a file without both. */
function obstacle(provider: Provider): string | undefined {
  if (preferred(provider, 'smtp') === undefined) return 'it needs an smtp server'
  if (preferred(provider, 'imap') ?? preferred(provider, 'pop3')) return undefined
  return 'it needs an imap or a pop3 server'
}

function write(provider: Provider): Writer | undefined {
  const incoming = [preferred(provider, 'imap'), preferred(provider, 'pop3')].filter(server => server !== undefined)
  const outgoing = preferred(provider, 'smtp')
  if (incoming.length === 0 || outgoing === undefined) return undefined
  const writeGeneral = writeForDomain(({ domain }) => writeXml(clientConfig(provider, incoming, outgoing, domain)))
  if (!provider.looksUpUsers) return writeGeneral
  const fill = compile(
    ['domain', 'login'],
    ({ domain, login }) => writeXml(clientConfig({ ...provider, username: login }, incoming, outgoing, domain)),
    escapeXml
  )
  return subject => {
    const { domain, login } = subject
    return login === undefined ? writeGeneral(subject) : document(200, personalHeaders, fill({ domain, login }))
  }
}

/** The same document for everybody in a domain. Why none is kept: to put it together takes less than a microsecond. */
function writeForDomain(toText: (marks: Values<'domain'>) => string): Writer {
  const fill = compile(['domain'], toText, plain)
  return ({ domain }) => document(200, headers, fill({ domain }))
}

/** Why: a domain consists of letters, digits, dots and hyphens. */
const plain = (value: string) => value

/**
 * One imap, at most one pop3, one smtp. Why: with several of a kind Thunderbird takes the first, Evolution and aerc the
 * last, and KDE the one with STARTTLS; FairEmail and Geary want imap first.
 */
function clientConfig(provider: Provider, incoming: readonly Server[], outgoing: Server, domain: string): XmlElement {
  const server = (entry: Server) => serverElement(entry, provider, domain)
  const { inside, beside, incoming: others } = extrasOf(provider, domain)
  return {
    clientConfig: {
      '@version': '1.1',
      emailProvider: {
        // Observed: Mailspring takes the provider whose id is the domain; Thunderbird refuses an id that is no host name.
        '@id': domain,
        // Observed: Thunderbird 156 (JXON) loses the value of an element with an attribute, so no purpose="mx".
        domain,
        displayName: provider.name,
        displayShortName: provider.shortName,
        incomingServer: [...incoming.map(server), ...others],
        outgoingServer: server(outgoing),
        ...inside
      },
      ...beside
    }
  }
}

/**
 * Why this order: FairEmail guesses STARTTLS anew at every <port>, so socketType must come after it. No attribute but
 * type: Evolution (GMarkup) takes any other for a syntax error.
 */
function serverElement({ protocol, host, port, security, authentication }: Server, provider: Provider, domain: string) {
  return {
    '@type': protocol,
    // Observed: FairEmail, Nextcloud Mail, aerc, Mailspring and Geary send a placeholder in a host name literally.
    hostname: expand(host, { '%EMAILDOMAIN%': domain }),
    port,
    socketType: socketTypes[security],
    // Why: never the address of the query, which some clients send half decoded; the client knows it better.
    username: provider.username,
    authentication: methodsOf(authentication, provider).map(method => methods[method])
  }
}

const socketTypes: Record<Security, string> = { tls: 'SSL', starttls: 'STARTTLS', none: 'plain' }

const methods: Record<Authentication, string> = {
  password: 'password-cleartext',
  'encrypted-password': 'password-encrypted',
  oauth2: 'OAuth2',
  gssapi: 'GSSAPI',
  ntlm: 'NTLM',
  'client-certificate': 'TLS-client-cert',
  none: 'none'
}

/**
 * One method. Why: Thunderbird takes the first that it can, KDE the last after password-cleartext, and OAuth2 works only
 * for hosts in the clients' own tables; Himalaya refuses a document with GSSAPI. So a password where one is accepted.
 */
function methodsOf(offered: readonly Authentication[], { extras }: Provider): readonly Authentication[] {
  const passwords = offered.filter(method => method === 'password' || method === 'encrypted-password')
  const single = (passwords.length > 0 ? passwords : offered).slice(0, 1)
  if (!extras.includes('oauth2')) return single
  return offered.filter(method => method === 'oauth2' || single.includes(method))
}
