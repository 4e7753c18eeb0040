/**
 * Checks of the fields for single dialects: `autoconfig.include` with `oauth`, and `autodiscover.redirect`.
 */
import { basedOn, expected, type Fault, found, type Path, warning } from '../load/finding.ts'
import { isAutodiscoverUrl } from '../provider.ts'
import type { Protocol, ProviderSettings } from '../schema.ts'
import { checkUrlHost } from './host.ts'
import { isUrlWithDomain } from './server.ts'

type Extra = NonNullable<ProviderSettings['autoconfig']>['include'][number]

/** Finds elements for which the provider has no data, and elements that some mail programs handle badly. */
export function checkExtras(provider: ProviderSettings, path: Path): Fault[] {
  const { autoconfig, oauth } = provider
  const unused = oauth !== undefined && !acceptsOauth(provider)
  return [
    ...(unused
      ? basedOn(pathsOf(['servers.*.authentication'], path), [
          warning([...path, 'oauth'], 'found oauth, but no server with oauth2 among its authentication')
        ])
      : []),
    ...(autoconfig?.include ?? []).flatMap((extra, index) => {
      const { lacks, has, of, harm } = extras[extra]
      const at = [...path, 'autoconfig', 'include', index]
      if (!has(provider)) {
        return basedOn(pathsOf(of, path), [warning(at, `found "${extra}", but the provider has no ${lacks}`)])
      }
      return harm === undefined ? [] : [warning(at, `found "${extra}": ${harm}`)]
    })
  ]
}

interface ExtraRule {
  /** What a provider without it lacks, in words. */
  readonly lacks: string
  readonly has: (provider: ProviderSettings) => boolean
  /** The fields of the provider by which `has` decides. */
  readonly of: readonly string[]
  readonly harm?: string
}

const extras: Record<Extra, ExtraRule> = {
  documentation: {
    lacks: 'documentation',
    of: ['documentation'],
    has: ({ documentation = [] }) => documentation.length > 0
  },
  webmail: { lacks: 'webmail', of: ['webmail'], has: ({ webmail }) => webmail !== undefined },
  dav: {
    lacks: 'caldav, carddav or webdav server',
    of: ['servers.*.protocol'],
    has: provider => speaks(provider, 'caldav', 'carddav', 'webdav')
  },
  jmap: {
    lacks: 'jmap server',
    of: ['servers.*.protocol'],
    has: provider => speaks(provider, 'jmap'),
    // Observed: Himalaya (2026-08), io-pim-discovery: an unknown type makes the whole document invalid.
    harm: 'Himalaya then rejects the whole document'
  },
  oauth2: {
    lacks: 'oauth, and no server with oauth2 among its authentication',
    of: ['oauth', 'servers.*.authentication'],
    has: provider => provider.oauth !== undefined || acceptsOauth(provider),
    // Observed: kmail-account-wizard (2026-07) prefers the method after a password, but supports OAuth only for Google and a
    // few others.
    harm: 'KDE Kontact then prefers OAuth to a password and cannot log in'
  },
  exchange: {
    lacks: 'ews, graph or activesync server',
    of: ['servers.*.protocol'],
    has: provider => speaks(provider, 'ews', 'graph', 'activesync'),
    // Observed: Himalaya (2026-08), io-pim-discovery: as for jmap.
    harm: 'Himalaya then rejects the whole document'
  }
}

/** @param fields such as `servers.*.protocol`, where `*` is `everyItem` */
function pathsOf(fields: readonly string[], path: Path): Path[] {
  return fields.map(field => [...path, ...field.split('.')])
}

function speaks({ servers }: ProviderSettings, ...protocols: Protocol[]): boolean {
  return servers.some(({ protocol }) => protocols.includes(protocol))
}

function acceptsOauth({ servers }: ProviderSettings): boolean {
  return servers.some(({ authentication = [] }) => authentication.includes('oauth2'))
}

/** Finds a URL that Outlook does not accept, or that leads back to this service. */
export function checkAutodiscover({ autodiscover, dialects, domains }: ProviderSettings, path: Path): Fault[] {
  if (autodiscover === undefined) return []
  const { redirect } = autodiscover
  const at = [...path, 'autodiscover', 'redirect']
  if (!isUrlWithDomain(redirect)) {
    return [expected(at, redirect, 'an https:// URL with no placeholder except %EMAILDOMAIN%')]
  }
  // Spec: MS-OXDISCO 3.1.5: programs look for Autodiscover at this path only. Observed: EWS libraries refuse redirects elsewhere.
  if (!isAutodiscoverUrl(redirect)) {
    return [expected(at, redirect, 'a URL that ends in /autodiscover/autodiscover.xml')]
  }
  if (dialects?.outlook === false && dialects['outlook-json'] === false) {
    return [warning(at, `found ${found(redirect)}, which has no effect: the dialects outlook and outlook-json are off`)]
  }
  return domains.some(domain => leadsBack(redirect, domain))
    ? [warning(at, `found ${found(redirect)}, a loop unless the DNS leads this host to Exchange instead of here`)]
    : checkUrlHost(redirect, at)
}

/** @returns whether mail programs expect this service at the host of the URL */
function leadsBack(redirect: string, domain: string): boolean {
  const { hostname } = new URL(redirect.replaceAll('%EMAILDOMAIN%', domain.replace('*', 'example')))
  return hostname === domain || hostname === `autodiscover.${domain.replace('*', 'example')}`
}
