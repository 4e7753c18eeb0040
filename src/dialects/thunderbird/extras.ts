/**
 * Optional elements of autoconfig that a provider can enable: clientConfig 1.1 as in Mozilla's database, and
 * draft-ietf-mailmaint-autoconfig-06. Some programs handle them badly; `signpost check` says which.
 */
import type { XmlElement, XmlNode } from '../../formats/xml.ts'
import type { AnyServer } from '../../settings/login-name.ts'
import { expand } from '../../settings/placeholder.ts'
import { type Provider, type ServiceProtocol, serviceOf } from '../../settings/provider.ts'

export interface Extras {
  /** After the servers, in emailProvider. */
  readonly inside: XmlElement
  /** After emailProvider, in clientConfig. */
  readonly beside: XmlElement
  /** After the other incoming servers. */
  readonly incoming: readonly XmlElement[]
}

/** Values that differ between documents of a provider. */
export interface DocumentValues {
  readonly domain: string
  /** Undefined for a server without a login name. */
  readonly loginOf: (server: AnyServer) => string | undefined
}

export function extrasOf(provider: Provider, values: DocumentValues): Extras {
  const has = (extra: Provider['extras'][number]) => provider.extras.includes(extra)
  const dav = (protocol: ServiceProtocol, urlName: string) =>
    has('dav') ? service(provider, protocol, values, urlName) : undefined
  return {
    inside: { documentation: has('documentation') ? documentation(provider) : undefined },
    beside: {
      addressBook: dav('carddav', 'serverURL'),
      calendar: dav('caldav', 'serverURL'),
      fileShare: dav('webdav', 'serverURL'),
      webMail: has('webmail') && provider.webmail ? { loginPage: { '@url': provider.webmail } } : undefined,
      oAuth2: has('oauth2') && provider.oauth ? oAuth2(provider.oauth) : undefined
    },
    // Observed: FairEmail and Geary expect imap first; Himalaya rejects documents with jmap anywhere.
    incoming: has('jmap') ? [service(provider, 'jmap', values, 'url')].filter(element => element !== undefined) : []
  }
}

function documentation({ documentation: pages }: Provider): XmlNode[] {
  return pages.map(({ url, text }) => ({
    '@url': url,
    descr: Object.entries(text).map(([language, words]) => ({ '@lang': language, '#text': words }))
  }))
}

function service(
  provider: Provider,
  protocol: ServiceProtocol,
  { domain, loginOf }: DocumentValues,
  urlName: string
): XmlElement | undefined {
  const found = serviceOf(provider, protocol)
  const method = methods.find(({ of }) => found?.authentication.includes(of))
  return (
    found &&
    method && {
      '@type': protocol,
      // Observed: FairEmail uses the last user name of the file for all servers; Thunderbird uses that of the mail server.
      username: loginOf(found),
      authentication: method.word,
      [urlName]: expand(found.url, { '%EMAILDOMAIN%': domain })
    }
  )
}

/** Spec: draft-ietf-mailmaint-autoconfig-06, "Publishing": services without a working login method are omitted. */
const methods = [
  { of: 'password', word: 'http-basic' },
  { of: 'encrypted-password', word: 'http-digest' },
  { of: 'oauth2', word: 'OAuth2' }
] as const

/** Observed: only Himalaya reads this element, and it requires all four children. */
function oAuth2({ issuer, scope, authorizationUrl, tokenUrl }: NonNullable<Provider['oauth']>): XmlElement {
  return { issuer, scope, authURL: authorizationUrl, tokenURL: tokenUrl }
}
