/**
 * Login names of an example person where they are looked up in `users`, so that models receive what a real person would.
 */

import type { LookedUpNames } from '../settings/names/name-columns.ts'
import type { Account } from '../settings/question/account.ts'

/**
 * Why not for an address that a program replaces itself: the service looks up no names for it either.
 * @returns the account with names that are obviously examples; unchanged if the provider makes its names from the address
 */
export function withExampleNames(account: Account): Account {
  const { provider, address } = account
  if (!provider.looksUpUsers || address === undefined || address.isStandIn === true) return account
  const names: LookedUpNames = {
    ...Object.fromEntries(provider.lookedUpColumns.map(column => [column, `${column}-from-users`])),
    username: 'name-from-users'
  }
  return { ...account, lookedUpNames: names }
}
