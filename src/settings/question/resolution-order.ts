/**
 * The order in which a question is resolved to a provider. The first step that finds one decides:
 *
 * 1. the domain of the address: a provider of the table lists it, or a lookup finds one (a directory, then MX records)
 * 2. the host that was asked, without `autoconfig.`, `www.` and the like: as a mail domain or a mail exchanger that the table
 *    names, as one that a pattern of the table matches, or by a lookup
 * 3. the default provider
 *
 * Why the host: a customer's own domain is often served through an SRV, CNAME or MX record that names the hoster
 * (draft-ietf-mailmaint-autoconfig-06, MX lookup; MS-OXDISCO SRV), and clients such as Thunderbird for Android send no
 * address at all.
 */

import type { Provider } from '../provider.ts'
import type { Table } from '../table.ts'
import { type Account, type Resolved, toMailSite, toSite } from './account.ts'
import type { Address } from './address.ts'

export interface AccountQuestion {
  /** Domain of the address, as A-labels. */
  readonly domain: string | undefined
  /** The Host header as sent. */
  readonly host: string | undefined
  /** Only the domain counts, and not the requested host: without a domain there is no answer. */
  readonly strict?: boolean | undefined
  /** The address itself, if the client sent one. */
  readonly address?: Address | undefined
  /**
   * Names of the client and of the networks around it, the smallest first: each may use a share of the lookups that run at
   * the same time. Undefined for a client without limits.
   */
  readonly client?: readonly string[] | undefined
}

/** A value, or a promise of it. */
export type Awaitable<T> = T | Promise<T>

/**
 * Finds the provider of a domain that the table does not list.
 * @returns a promise only if something must be asked. It rejects with AC_UNAVAILABLE if the answer cannot be known now
 */
export type DomainLookup = (domain: string, client: AccountQuestion['client']) => Awaitable<Provider | undefined>

/** @returns the provider that answers, and the domain that it answers for */
export function resolve(table: Table, question: AccountQuestion): Account | undefined
/** @returns as `lookUp`, a promise only if something must be asked: a request for a known domain must not wait */
export function resolve(table: Table, question: AccountQuestion, lookUp: DomainLookup): Awaitable<Account | undefined>
export function resolve(table: Table, question: AccountQuestion, lookUp: DomainLookup = tableOnly) {
  const { domain, strict, client } = question
  if (domain === undefined) return strict === true ? undefined : resolveHost(table, question, lookUp)
  const listed = table.find(domain)
  if (listed !== undefined) return toAccount(table, { provider: listed, domain }, question)
  return follow(lookUp(domain, client), found =>
    found === undefined ? resolveHost(table, question, lookUp) : toAccount(table, { provider: found, domain }, question)
  )
}

function tableOnly(): undefined {
  return undefined
}

function resolveHost(table: Table, question: AccountQuestion, lookUp: DomainLookup): Awaitable<Account | undefined> {
  const { domain, host, strict, client } = question
  const asked = strict === true ? domain : host
  const site = toMailSite(asked)
  if (site === undefined) return resolveDefault(table, question, site)
  const known = resolveSite(table, site, asked)
  if (known !== undefined) return toAccount(table, known, question)
  // Why: it has been looked up already.
  if (site === domain) return resolveDefault(table, question, site)
  return follow(lookUp(site, client), found =>
    found === undefined
      ? resolveDefault(table, question, site)
      : toAccount(table, { provider: found, domain: site }, question)
  )
}

/**
 * Why names precede patterns: the name of a mail exchanger that `*.example.com` matches is not a mail domain.
 * @param site the mail domain that `asked` stands for
 */
