/**
 * Where accounts come from: the settings table, lookups of domains that it does not list, and lookups of login names.
 */

import type { LookedUpNames } from '../settings/names/name-columns.ts'
import type { Provider } from '../settings/provider.ts'
import type { Account } from '../settings/question/account.ts'
import type { Address } from '../settings/question/address.ts'
import {
  type AccountQuestion,
  type Awaitable,
  type DomainLookup,
  follow,
  resolve
} from '../settings/question/resolution-order.ts'
import type { Table } from '../settings/table.ts'

export interface TableSource {
  /** The last good table. */
  readonly table: Table
}

export interface Source extends TableSource {
  /**
   * @returns the account that a question is answered from; undefined if nothing is served. A promise only if something must
   * be asked. It rejects with AC_UNAVAILABLE if the provider or the login name cannot be known now
   */
  find(question: AccountQuestion): Awaitable<Account | undefined>
  /** Finds the provider of a domain that the table does not list; never the default provider. */
  readonly lookUp: DomainLookup
}

/**
 * The login names of an address at a provider that looks up users, and the provider with the person's own servers, whether or not
 * the mailbox exists.
 */
export type LoginLookup = (
  asked: { readonly address: Address; readonly provider: Provider },
  client: AccountQuestion['client']
) => Promise<{ readonly lookedUpNames: LookedUpNames; readonly provider?: Provider }>

export interface SourceOptions {
  /** Asked one after the other, until one finds a provider. */
  readonly lookUps?: readonly DomainLookup[]
  readonly loginOf?: LoginLookup | undefined
}

export function createSource(tables: TableSource, { lookUps = [], loginOf }: SourceOptions = {}): Source {
  const lookUp: DomainLookup = (domain, client) => lookUpFrom(0, domain, client)

  function lookUpFrom(at: number, domain: string, client: AccountQuestion['client']): ReturnType<DomainLookup> {
    const ask = lookUps[at]
    return ask && follow(ask(domain, client), found => found ?? lookUpFrom(at + 1, domain, client))
  }

  return {
    get table() {
      return tables.table
    },
    lookUp,
    find(question) {
      const account = resolve(tables.table, question, lookUp)
      if (loginOf === undefined) return account
      return follow(account, found => withLogin(found, question.client, loginOf))
    }
  }
}

/** Why only accounts of the table's providers: made-up domains are no reason to ask a database. */
function withLogin(
  account: Account | undefined,
  client: AccountQuestion['client'],
  loginOf: LoginLookup
): Awaitable<Account | undefined> {
  if (account?.address === undefined || !account.provider.looksUpUsers) return account
  const { address, provider } = account
  if (address.isStandIn === true) return account
  return loginOf({ address, provider }, client).then(login => ({ ...account, ...login }))
}
