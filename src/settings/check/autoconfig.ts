/**
 * Checks of `autoconfig.include` and `oauth`: elements for which the provider has no data, and elements that some mail
 * programs handle badly.
 */
import { basedOn, type Fault, type Path, warning } from '../load/finding.ts'
import type { Protocol, ProviderSettings } from '../schema.ts'

type Extra = NonNullable<ProviderSettings['autoconfig']>['include'][number]

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
