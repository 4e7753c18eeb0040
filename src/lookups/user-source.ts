/**
 * A source, and beside it a directory that knows the log-in names of its users.
 */
import { resolve } from '../settings/account.ts'
import type { Address } from '../settings/address.ts'
import type { Table } from '../settings/table.ts'
import type { Source } from '../sources/source.ts'
import type { Cached } from './cached.ts'
import type { Login } from './usable-login.ts'
import { toUserKey } from './user-key.ts'

/** @param logins by address, in small letters */
export function createUserSource(source: Source, logins: Pick<Cached<Login>, 'find'>): Source {
  function withLogin(table: Table, address: Address, host: string | undefined): Table | Promise<Table> {
    const { domain } = address
    // Why only where it is served: made-up domains are no reason to ask anybody.
    if (resolve(table, { domain, host })?.provider.looksUpUsers !== true) return table
    const known = logins.find(toUserKey(address))
    return known instanceof Promise ? known.then(found => ({ ...table, ...found })) : { ...table, ...known }
  }

  return {
    get table() {
      return source.table
    },
    looksUpUsers: true,
    tableFor(domain, host, address) {
      const table = source.tableFor(domain, host)
      if (address === undefined) return table
      return table instanceof Promise
        ? table.then(known => withLogin(known, address, host))
        : withLogin(table, address, host)
    }
  }
}
