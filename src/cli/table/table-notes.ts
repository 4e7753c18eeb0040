/**
 * Notes of `signpost check` about a table that is valid: calendars and contacts that one program finds only with SRV records,
 * and what `*` means for the setup page.
 */
import { writerOf } from '../../dialects/dialect.ts'
import { wellKnown } from '../../dialects/well-known.ts'
import { withoutPerson } from '../../settings/fill-provider.ts'
import { type Fault, note } from '../../settings/load/finding.ts'
import { expand } from '../../settings/names/placeholder.ts'
import { exampleDomain, type Provider, serviceOf } from '../../settings/provider.ts'
import { toDomain } from '../../settings/question/domain.ts'
import type { Table } from '../../settings/table.ts'

/**
 * Observed: Thunderbird 140 to 153 (2026) follows a redirect of /.well-known/caldav to another origin, then discards the
 * response (opaque response blocking).
 *
 * Why a note: this command does not look into the DNS. `signpost doctor` does, and warns if the records are missing.
 * @returns one note for each provider with such redirects, which names the records of its first domain that needs them
 */
export function calendarsNeedingRecords({ providers }: Table): Fault[] {
  return providers.flatMap((provider, index) => {
    if (writerOf(wellKnown, provider) === undefined) return []
    const domains = domainsOf(provider)
    const domain = domains.find(each => redirectedAway(provider, each).length > 0)
    if (domain === undefined) return []
    const protocols = redirectedAway(provider, domain)
    const what = protocols.map(protocol => contents[protocol]).join(' and ')
    const names = protocols.map(protocol => `_${protocol}s._tcp.${domain}`).join(' and ')
    const found = `Thunderbird (140 to 153) finds ${what} only with the SRV records ${names}`
    const why = 'because it discards responses after a redirect to another host'
    const others = provider.domains.length > 1 ? ', and signpost dns --all those of every domain' : ''
    const advice = `signpost dns ${domain} prints them${others}`
    return [note(['providers', index], `${provider.id}: ${found}, ${why}: ${advice}`)]
  })
}

/**
 * Notes that every domain counts as one of a provider's.
 * @returns one note for a default provider whose page or profiles are served
 */
export function domainsWithoutTypingErrors({ providers }: Table): Fault[] {
  return providers.flatMap(({ id, domains, dialects }, index) => {
    const at = domains.indexOf('*')
    if (at === -1 || !(dialects.web || dialects.apple)) return []
    const found = `found "*", so every domain counts as one of ${id}`
    const effect = 'the setup page does not ask about typing errors, and Apple profiles are made for any address'
    return [note(['providers', index, 'domains', at], `${found}: ${effect}. A directory or mx can name the domains`)]
  })
}

const contents = { caldav: 'calendars', carddav: 'contacts' } as const

/** @returns the protocols whose server is at another origin than the mail domain. Why without IP addresses: records need a name. */
function redirectedAway(provider: Provider, domain: string): (keyof typeof contents)[] {
  return (['caldav', 'carddav'] as const).filter(protocol => {
    const service = serviceOf(provider, protocol)
    if (service === undefined) return false
    const { origin, hostname } = new URL(expand(withoutPerson(service.url), { '%EMAILDOMAIN%': domain }))
    return origin !== `https://${domain}` && toDomain(hostname) !== undefined
  })
}

/** @returns the domains that are listed by name, or an example */
function domainsOf(provider: Provider): readonly string[] {
  const named = provider.domains.filter(domain => !domain.startsWith('*'))
  return named.length === 0 ? [exampleDomain(provider)] : named
}
