/**
 * A source, and beside it a directory that knows the log-in names of its users.
 */
import { resolve } from '../settings/account.ts'
import type { Address } from '../settings/address.ts'
import type { Table } from '../settings/table.ts'
import type { Source } from '../sources/source.ts'
import type { Sharer } from './shares.ts'
import type { Login } from './usable-login.ts'

/** @param lookUp the log-in name of an address, whether or not the mailbox exists */
export function createUserSource(source: Source, lookUp: (address: Address, sharer: Sharer) => Promise<Login>): Source {
  async function withLogin(table: Table, address: Address, client: Sharer): Promise<Table> {
    return { ...table, ...(await lookUp(address, client)) }
  }

  function extend(table: Table, address: Address, { host, client }: Search): Table | Promise<Table> {
    // Why only domains that are served: made-up domains are no reason to ask a database.
    const resolved = resolve(table, { domain: address.domain, host })
    return resolved?.provider.looksUpUsers === true ? withLogin(table, address, client) : table
  }

  return {
    get table() {
      return source.table
    },
    looksUpUsers: true,
    tableFor(domain, host, { address, client } = {}) {
      const table = source.tableFor(domain, host, { client })
      if (address === undefined) return table
      const search = { host, client }
      return table instanceof Promise
        ? table.then(known => extend(known, address, search))
        : extend(table, address, search)
    }
  }
}

interface Search {
  readonly host: string | undefined
  /** As of `Asker`. */
  readonly client: Sharer
}
