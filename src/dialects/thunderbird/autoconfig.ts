/**
 * Mozilla autoconfig, clientConfig 1.1: draft-ietf-mailmaint-autoconfig-06. Read by Thunderbird, Thunderbird for
 * Android, K-9, Evolution, KDE, Delta Chat, FairEmail, Nextcloud Mail and others.
 */
import { decodeAddressAgain, percentDecode, queryValue } from '../../formats/query.ts'
import { compile, type Values } from '../../formats/template.ts'
import { escapeXmlValue, writeXml, type XmlElement } from '../../formats/xml.ts'
import { fillProvider, personTextNames, personTextsFor } from '../../settings/fill-provider.ts'
import { type AnyServer, loginPattern, logsInByAddress } from '../../settings/names/login-name.ts'
import { expand } from '../../settings/names/placeholder.ts'
import { type Provider, preferred, type Server } from '../../settings/provider.ts'
import { toAddress } from '../../settings/question/address.ts'
import { toDomain } from '../../settings/question/domain.ts'
import type { Authentication, Security } from '../../settings/schema.ts'
import type { Dialect, DialectRequest, Question, Writer } from '../dialect.ts'
import { document } from '../document.ts'
import { loginSlots } from '../login-slots.ts'
import { type DocumentValues, extrasOf, hasPersonalUrls } from './extras.ts'

export const thunderbird: Dialect = {
  name: 'thunderbird',
  title: 'Thunderbird autoconfig',
  routes: [
    { method: 'GET', path: '/mail/config-v1.1.xml' },
    { method: 'GET', path: '/.well-known/autoconfig/mail/config-v1.1.xml' },
    // Observed: SnappyMail (2026-08) still requests this name from the drafts of January to May 2024, and requests it first.
    { method: 'GET', path: '/.well-known/mail-v1.xml' },
    // Why: this is the path of Mozilla's database, so that companies can point Thunderbird here (mailnews.auto_config_url).
    { method: 'GET', path: '/v1.1/:domain' },
    // Observed: Nine (Android) looks for the usual file below /v1.1/.
    { method: 'GET', path: '/v1.1/mail/config-v1.1.xml' }
  ],
  crossOrigin: true,
  ask,
  compile: write,
  unsupportedReason
}

const headers = {
  // Observed: Thunderbird 156 (FetchHTTP) rejects bodies whose type does not begin with text/xml or application/xml.
  'content-type': 'text/xml; charset=utf-8',
  // Why: the document of a domain is the same for everyone, with and without an address.
  'cache-control': 'public, max-age=3600',
  'access-control-allow-origin': '*',
  'x-content-type-options': 'nosniff'
}

const personalHeaders = { ...headers, 'cache-control': 'private, max-age=3600' }

const lookedUpHeaders = { ...headers, 'cache-control': 'no-store' }

const databaseTarget = /^\/v1\.1\/([^/?]+)\/?(?:\?|$)/i

/** Without a usable address, only its domain counts. */
function ask({ url, query }: DialectRequest): Question {
  const [, domain] = databaseTarget.exec(url) ?? []
  if (domain !== undefined) return { domain: toDomain(percentDecode(domain) ?? ''), strict: true }
  const value = decodeAddressAgain(queryValue(query, 'emailaddress') ?? '')
  const at = value.lastIndexOf('@')
  // Why: a local part without a domain would otherwise count as a domain and be logged as one.
  if (at === -1) return { domain: undefined }
  const address = toAddress(value)
  if (address === undefined || halfDecoded.test(address.localPart)) return { domain: toDomain(value.slice(at + 1)) }
  // Observed: Evolution sends this local part and replaces it in the response with the real one.
  if (/^EVOLUTIONUSER$/i.test(address.localPart))
    return { domain: address.domain, address: { ...address, isStandIn: true } }
  return { domain: address.domain, address }
}

/** Why: some clients encode the address twice, and a login name that was made from it would be wrong. */
const halfDecoded = /%[\dA-Fa-f]{2}/

/** Observed: Thunderbird 156 (readFromXML) and Thunderbird for Android reject files without incoming or outgoing server. */
function unsupportedReason(provider: Provider): string | undefined {
  if (preferred(provider, 'smtp') === undefined) return 'it needs an smtp server'
  if (preferred(provider, 'imap') ?? preferred(provider, 'pop3')) return undefined
  return 'it needs an imap or pop3 server'
}

function write(provider: Provider): Writer | undefined {
  const incoming = [preferred(provider, 'imap'), preferred(provider, 'pop3')].filter(server => server !== undefined)
  const outgoing = preferred(provider, 'smtp')
  if (incoming.length === 0 || outgoing === undefined) return undefined
  const servers = { incoming, outgoing }
  const writeUsual = compileWriter(provider, servers, { atExchanger: false })
  let writeAtExchanger: Writer | undefined
  return input => {
    if (input.exchanger === undefined) return writeUsual(input)
    // Why not before the first request: most providers have no customers whose programs look up mail exchangers.
    writeAtExchanger ??= compileWriter(provider, servers, { atExchanger: true })
    return writeAtExchanger(input)
  }
}

