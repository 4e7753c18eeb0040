/**
 * A source, and beside it a directory that knows the log-in names of its users.
 */
import { resolve } from '../settings/account.ts'
import type { Address } from '../settings/address.ts'
import type { Table } from '../settings/table.ts'
import type { Source } from '../sources/source.ts'
import type { Login } from './usable-login.ts'

/** @param lookUp the log-in name of an address, whether or not the mailbox exists */
export function createUserSource(source: Source, lookUp: (address: Address) => Promise<Login>): Source {
  async function withLogin(table: Table, address: Address): Promise<Table> {
    return { ...table, ...(await lookUp(address)) }
  }

  function extend(table: Table, address: Address, host: string | undefined): Table | Promise<Table> {
    // Why only domains that are served: made-up domains are no reason to ask a database.
    const resolved = resolve(table, { domain: address.domain, host })
    return resolved?.provider.looksUpUsers === true ? withLogin(table, address) : table
  }

  return {
    get table() {
      return source.table
    },
    looksUpUsers: true,
    tableFor(domain, host, address) {
      const table = source.tableFor(domain, host)
      if (address === undefined) return table
      return table instanceof Promise ? table.then(known => extend(known, address, host)) : extend(table, address, host)
    }
  }
}
