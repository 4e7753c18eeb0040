/**
 * Outlook autodiscover, plain old XML (POX): MS-OXDSCLI, schema outlook/responseschema/2006a. Read by Outlook 2007 and
 * later, Thunderbird, Delta Chat, FairEmail, EmailEngine, SnappyMail and eM Client.
 */
import { decodeAddressAgain } from '../../formats/query.ts'
import { compile } from '../../formats/template.ts'
import { escapeXml, writeXml, type XmlElement } from '../../formats/xml.ts'
import { fillUrl, type PlaceholderTexts, personTextNames, personTextsFor } from '../../settings/fill-provider.ts'
import { expand } from '../../settings/names/placeholder.ts'
import { type Provider, preferred, type Server, type Service, serviceOf } from '../../settings/provider.ts'
import type { Account } from '../../settings/question/account.ts'
import { toAddress } from '../../settings/question/address.ts'
import type { Authentication, Security } from '../../settings/schema.ts'
import type { Dialect, DialectRequest, Question, Writer } from '../dialect.ts'
import { type Document, document, notServed } from '../document.ts'
import { type LoginSlots, loginSlots } from '../login-slots.ts'
import { compileExchangeRedirect } from './exchange-redirect.ts'
import { compileMobileSync, mobileSyncNamespace } from './mobilesync.ts'
import { readOutlookRequest } from './request.ts'
import { outlookHeaders, outlookRefusals, responseNamespace } from './response.ts'

export const outlookPath = '/autodiscover/autodiscover.xml'

export const outlook: Dialect = {
  name: 'outlook',
  title: 'Outlook autodiscover',
  routes: [
    { method: 'POST', path: outlookPath },
    // Observed: Delta Chat, Outlook for Android 4.2220, MyMail and Spike send only GET.
    { method: 'GET', path: outlookPath }
  ],
  crossOrigin: false,
  // Spec: MS-OXDISCO 3.1.5: a plain http host may only redirect, to an https URL that ends in this path in lower case.
  httpsPath: () => outlookPath,
  plainRedirect,
  forms: ['outlook', 'mobilesync'],
  // Spec: MS-OXDSCLI 3.1.5: errors have status 200.
  isError: document => Object.values(outlookRefusals).includes(document),
  ask,
  compile: write,
  unsupportedReason
}

const outlookNamespace = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a'

function ask({ method, body }: DialectRequest): Question | Document {
  if (method !== 'POST') return { domain: undefined }
  const request = body && readOutlookRequest(body)
  if (request === undefined) return outlookRefusals.invalidRequest
  // Spec: MS-OXDSCLI 3.2.5: a LegacyDN takes precedence over the address. It names an Exchange mailbox, which does not exist
  // here.
  if (request.hasLegacyDn) return outlookRefusals.unknownAddress
  if (request.address === '') return outlookRefusals.invalidRequest
  // Why: some clients use other letter case, and newer samples of Microsoft contain https.
  const schema = request.schema.toLowerCase().replace(/^https:/, 'http:')
  const form = schema === mobileSyncNamespace ? 'mobilesync' : 'outlook'
  if (form === 'outlook' && schema !== outlookNamespace) return outlookRefusals.schemaNotServed
  const address = toAddress(decodeAddressAgain(request.address))
  return address === undefined ? outlookRefusals.unknownAddress : { domain: address.domain, address, form }
}

/**
 * Why not for providers with `users`: over plain http the person is unknown, and some people may not use Exchange.
 * Why at all: each redirect asks the person for consent, and this way there is only one.
 */
function plainRedirect(account: Account): Document | undefined {
  const { provider } = account
  if (provider.looksUpUsers || !provider.dialects.outlook) return undefined
  return compileExchangeRedirect(provider)?.({ ...account, personName: undefined })
}

function unsupportedReason(provider: Provider): string | undefined {
  return serversOf(provider).length === 0 && provider.exchangeUrl === undefined
    ? 'it needs an imap, pop3 or smtp server with password or NTLM authentication'
    : undefined
}

function write(provider: Provider): Writer | undefined {
  const redirect = compileExchangeRedirect(provider)
  const writeOutlook = redirect ?? compileOutlook(provider)
  const writeMobileSync = compileMobileSync(provider) ?? redirect
  if (writeOutlook === undefined && writeMobileSync === undefined) return undefined
  return input => {
    const writer = input.form === 'mobilesync' ? writeMobileSync : writeOutlook
    if (writer !== undefined) return writer(input)
    // Why: the other schema is no substitute, because clients cannot use a schema that they did not request. Observed: if
    // its GET gets an error with status 200, Delta Chat ends its search.
    return input.form === undefined ? notServed : outlookRefusals.schemaNotServed
  }
}

function compileOutlook(provider: Provider): Writer | undefined {
  const servers = serversOf(provider)
  if (servers.length === 0) return undefined
  const logins = loginSlots(provider)
  const textsOf = personTextsFor(provider)
  const usesIncomingLogin = sharesLogin(servers, logins)
  const fillPersonal = compile(
    ['domain', 'address', ...personTextNames, ...logins.names],
    marks => {
      const { address } = marks
      const loginOf = (server: Server | Service) => logins.of(marks, server)
      return writeXml(
        autodiscover(provider, servers, { texts: marks, usesIncomingLogin, person: { address, loginOf } })
      )
    },
    escapeXml
  )
  const fillGeneral = compile(
    ['domain'],
    ({ domain }) => writeXml(autodiscover(provider, servers, { texts: { domain }, usesIncomingLogin })),
    escapeXml
  )
  return input => {
    const { domain, address } = input
    if (address === undefined) return document(200, outlookHeaders, fillGeneral({ domain }))
    const values = { domain, address: address.text, ...textsOf(address), ...logins.fill(input, address) }
    return document(200, outlookHeaders, fillPersonal(values))
  }
}