/** @param atExchanger the documents also name the domain of the mail exchanger that was asked */
function compileWriter(
  provider: Provider,
  servers: MailServers,
  { atExchanger }: { readonly atExchanger: boolean }
): Writer {
  const exchangerOf = ({ exchanger }: Values<'exchanger'>) => (atExchanger ? { exchanger } : {})
  const fillGeneral = compile(
    ['domain', 'exchanger'],
    ({ domain, ...marks }) => {
      const loginOf = (server: AnyServer) => loginPattern(provider, server)
      return writeXml(clientConfig(provider, servers, { domain, ...exchangerOf(marks), loginOf }))
    },
    unescaped
  )
  // Why: the document of a domain is not cached, because filling it takes less than a microsecond.
  const writeGeneral: Writer = ({ domain, exchanger = '' }) =>
    document(200, headers, fillGeneral({ domain, exchanger }))
  if (logsInByAddress(provider) && !hasPersonalUrls(provider)) return writeGeneral
  const logins = loginSlots(provider)
  const textsOf = personTextsFor(provider)
  const fill = compile(
    ['domain', 'exchanger', ...personTextNames, ...logins.names],
    ({ exchanger, ...marks }) => {
      const loginOf = (server: AnyServer) => logins.of(marks, server)
      return writeXml(clientConfig(provider, servers, { ...marks, ...exchangerOf({ exchanger }), loginOf }))
    },
    escapeXmlValue
  )
  return input => {
    const { domain, exchanger = '', address, lookedUpNames } = input
    // Why: a name that was not looked up would be the one of an unknown mailbox.
    if (address === undefined || (provider.looksUpUsers && lookedUpNames === undefined)) return writeGeneral(input)
    const fields = lookedUpNames === undefined ? personalHeaders : lookedUpHeaders
    return document(200, fields, fill({ domain, exchanger, ...textsOf(address), ...logins.fill(input, address) }))
  }
}

/** Why: domains need no escaping, because they consist of letters, digits, dots and hyphens. */
const unescaped = (value: string) => value

interface MailServers {
  readonly incoming: readonly Server[]
  readonly outgoing: Server
}

/**
 * There is at most one server of each protocol, imap first.
 *
 * Why: of several servers, Thunderbird uses the first, Evolution and aerc the last, and KDE the one with STARTTLS.
 * FairEmail and Geary expect imap first.
 */
function clientConfig(provider: Provider, { incoming, outgoing }: MailServers, values: DocumentValues): XmlElement {
  const { exchanger, domain } = values
  const { name, shortName } = fillProvider(provider, values)
  const toElement = (server: Server) => serverElement(server, provider, values)
  const { inside, beside, incoming: others } = extrasOf(provider, values)
  return {
    clientConfig: {
      '@version': '1.1',
      emailProvider: {
        // Observed: Mailspring uses the provider whose id is the domain; Thunderbird rejects an id that is not a host name.
        '@id': domain,
        // Observed: Thunderbird 156 (JXON) ignores the text of an element with attributes, so purpose="mx" is not possible.
        // Spec: draft-ietf-mailmaint-autoconfig-06, MX lookup: one <domain> must be that of the mail exchanger. Observed:
        // Mustang (readConfig.ts) ignores other documents that it finds by MX records.
        domain: exchanger === undefined ? domain : [domain, exchanger],
        displayName: name,
        displayShortName: shortName,
        incomingServer: [...incoming.map(toElement), ...others],
        outgoingServer: toElement(outgoing),
        ...inside
      },
      ...beside
    }
  }
}

/**
 * Observed: FairEmail guesses STARTTLS at each <port>, so socketType must come after it. Evolution (GMarkup) treats any
 * attribute except type as a syntax error.
 */
function serverElement(server: Server, provider: Provider, { domain, loginOf }: DocumentValues) {
  const { protocol, host, port, security, authentication } = server
  return {
    '@type': protocol,
    // Observed: FairEmail, Nextcloud Mail, aerc, Mailspring and Geary do not replace placeholders in host names.
    hostname: expand(host, { '%EMAILDOMAIN%': domain }),
    port,
    socketType: socketTypes[security],
    // Observed: aerc, FairEmail, EmailEngine and SnappyMail (2026-08) do not replace all placeholders, so only documents for
    // requests without an address contain them. %EMAILADDRESS% is an exception that all programs replace.
    username: loginOf(server),
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
 * There is one method, a password if the server accepts one.
 *
 * Why: Thunderbird uses the first method that it supports, KDE the last one after password-cleartext, OAuth2 works only for
 * hosts in the built-in tables of clients, and Himalaya rejects documents with GSSAPI.
 */
function methodsOf(accepted: readonly Authentication[], { extras }: Provider): readonly Authentication[] {
  const passwords = accepted.filter(method => method === 'password' || method === 'encrypted-password')
  const single = (passwords.length > 0 ? passwords : accepted).slice(0, 1)
  if (!extras.includes('oauth2')) return single
  return accepted.filter(method => method === 'oauth2' || single.includes(method))
}
