/**
 * The account of a domain, and why it is served.
 */

import type { Person } from '../../conformance/matrix.ts'
import { SignpostError } from '../../errors.ts'
import type { Domains } from '../../lookups/domains.ts'
import type { Provider } from '../../settings/provider.ts'
import type { Account } from '../../settings/question/account.ts'
import { toAddress } from '../../settings/question/address.ts'
import { toDomain } from '../../settings/question/domain.ts'
import type { Table } from '../../settings/table.ts'

/** `default`: the provider with the domain `*`. */
export type Origin = 'list' | 'pattern' | 'directory' | 'mx' | 'default'

export interface FoundDomain {
  readonly domain: string
  readonly provider: Provider
  readonly origin: Origin
  /** The pattern of the table that matches; empty for other origins. */
  readonly pattern: string
  /** The table in which the domain is listed for the provider, as models of mail programs need it. */
  readonly table: Table
  /** An example person at the domain. */
  readonly person: Person
}

export type DomainFinder = Pick<Domains, 'source' | 'customers' | 'mxLookUp'>

/**
 * @param domain as A-labels
 * @returns undefined if it is not served, `unavailable` if the directory does not answer
 */
export async function findDomain(
  domain: string,
  { source, customers, mxLookUp }: DomainFinder
): Promise<FoundDomain | undefined | 'unavailable'> {
  const { table } = source
  const listed = table.findByName(domain)
  if (listed !== undefined) return found({ domain, provider: listed, origin: 'list', table })
  const matched = table.find(domain)
  if (matched !== undefined) {
    const pattern = matched.domains.find(each => each.startsWith('*.') && domain.endsWith(each.slice(1)))
    return found({ domain, provider: matched, origin: 'pattern', pattern, table })
  }
  try {
    const customer = await customers?.lookUp(domain, undefined)
    if (customer !== undefined) return found({ domain, provider: customer, origin: 'directory', table })
    const byMx = await mxLookUp?.lookUp(domain, undefined)
    if (byMx !== undefined) return found({ domain, provider: byMx, origin: 'mx', table })
  } catch (error) {
    if (error instanceof SignpostError && error.code === 'AC_UNAVAILABLE') return 'unavailable'
    throw error
  }
  const { fallback } = table
  return fallback && found({ domain, provider: fallback, origin: 'default', table })
}

interface Found extends Omit<FoundDomain, 'pattern' | 'person'> {
  readonly pattern?: string | undefined
}

function found({ pattern = '', ...rest }: Found): FoundDomain | undefined {
  const { domain, provider, table } = rest
  const address = toAddress(`jane.doe@${domain}`)
  // Why the host: without room for it, mail programs cannot ask about the domain.
  if (address === undefined || toDomain(`ua-auto-config.${domain}`) === undefined) return undefined
  const account: Account = { provider, domain, address }
  const find = (find: Table['find']) => (name: string) => (name === domain ? provider : find(name))
  return {
    ...{ ...rest, pattern, person: { ...account, address } },
    // Why only one: the world of the models looks at the services of every provider, and there may be thousands.
    table: { ...table, providers: [provider], find: find(table.find), findByName: find(table.findByName) }
  }
}
