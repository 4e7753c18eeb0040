/**
 * The preferred mail exchangers of a domain, and how long they may be cached: RFC 5321 5.1, RFC 2308.
 */

import type { DnsExchange } from './dns-exchange.ts'
import type { DnsAnswer, DnsResponse } from './dns-message.ts'

export interface MailExchangers {
  /**
   * The exchangers with the best preference, in lower case. A name that is not a host name becomes an empty text. The list is
   * empty if the domain has no MX record or accepts no mail (RFC 7505).
   */
  readonly hosts: readonly string[]
  /** The TTL of the records or of the negative response; 0 if there is none. */
  readonly seconds: number
}

/** Spec: RFC 1123 2.1. The DNS allows other characters too, but no domain of the table has them. */
const hostName = /^[a-z0-9.-]+$/

/** @param domain as A-labels. Rejects with a `NetworkFault`. */
export async function mailExchangers(domain: string, exchange: DnsExchange): Promise<MailExchangers> {
  return toExchangers(domain, await exchange(domain, 'MX'))
}

function toExchangers(domain: string, { answers, authorities }: DnsResponse): MailExchangers {
  const { owner, ttls } = followAliases(domain, answers)
  const records = answers.flatMap(answer => (answer.type === 'MX' && answer.name === owner ? [answer] : []))
  if (records.length === 0) {
    // Spec: RFC 2308 5: the lower one of the SOA record's TTL and its minimum; without the record, it must not be cached.
    const [authority] = authorities
    return { hosts: [], seconds: authority === undefined ? 0 : Math.min(...ttls, authority.ttl, authority.minimum) }
  }
  const best = Math.min(...records.map(({ preference }) => preference))
  const hosts = records.filter(({ preference, exchange }) => preference === best && exchange !== '')
  return {
    hosts: hosts.map(({ exchange }) => (hostName.test(exchange) ? exchange : '')),
    seconds: Math.min(...ttls, ...records.map(({ ttl }) => ttl))
  }
}

/** Why no more steps than there are records: aliases may form a loop. */
function followAliases(domain: string, answers: readonly DnsAnswer[]): { owner: string; ttls: readonly number[] } {
  const aliases = new Map(answers.flatMap(answer => (answer.type === 'CNAME' ? [[answer.name, answer] as const] : [])))
  const ttls: number[] = []
  let owner = domain
  for (let alias = aliases.get(owner); alias !== undefined; alias = aliases.get(owner)) {
    aliases.delete(owner)
    owner = alias.target
    ttls.push(alias.ttl)
  }
  return { owner, ttls }
}
