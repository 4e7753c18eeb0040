/**
 * Checks of the URLs of services: placeholders in them, and URLs that lead back to this service.
 */
import { expected, type Fault, found, type Path, warning } from '../load/finding.ts'
import { expand, type Placeholder, placeholders } from '../names/placeholder.ts'
import { isSocket, toPattern } from '../provider.ts'
import { toMailSite } from '../question/account.ts'
import type { Protocol, Settings } from '../schema.ts'
import { checkFragment } from './address.ts'
import { checkUrlHost } from './host.ts'
import { checkForeign } from './placeholders.ts'

/** Why: servers of JMAP and ActiveSync have the same URL for everyone. */
const personal: readonly Protocol[] = ['caldav', 'carddav', 'webdav']

/** @param protocol that of a mail server stands for any protocol */
export function checkServiceUrl(url: string, protocol: Protocol, path: Path): Fault[] {
  const isPersonal = isSocket(protocol) || personal.includes(protocol)
  const replaced: readonly Placeholder[] = isPersonal ? placeholders : ['%EMAILDOMAIN%']
  const rest = expand(url, Object.fromEntries(replaced.map(name => [name, 'x'])))
  // Spec: RFC 3986 2.1: a percent sign begins an octet of two hexadecimal digits.
  const [stray] = /%(?![\dA-Fa-f]{2})[A-Za-z]*%?/.exec(rest) ?? []
  if (stray !== undefined)
    return [expected(path, stray, `an https:// URL with no placeholder except ${replaced.join(', ')}`)]
  const inHost = /^https:\/\/[^/?#]*?(%EMAIL(?:ADDRESS|LOCALPART)%)/.exec(url)?.[1]
  if (inHost !== undefined) return [expected(path, inHost, 'it in the path, and only %EMAILDOMAIN% in the host')]
  if (URL.canParse(rest)) {
    return [...checkUrlHost(url, path), ...checkFragment(url, path), ...checkForeign(url, path, replaced)]
  }
  return [expected(path, url, 'an https:// URL that a browser can open, such as https://dav.example.com/')]
}

const wellKnownPath = /^\/\.well-known\/(?:caldav|carddav|jmap)(?:\/|$)/i

/**
 * Finds services at `/.well-known/` of a domain that this service serves, where it only redirects to the URL of the service.
 *
 * Why a warning: the website of the domain may redirect to somewhere else without asking this service.
 */
export function checkLoops({ providers, http }: Settings): Fault[] {
  const domains = new Set(providers.flatMap(each => each.domains.map(domain => toPattern(domain) ?? domain)))
  const ownHost = http?.publicUrl === undefined ? undefined : hostOf(http.publicUrl)
  return providers.flatMap(({ servers }, index) =>
    servers.flatMap(({ url = '' }, at) => {
      const site = wellKnownSite(url)
      const isOwn = site !== undefined && (site === ownHost || isServed(site, domains))
      const why =
        'expected the URL of the server itself: mail programs are redirected from this one, so it leads to itself'
      return isOwn ? [warning(['providers', index, 'servers', at, 'url'], `found ${found(url)}, ${why}`)] : []
    })
  )
}

// Why: .invalid is reserved (RFC 6761 6.4), so no listed domain is this one.
const anyDomain = 'emaildomain.invalid'

/** @returns the mail domain of a URL below `/.well-known/`; undefined for other URLs */
function wellKnownSite(url: string): string | undefined {
  const text = url.replaceAll('%EMAILDOMAIN%', anyDomain)
  if (!URL.canParse(text) || !wellKnownPath.test(new URL(text).pathname)) return undefined
  return hostOf(text)
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? toMailSite(new URL(url).hostname) : undefined
}

/** `*` does not count, because a host of no provider may belong to anyone. */
function isServed(site: string, domains: ReadonlySet<string>): boolean {
  if (site === anyDomain || domains.has(site)) return true
  const labels = site.split('.')
  return labels.some((_, at) => at > 0 && domains.has(`*.${labels.slice(at).join('.')}`))
}