function serversOf(provider: Provider): Server[] {
  return (['imap', 'pop3', 'smtp'] as const)
    .map(protocol => preferred(provider, protocol))
    .filter(server => server !== undefined)
    .filter(server => methodOf(server) !== undefined)
}

/**
 * POX cannot express OAuth, Kerberos and similar methods outside Exchange. NTLM comes last, because most of the programs that
 * read this document do not support it.
 */
function methodOf({ authentication }: Server): Authentication | undefined {
  return (
    authentication.find(method => ['password', 'encrypted-password', 'none'].includes(method)) ??
    authentication.find(method => method === 'ntlm')
  )
}

/**
 * Why all incoming servers: a program may choose any of them. Why a common method: a server may have other passwords for a
 * method, such as hashes for `encrypted-password`.
 *
 * @param servers those of the document
 * @returns whether a program can log in to SMTP with the name and password of the incoming server
 */
function sharesLogin(servers: readonly Server[], logins: LoginSlots): boolean {
  const outgoing = servers.find(({ protocol }) => protocol === 'smtp')
  const incoming = servers.filter(({ protocol }) => protocol !== 'smtp')
  if (outgoing === undefined || incoming.length === 0) return false
  if (servers.some(server => methodOf(server) === 'none')) return false
  return incoming.every(
    server =>
      logins.areSame(server, outgoing) &&
      server.authentication.some(method => isPassword(method) && outgoing.authentication.includes(method))
  )
}

function isPassword(method: Authentication): boolean {
  return method === 'password' || method === 'encrypted-password' || method === 'ntlm'
}

interface DocumentOptions {
  readonly texts: PlaceholderTexts
  /** Whether SMTP takes the name and password of the incoming server. */
  readonly usesIncomingLogin: boolean
  /** Undefined if the request has no address. */
  readonly person?: Person
}

interface Person {
  readonly address: string
  /** Undefined for a server without a login name. */
  readonly loginOf: (server: Server | Service) => string | undefined
}

/**
 * There is one Account with one Protocol of each type, in the order IMAP, POP3, SMTP.
 *
 * Why: Thunderbird reads the first Account and the first IMAP; FairEmail and EmailEngine read the last IMAP.
 */
function autodiscover(
  provider: Provider,
  servers: readonly Server[],
  { texts, usesIncomingLogin, person }: DocumentOptions
): XmlElement {
  const { domain } = texts
  return {
    Autodiscover: {
      '@xmlns': responseNamespace,
      Response: {
        '@xmlns': outlookNamespace,
        // Why: a display name from a directory would reveal who owns the mailbox.
        User: person && { DisplayName: person.address },
        Account: {
          // Observed: the state machine of FairEmail needs both before the first Protocol.
          AccountType: 'email',
          Action: 'settings',
          ServiceHome: provider.website && expand(provider.website, { '%EMAILDOMAIN%': domain }),
          Protocol: [
            // Spec: "UsePOPAuth (POX)" (learn.microsoft.com): whether the login of the incoming server is also used for SMTP.
            ...servers.map(server => ({
              ...protocolElement(server, domain, person?.loginOf(server)),
              ...(server.protocol === 'smtp' && { UsePOPAuth: usesIncomingLogin ? 'on' : 'off', SMTPLast: 'off' })
            })),
            ...calendarElements(provider, texts, person)
          ]
        }
      }
    }
  }
}

function protocolElement(server: Server, domain: string, login?: string) {
  const { protocol, host, port, security } = server
  return {
    Type: protocol.toUpperCase(),
    TTL: 24,
    Server: expand(host, { '%EMAILDOMAIN%': domain }),
    // Observed: Delta Chat and FairEmail ignore a Protocol without a Port.
    Port: port,
    LoginName: login,
    DomainRequired: 'off',
    // Spec: MS-OXDSCLI 2.2.4.1.1.2.6: the default is on, which means NTLM.
    SPA: methodOf(server) === 'ntlm' ? 'on' : 'off',
    SSL: security === 'none' ? 'off' : 'on',
    Encryption: encryptions[security],
    AuthRequired: methodOf(server) === 'none' ? 'off' : 'on'
  }
}

/**
 * Calendars and contacts for eM Client, after all mail servers.
 *
 * Observed: mailcow (PR 370), automx (PR 36) and automx2 send these elements, which Microsoft does not define. Outlook and the
 * other programs ignore Protocols of unknown types.
 */
function calendarElements(provider: Provider, texts: PlaceholderTexts, person?: Person): XmlElement[] {
  return calendarTypes.flatMap(([protocol, type]) => {
    const service = serviceOf(provider, protocol)
    // Why: the program only has a password.
    if (service?.authentication.some(method => method === 'password' || method === 'encrypted-password') !== true)
      return []
    return [
      {
        Type: type,
        Server: fillUrl(service.url, texts),
        LoginName: person?.loginOf(service),
        DomainRequired: 'off'
      }
    ]
  })
}

const calendarTypes = [
  ['caldav', 'CalDAV'],
  ['carddav', 'CardDAV']
] as const

// Spec: MS-OXDSCLI 2.2.4.1.1.2.6.22. Observed: Outlook interprets TLS as STARTTLS; with TLS on port 993, it waits forever
// for a plaintext greeting.
const encryptions: Record<Security, string> = { tls: 'SSL', starttls: 'TLS', none: 'None' }
