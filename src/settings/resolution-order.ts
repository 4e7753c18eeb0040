/**
 * The order in which a question is resolved to a provider. The first step that finds one decides:
 *
 * 1. the domain of the address: a provider of the table lists it, or a lookup finds one (a directory, then MX records)
 * 2. the host that was asked, without `autoconfig.` and the like: as a mail domain of the table, as a mail exchanger of the
 *    table, or by a lookup
 * 3. the default provider
 *
 * Why the host: a customer's own domain is often served through an SRV, CNAME or MX record that names the hoster
 * (draft-ietf-mailmaint-autoconfig-06, MX lookup; MS-OXDISCO SRV), and clients such as Thunderbird for Android send no
 * address at all.
 */
import { type Account, toMailSite } from './account.ts'
import type { Address } from './address.ts'
import type { Provider } from './provider.ts'
import type { Table } from './table.ts'

export interface AccountQuestion {
  /** Domain of the address, as A-labels. */
  readonly domain: string | undefined
  /** The Host header as sent. */
  readonly host: string | undefined
  /** The domain alone decides, whatever host was asked: without a domain there is no answer. */
  readonly strict?: boolean | undefined
  /** The address itself, if the client sent one. */
  readonly address?: Address | undefined
  /**
   * Names of the client and of the networks around it, the smallest first: each may use a share of the lookups that run at
   * the same time. Undefined for a client without limits.
   */
  readonly client?: readonly string[] | undefined
}

/** What may have to be waited for. */
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
  if (listed !== undefined) return toAccount(listed, domain, question)
  return follow(lookUp(domain, client), found =>
    found === undefined ? resolveHost(table, question, lookUp) : toAccount(found, domain, question)
  )
}

function tableOnly(): undefined {
  return undefined
}

function resolveHost(table: Table, question: AccountQuestion, lookUp: DomainLookup): Awaitable<Account | undefined> {
  const { domain, host, strict, client } = question
  const site = toMailSite(strict === true ? domain : host)
  if (site === undefined) return resolveDefault(table, question, site)
  const listed = table.find(site)
  if (listed !== undefined) return toAccount(listed, site, question)
  const exchanger = table.findExchanger(site)
  if (exchanger !== undefined) return toAccount(exchanger, primaryDomain(exchanger) ?? site, question)
  // Why: it has been looked up already.
  if (site === domain) return resolveDefault(table, question, site)
  return follow(lookUp(site, client), found =>
    found === undefined ? resolveDefault(table, question, site) : toAccount(found, site, question)
  )
}

function resolveDefault({ fallback }: Table, question: AccountQuestion, site: string | undefined): Account | undefined {
  if (fallback === undefined) return undefined
  const domain = question.domain ?? (site?.includes('.') ? site : primaryDomain(fallback))
  return domain === undefined ? undefined : toAccount(fallback, domain, question)
}

function toAccount(provider: Provider, domain: string, { address }: AccountQuestion): Account {
  return { provider, domain, address }
}

function primaryDomain(provider: Provider): string | undefined {
  return provider.domains.find(domain => !domain.startsWith('*'))
}

/** @returns what `next` makes of the value. Why not await: what is known already must not wait. */
export function follow<T, U>(value: Awaitable<T>, next: (value: T) => Awaitable<U>): Awaitable<U> {
  return value instanceof Promise ? value.then(next) : next(value)
}
