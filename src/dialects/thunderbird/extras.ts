/**
 * Optional elements of autoconfig that a provider can enable: clientConfig 1.1 as in Mozilla's database, and
 * draft-ietf-mailmaint-autoconfig-06. Some programs handle them badly; `signpost check` says which.
 */
import type { XmlElement, XmlNode } from '../../formats/xml.ts'
import { fillProvider, fillUrl, isPersonal, type PlaceholderTexts } from '../../settings/fill-provider.ts'
import type { AnyServer } from '../../settings/names/login-name.ts'
import { expand } from '../../settings/names/placeholder.ts'
import { type Provider, type Service, type ServiceProtocol, serviceOf } from '../../settings/provider.ts'
import { endpointOf } from '../apple/service-payloads.ts'

export interface Extras {
  /** After the servers, in emailProvider. */
  readonly inside: XmlElement
  /** After emailProvider, in clientConfig. */
  readonly beside: XmlElement
  /** After the other incoming servers. */
  readonly incoming: readonly XmlElement[]
}

/** Values that differ between documents of a provider. */
export interface DocumentValues extends PlaceholderTexts {
  /** As in `Account`. */
  readonly exchanger?: string | undefined
  /** Undefined for a server without a login name. */
  readonly loginOf: (server: AnyServer) => string | undefined
}

/** @returns whether the document contains URLs that differ between the people of a domain */
export function hasPersonalUrls({ extras, services }: Provider): boolean {
  return extras.includes('dav') && services.some(({ url }) => isPersonal(url))
}

export function extrasOf(provider: Provider, values: DocumentValues): Extras {
  const has = (extra: Provider['extras'][number]) => provider.extras.includes(extra)
  const { documentation: pages, webmail } = fillProvider(provider, values)
  const dav = (protocol: ServiceProtocol, urlName: string) =>
    has('dav') ? service(provider, protocol, values, urlName) : undefined
  return {
    inside: { documentation: has('documentation') ? documentation(pages) : undefined },
    beside: {
      addressBook: dav('carddav', 'serverURL'),
      calendar: dav('caldav', 'serverURL'),
      fileShare: dav('webdav', 'serverURL'),
      webMail: has('webmail') && webmail ? { loginPage: { '@url': webmail } } : undefined,
      oAuth2: has('oauth2') && provider.oauth ? oAuth2(provider.oauth) : undefined
    },
    // Observed: FairEmail and Geary expect imap first; Himalaya rejects documents with jmap and the others anywhere.
    incoming: [
      ...(has('jmap') ? [service(provider, 'jmap', values, 'url')] : []),
      ...(has('exchange') ? exchangeServers(provider, values) : [])
    ].filter(element => element !== undefined)
  }
}

function documentation(pages: Provider['documentation']): XmlNode[] {
  return pages.map(({ url, text }) => ({
    '@url': url,
    descr: Object.entries(text).map(([language, words]) => ({ '@lang': language, '#text': words }))
  }))
}

function service(
  provider: Provider,
  protocol: ServiceProtocol,
  values: DocumentValues,
  urlName: string
): XmlElement | undefined {
  const found = serviceOf(provider, protocol)
  const method = methods.find(({ of }) => found?.authentication.includes(of))
  return (
    found &&
    method && {
      '@type': protocol,
      // Observed: FairEmail uses the last user name of the file for all servers; Thunderbird uses that of the mail server.
      username: values.loginOf(found),
      authentication: method.word,
      [urlName]: fillUrl(found.url, values)
    }
  )
}

/** Spec: draft-ietf-mailmaint-autoconfig-06, "Publishing": services without a working login method are omitted. */
const methods = [
  { of: 'password', word: 'http-basic' },
  { of: 'encrypted-password', word: 'http-digest' },
  { of: 'oauth2', word: 'OAuth2' }
] as const

/**
 * Servers of Exchange as the draft has them, followed by the older element that Thunderbird still reads.
 *
 * Observed: Mozilla's database (2026-03, office365.com.xml) has the same elements in this order.
 */
function exchangeServers(provider: Provider, values: DocumentValues): (XmlElement | undefined)[] {
  const activeSync = service(provider, 'activesync', values, 'url')
  return [
    service(provider, 'ews', values, 'url'),
    service(provider, 'graph', values, 'url'),
    // Spec: draft-ietf-mailmaint-autoconfig-06 writes this type with a capital letter.
    activeSync && { ...activeSync, '@type': 'activeSync' },
    exchangeServer(provider, values)
  ]
}

/** @returns undefined if neither EWS nor ActiveSync has a login method that Thunderbird knows */
function exchangeServer(provider: Provider, { domain, loginOf }: DocumentValues): XmlElement | undefined {
  const services = [serviceOf(provider, 'ews'), serviceOf(provider, 'activesync')].filter(each => each !== undefined)
  const methodOf = (of: Service) => exchangeMethods.find(method => of.authentication.includes(method.of))
  const server = services.find(methodOf)
  const method = server && methodOf(server)
  if (server === undefined || method === undefined) return undefined
  const webmail = expand(provider.webmail ?? '', { '%EMAILDOMAIN%': domain })
  // Why: the element has one login method for all its URLs.
  const urlOf = (protocol: Service['protocol']) => {
    const found = services.find(each => each.protocol === protocol && each.authentication.includes(method.of))
    return found && expand(found.url, { '%EMAILDOMAIN%': domain })
  }
  const { host, port } = endpointOf(server, domain)
  return {
    '@type': 'exchange',
    hostname: host,
    port,
    socketType: 'SSL',
    username: loginOf(server),
    authentication: method.word,
    // Why: Outlook on the web is the webmail of Exchange, at this path.
    owaURL: /\/owa\/?$/i.test(webmail) ? webmail : undefined,
    ewsURL: urlOf('ews'),
    easURL: urlOf('activesync'),
    // Why: Exchange accounts have no SMTP server, so Thunderbird uses the preferred one of the person.
    useGlobalPreferredServer: 'true'
  }
}

/** Observed: Thunderbird reads the words of IMAP here, and the first one that it knows counts. */
const exchangeMethods = [
  { of: 'password', word: 'password-cleartext' },
  { of: 'oauth2', word: 'OAuth2' },
  { of: 'ntlm', word: 'NTLM' },
  { of: 'gssapi', word: 'GSSAPI' }
] as const

/**
 * Observed: only Himalaya reads this element. It requires the first four children. Spec:
 * draft-ietf-mailmaint-autoconfig-06, "OAuth2": clientID is for public clients.
 */
function oAuth2({ issuer, scope, authorizationUrl, tokenUrl, clientId }: NonNullable<Provider['oauth']>): XmlElement {
  return { issuer, scope, authURL: authorizationUrl, tokenURL: tokenUrl, clientID: clientId }
}