function resolveSite(table: Table, site: string, asked: string | undefined): Resolved | undefined {
  const listed = table.findByName(site)
  if (listed !== undefined) return { provider: listed, domain: site }
  const named = table.findExchangerByName(site)
  if (named !== undefined) return { provider: named, domain: primaryDomain(named) ?? site }
  const matched = table.find(site)
  if (matched !== undefined) {
    const domain = mailDomain(site)
    return { provider: table.find(domain) ?? matched, domain }
  }
  const exchanger = table.findExchanger(site)
  if (exchanger !== undefined) return { provider: exchanger, domain: primaryDomain(exchanger) ?? site }
  // Why last: a table may list the website without its domain.
  const website = hasWwwLabel(asked, site) ? table.find(`www.${site}`) : undefined
  return website && { provider: website, domain: site }
}

/** @returns whether `www.` is among the labels that were removed from the host */
function hasWwwLabel(asked: string | undefined, site: string): boolean {
  return toSite(asked)?.slice(0, -site.length).includes('www.') === true
}

/**
 * Why: `mail.example.com` is usually a server or a website of example.com. It is a mail domain only if the table lists it, and
 * so is what still has a service label.
 * @returns the site without `mail.` and the like, if what remains has a dot
 */
function mailDomain(site: string): string {
  return site.replace(/^(?:(?:mail|autoconfig|autodiscover|ua-auto-config)\.(?=[^.]+\.))+/, '')
}

function resolveDefault(table: Table, question: AccountQuestion, site: string | undefined): Account | undefined {
  const { fallback } = table
  if (fallback === undefined) return undefined
  const domain = question.domain ?? (site?.includes('.') ? mailDomain(site) : primaryDomain(fallback))
  return domain === undefined ? undefined : toAccount(table, { provider: fallback, domain }, question)
}

function toAccount(table: Table, { provider, domain }: Resolved, question: AccountQuestion): Account {
  const { address } = question
  const exchanger = exchangerOf(table, { provider, domain }, question)
  return exchanger === undefined ? { provider, domain, address } : { provider, domain, address, exchanger }
}

/** @returns the domain that was asked for as a mail exchanger of the provider; undefined if it is `domain` itself */
function exchangerOf(
  table: Table,
  { provider, domain }: Resolved,
  { host, strict, domain: askedDomain }: AccountQuestion
): string | undefined {
  const asked = strict === true ? askedDomain : host
  if (provider.mx.length === 0 || isUsualHost(asked, domain)) return undefined
  const site = toMailSite(asked)
  if (site === undefined || site === domain || table.findByName(site) !== undefined) return undefined
  // Why the id: a provider from a directory is a copy with the customer's settings.
  return table.findExchanger(site)?.id === provider.id ? site : undefined
}

/**
 * A host at which this service is reached: it was asked there for a domain that it does not stand for, such as a customer's, whose
 * SRV record leads there.
 *
 * Why only names of the table: a response must not contain text that a client has chosen.
 *
 * @param host the Host header as sent
 * @param domain the one that the answer is for
 * @returns the host as A-labels; undefined for a usual host of the domain, and for one that the table does not name
 */
export function servedHost(table: Table, host: string | undefined, domain: string): string | undefined {
  // Why: URLs in documents have no port.
  if (isUsualHost(host, domain) || /:(?!443$)\d+$/.test(host ?? '')) return undefined
  const site = toSite(host)
  const mailSite = toMailSite(host)
  if (site === undefined || mailSite === undefined || mailSite === domain) return undefined
  return (table.findByName(mailSite) ?? table.findExchangerByName(mailSite)) && site
}

/** Why: nearly all clients ask at such a host, and finding out what it stands for takes 0.3 µs of the 25 µs of a request. */
function isUsualHost(host: string | undefined, domain: string): boolean {
  return host?.endsWith(domain) === true && usualLabels.has(host.slice(0, -domain.length))
}

const usualLabels = new Set(['', 'autoconfig.', 'autodiscover.'])

function primaryDomain(provider: Provider): string | undefined {
  return provider.domains.find(domain => !domain.startsWith('*'))
}

/** @returns the result of `next` for the value. Why not await: a known value must not wait. */
export function follow<T, U>(value: Awaitable<T>, next: (value: T) => Awaitable<U>): Awaitable<U> {
  return value instanceof Promise ? value.then(next) : next(value)
}
