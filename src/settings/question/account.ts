/**
 * The data for one answer: a provider, and the requested domain and address.
 */

import type { LookedUpNames } from '../names/name-columns.ts'
import type { Provider } from '../provider.ts'
import type { Address } from './address.ts'
import { longestDomain, toDomain } from './domain.ts'

export interface Account extends Resolved {
  readonly address: Address | undefined
  /** The domain of the requested host, if it differs from `domain` and is a mail exchanger of the provider. */
  readonly exchanger?: string | undefined
  /** Login names from `users`; undefined if they are made from the address. */
  readonly lookedUpNames?: LookedUpNames | undefined
}

export interface Resolved {
  readonly provider: Provider
  /** A domain of the provider, as A-labels: the value of %EMAILDOMAIN% in host names. */
  readonly domain: string
}

const serviceLabel = /^(?:autoconfig|autodiscover|ua-auto-config)\./

/**
 * Why `www.` too: websites that redirect `example.com` to `www.example.com` also redirect mail programs there. Without another
 * dot it is the domain itself, such as `www.example`. Why each label only once: no client asks `autoconfig.autoconfig.`,
 * and a certificate can be requested for every name that is answered.
 */
const hostLabels = /^(?:www\.(?=[^.]+\.))?(?:(?:autoconfig|autodiscover|ua-auto-config)\.)?(?:www\.(?=[^.]+\.))?/

/**
 * Why not with `*`: the administrator says that every domain may be the provider's, so that none is a typing error.
 *
 * @returns whether only the host of the request decided: the domain of the address is known neither to the table nor to lookups,
 * so it may belong to a customer or to another provider, or not exist
 */
export function isForeignAccount({ address, domain, provider }: Omit<Account, 'exchanger' | 'lookedUpNames'>): boolean {
  return address !== undefined && address.domain !== domain && !provider.domains.includes('*')
}

/** A domain, a trailing dot, a colon and a port. Why: headers may have 16 kB, and each character takes time. */
const longestSite = longestDomain + 1 + ':65535'.length

/** @returns the canonical host of a Host header: no port, no trailing dot, A-labels; undefined if it is not a host */
export function toSite(header: string | undefined): string | undefined {
  if (header === undefined || header.length > longestSite) return undefined
  return toDomain(header.replace(/:\d*$/, ''))
}

/** @returns the mail domain that a Host header stands for: the site without `autoconfig.`, `www.` and the like */
export function toMailSite(header: string | undefined): string | undefined {
  return toSite(header)?.replace(hostLabels, '')
}

/** @returns the site without one `autoconfig.`, `autodiscover.` or `ua-auto-config.`; undefined if it has none of them */
export function withoutServiceLabel(site: string): string | undefined {
  const domain = site.replace(serviceLabel, '')
  return domain === site ? undefined : domain
}
