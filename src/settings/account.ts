/**
 * What one question is answered from: a provider, and the domain and address it is asked about.
 */
import type { Address } from './address.ts'
import { longestDomain, toDomain } from './domain.ts'
import { expand } from './placeholder.ts'
import type { Provider } from './provider.ts'
import type { Table } from './table.ts'

export interface Account extends Resolved {
  readonly address: Address | undefined
  /** The log-in name, where it was looked up. */
  readonly login?: string | undefined
}

export interface Resolved {
  readonly provider: Provider
  /** A domain of the provider's, as A-labels: what %EMAILDOMAIN% in host names stands for. */
  readonly domain: string
}

/** Who is asked about. */
export interface Asked {
  /** Of the address, as A-labels. */
  readonly domain: string | undefined
  /** The Host header as sent. */
  readonly host: string | undefined
}

const serviceLabel = /^(?:autoconfig|autodiscover|ua-auto-config)\./

/**
 * The address's domain if it is served, else the host asked if that is served (with `autoconfig.` and the like taken
 * off; as a mail domain, then as a mail exchanger), else the default provider.
 *
 * Why the host: a customer's own domain is often served through an SRV, CNAME or MX record that names the hoster
 * (draft-ietf-mailmaint-autoconfig-06, MX lookup; MS-OXDISCO SRV), and clients such as Thunderbird for Android send no
 * address at all.
 */
export function resolve(table: Table, { domain, host }: Asked): Resolved | undefined {
  if (domain !== undefined) {
    const provider = table.find(domain)
    if (provider !== undefined) return { provider, domain }
  }
  const site = toMailSite(host)
  if (site !== undefined) {
    const provider = table.find(site)
    if (provider !== undefined) return { provider, domain: site }
    const exchanger = table.findExchanger(site)
    if (exchanger !== undefined) return { provider: exchanger, domain: primaryDomain(exchanger) ?? site }
  }
  const provider = table.fallback
  if (provider === undefined) return undefined
  const own = domain ?? (site?.includes('.') ? site : primaryDomain(provider))
  return own === undefined ? undefined : { provider, domain: own }
}

/** @returns the log-in name for an address */
export function loginName({ provider, login }: Pick<Account, 'provider' | 'login'>, address: Address): string {
  if (login !== undefined) return login
  const { text, localPart, domain } = address
  if (provider.username === '%EMAILADDRESS%') return text
  return expand(provider.username, { '%EMAILADDRESS%': text, '%EMAILLOCALPART%': localPart, '%EMAILDOMAIN%': domain })
}

/** A domain, a trailing dot, a colon and a port. Why: headers may have 16 kB, and each character is looked at. */
const longestSite = longestDomain + 1 + ':65535'.length

/** @returns the canonical host of a Host header: no port, no trailing dot, A-labels; undefined where it is none */
export function toSite(header: string | undefined): string | undefined {
  if (header === undefined || header.length > longestSite) return undefined
  return toDomain(header.replace(/:\d*$/, ''))
}

/** @returns the mail domain that a Host header stands for: the site without `autoconfig.` and the like */
export function toMailSite(header: string | undefined): string | undefined {
  return toSite(header)?.replace(serviceLabel, '')
}

function primaryDomain(provider: Provider): string | undefined {
  return provider.domains.find(domain => !domain.startsWith('*'))
}
