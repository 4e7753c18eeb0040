/**
 * An LDAP directory: one search, of which one entry or none comes back.
 */
import type { Entry } from 'ldapts'
import { errors } from '../../errors.ts'
import type { DirectorySettings } from '../../settings/check/directory.ts'
import type { LdapFilter } from '../../settings/query/ldap-filter.ts'
import type { Reading } from '../columns.ts'
import { connectMilliseconds, type DatabaseServer, mostWaiting } from '../database-server.ts'
import type { Directory } from '../directory.ts'
import { inTime } from '../in-time.ts'
import { createPool } from '../pool.ts'
import { type Row, readRow } from '../row.ts'
import { type LdapClients, openLdapConnection } from './connection.ts'
import { type LdapFilters, nameInFilter } from './name-in-filter.ts'

export interface LdapOptions<V> {
  readonly reading: Reading<V>
  readonly settings: DirectorySettings
  readonly server: DatabaseServer
  /** The package ldapts. */
  readonly driver: LdapClients & LdapFilters
}

const scopes = { subtree: 'sub', one: 'one', base: 'base' } as const

/** Spec: RFC 4511 4.5.1.8: no attribute at all. */
const noAttribute = '1.1'

export function openLdap<V>(filter: LdapFilter, options: LdapOptions<V>): Directory<V> {
  const { reading, settings, server, driver } = options
  const { timeoutMilliseconds = 2000, connections = 10, base = '', scope = 'subtree', attributes = {} } = settings
  const milliseconds = Math.max(connectMilliseconds, timeoutMilliseconds)
  const startTls = settings.security === 'starttls'
  const pool = createPool(() => openLdapConnection(server, { driver, startTls, milliseconds }), {
    most: connections,
    mostWaiting
  })
  const names = Object.values(attributes)
  const request = {
    scope: scopes[scope],
    attributes: names.length === 0 ? [noAttribute] : names,
    // Why two: so it is seen that there is more than one.
    sizeLimit: 2,
    timeLimit: Math.ceil(timeoutMilliseconds / 1000)
  }

  async function search(name: string): Promise<readonly Entry[]> {
    const deadline = performance.now() + timeoutMilliseconds
    const connection = await pool.take()
    if (performance.now() > deadline) {
      pool.giveBack(connection, true)
      throw new Error('no connection was free in time')
    }
    try {
      const what = { ...request, filter: nameInFilter(filter, name, driver) }
      const entries = await inTime(connection.search(base, what), timeoutMilliseconds)
      pool.giveBack(connection, true)
      return entries
    } catch (error) {
      pool.giveBack(connection, false)
      throw error
    }
  }

  return {
    async find(name) {
      const [entry, another] = await search(name)
      if (another !== undefined) {
        throw errors.directoryUnfit({
          block: reading.block,
          field: 'filter',
          problem: 'finds two entries, expected one'
        })
      }
      return readRow(entry && toRow(entry, attributes, reading), reading)
    },
    close: pool.close
  }
}

type Attributes = NonNullable<DirectorySettings['attributes']>

/** @throws AC_DIRECTORY_UNFIT */
function toRow({ dn, ...values }: Entry, attributes: Attributes, { block }: Pick<Reading<unknown>, 'block'>): Row {
  const unfit = (problem: string) => errors.directoryUnfit({ block, field: 'attributes', problem })
  // Why: the library fills in what was asked for and is not there.
  const given = Object.entries(values).filter(([, value]) => value.length > 0)
  const byName = new Map(given.map(([name, value]) => [name.toLowerCase(), value]))
  const wanted = Object.values(attributes).map(name => name.toLowerCase())
  // Why: who asks for organizationName is given o, and would not find it.
  const other = [...byName.keys()].find(name => !wanted.some(each => isOf(name, each)))
  if (other !== undefined) throw unfit(`have no "${other}", which the server returns in place of one of them`)
  const row = Object.entries(attributes).map(([column, name]) => {
    const [first] = [byName.get(name.toLowerCase())].flat()
    if (Buffer.isBuffer(first)) throw unfit(`have "${name}", of which the server returns bytes that are no text`)
    return [column, first]
  })
  return Object.fromEntries(row)
}

/** Spec: RFC 4512 2.5.2: who asks for an attribute is given those with options too, such as o;lang-de. */
function isOf(name: string, wanted: string): boolean {
  return name === wanted || name.startsWith(`${wanted};`)
}
