/**
 * An LDAP directory: one search for each name.
 */
import type { Entry } from 'ldapts'
import type { DirectorySettings } from '../../settings/check/directory.ts'
import type { LdapFilter } from '../../settings/query/ldap-filter.ts'
import { connectMilliseconds, type DatabaseServer, mostWaiting } from '../database-server.ts'
import { DirectoryFailure } from '../directory-failure.ts'
import { inTime } from '../in-time.ts'
import { createPool } from '../pool.ts'
import type { RowSource } from '../read-directory.ts'
import type { Row } from '../row.ts'
import { type LdapClients, openLdapConnection } from './connection.ts'
import { ldapFailure } from './failure.ts'
import { type LdapFilters, nameInFilter } from './name-in-filter.ts'

export interface LdapOptions {
  readonly settings: DirectorySettings
  readonly server: DatabaseServer
  /** The package ldapts. */
  readonly driver: LdapClients & LdapFilters
}

const scopes = { subtree: 'sub', one: 'one', base: 'base' } as const

/** Why more than one: the server may find entries of other names that it treats as equal. */
const mostEntries = 20

export function openLdap(filter: LdapFilter, options: LdapOptions): RowSource {
  const { settings, server, driver } = options
  const { timeoutMilliseconds = 2000, connections = 10, base = '', scope = 'subtree', attributes = {} } = settings
  const milliseconds = Math.max(connectMilliseconds, timeoutMilliseconds)
  const startTls = settings.security === 'starttls'
  const pool = createPool(() => openLdapConnection(server, { driver, startTls, milliseconds }), {
    most: connections,
    mostWaiting
  })
  const request = {
    scope: scopes[scope],
    attributes: Object.values(attributes).flatMap(namesOf),
    sizeLimit: mostEntries,
    timeLimit: Math.ceil(timeoutMilliseconds / 1000)
  }

  async function search(name: string): Promise<readonly Entry[]> {
    const deadline = performance.now() + timeoutMilliseconds
    const connection = await pool.take()
    if (performance.now() > deadline) {
      pool.giveBack(connection, true)
      throw new DirectoryFailure('no-free-connection')
    }
    try {
      const what = { ...request, filter: nameInFilter(filter, name, driver) }
      const entries = await inTime(connection.search(base, what), timeoutMilliseconds)
      pool.giveBack(connection, true)
      return entries
    } catch (error) {
      const failure = ldapFailure(error)
      // Why: the rest of an incomplete answer may still come.
      pool.giveBack(connection, failure.isComplete)
      throw failure
    }
  }

  return {
    async find(name) {
      const entries = await search(name)
      const rows: Row[] = []
      for (const entry of entries) {
        const read = toRow(entry, attributes)
        // Why no rejection: it would show that there is such an entry.
        if ('problem' in read) return read
        rows.push(read.row)
      }
      return { rows }
    },
    close: pool.close
  }
}

type Attributes = NonNullable<DirectorySettings['attributes']>

/** @returns the entry by column, or in words why it cannot be read */
function toRow({ dn, ...values }: Entry, attributes: Attributes): { readonly row: Row } | { readonly problem: string } {
  // Why: the library fills in attributes that were requested and are not there.
  const given = Object.entries(values).filter(([, value]) => value.length > 0)
  const byName = new Map(given.map(([name, value]) => [name.toLowerCase(), [value].flat()]))
  const columns = Object.entries(attributes).map(([column, names]) => [column, namesOf(names)] as const)
  const wanted = columns.flatMap(([, names]) => names)
  // Why: a server that is asked for organizationName returns o, which would not be found.
  const other = [...byName.keys()].find(name => !wanted.some(each => isOf(name, each.toLowerCase())))
  if (other !== undefined) {
    return { problem: `attributes have no "${other}", which the server returns in place of one of them` }
  }
  const row: Record<string, readonly unknown[]> = {}
  for (const [column, names] of columns) {
    const found = names.flatMap(name => byName.get(name.toLowerCase()) ?? [])
    if (found.some(value => Buffer.isBuffer(value))) {
      return { problem: `attributes have "${names.join(', ')}", of which the server returns bytes that are no text` }
    }
    row[column] = found
  }
  return { row }
}

/** The address of a mailbox can be stored in several attributes. */
const namesOf = (written: string): readonly string[] => written.split(',').map(name => name.trim())

/** Spec: RFC 4512 2.5.2: who asks for an attribute is given those with options too, such as o;lang-de. */
function isOf(name: string, wanted: string): boolean {
  return name === wanted || name.startsWith(`${wanted};`)
}
