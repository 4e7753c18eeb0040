/**
 * The login names of a provider's servers as values of a template. Servers with the same name share one value, so that a
 * provider with one name for all servers needs only one.
 */

import {
  type AnyServer,
  columnOf,
  type LoginNameSource,
  loginName,
  noLoginName,
  serverLoginName
} from '../settings/names/login-name.ts'
import type { Provider } from '../settings/provider.ts'
import type { Address } from '../settings/question/address.ts'

/** The name of a value. `login` is the name for all servers that have no rule. */
export type LoginSlot = 'login' | `login of ${string}`

export type LoginValues = Readonly<{ login: string } & Record<`login of ${string}`, string>>

export interface LoginSlots {
  readonly names: readonly LoginSlot[]
  /** Whether all servers have the same name, or none has any. */
  readonly areEqual: boolean
  /** @returns the value of a server; undefined if documents must not contain a login name */
  of(values: LoginValues, server: AnyServer): string | undefined
  /** @returns whether both servers have the same login name, for every address */
  areSame(one: AnyServer, other: AnyServer): boolean
  /** @returns the values for an address */
  fill(source: LoginNameSource, address: Address): LoginValues
}

const nameless: LoginSlot = `login of ${noLoginName}`

export function loginSlots(provider: Provider): LoginSlots {
  const { lookedUpColumns, looksUpUsers, servers, services } = provider
  const slotOf = ({ protocol, username }: AnyServer): LoginSlot => {
    const column = columnOf[protocol]
    if (column !== undefined && lookedUpColumns.includes(column)) return `login of ${column}`
    // Why not with `users`: the name that is looked up for all servers replaces the rule of the provider, not that of a server.
    const isUsual = username === undefined || (username === provider.username && !looksUpUsers)
    return isUsual && username !== noLoginName ? 'login' : `login of ${username}`
  }
  const all = [...servers, ...services]
  const others = all
    .map(server => ({ slot: slotOf(server), server }))
    .filter(
      ({ slot }, at, slots) =>
        slot !== 'login' && slot !== nameless && slots.findIndex(each => each.slot === slot) === at
    )
  return {
    names: ['login', ...others.map(({ slot }) => slot)],
    areEqual: new Set(all.map(slotOf)).size <= 1,
    of(values, server) {
      const slot = slotOf(server)
      return slot === nameless ? undefined : values[slot]
    },
    areSame: (one, other) => slotOf(one) === slotOf(other) && slotOf(one) !== nameless,
    fill(source, address) {
      const login = loginName(source, address)
      if (others.length === 0) return { login }
      return {
        login,
        ...Object.fromEntries(others.map(({ slot, server }) => [slot, serverLoginName(source, address, server) ?? '']))
      }
    }
  }
}
