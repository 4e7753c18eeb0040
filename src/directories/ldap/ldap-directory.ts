/**
 * An LDAP server as a directory: one search for each name.
 */
import type { Entry } from 'ldapts'
import type { DirectorySettings } from '../../settings/check/directory.ts'
import type { LdapFilter } from '../../settings/query/ldap-filter.ts'
import { withTimeout } from '../../timeout.ts'
import { connectTimeoutMs, type DatabaseServer, maxWaiting } from '../database-server.ts'
import { DirectoryFailure } from '../directory.ts'
import type { Row, RowDirectory } from '../row-reader.ts'
import { createConnectionPool } from './connection-pool.ts'
import { type LdapClients, ldapFailure, openLdapConnection } from './ldap-connection.ts'
import { type LdapFilters, nameInFilter } from './name-in-filter.ts'

export interface LdapOptions {
  readonly settings: DirectorySettings
  readonly server: DatabaseServer
  /** The package ldapts. */
  readonly driver: LdapClients & LdapFilters
}

const scopes = { subtree: 'sub', one: 'one', base: 'base' } as const

/** Why more than one: the server may find entries of other names that it treats as equal. */
const maxEntries = 20

export function openLdap(filter: LdapFilter, options: LdapOptions): RowDirectory {
  const { settings, server, driver } = options
  const { timeoutMilliseconds: timeoutMs = 2000, connections = 10, base = '' } = settings
  const { scope = 'subtree', attributes = {} } = settings
  const connectionOptions = {
    driver,
    startTls: settings.security === 'starttls',
    timeoutMs: Math.max(connectTimeoutMs, timeoutMs)
  }
  const pool = createConnectionPool(() => openLdapConnection(server, connectionOptions), {
    maxConnections: connections,
    maxWaiting
  })
  const request = {
    scope: scopes[scope],
    attributes: Object.values(attributes).flatMap(attributeNames),
    sizeLimit: maxEntries,
    timeLimit: Math.ceil(timeoutMs / 1000)
  }

  async function search(name: string): Promise<readonly Entry[]> {
    const deadline = performance.now() + timeoutMs
    const connection = await pool.acquire()
    if (performance.now() > deadline) {
      pool.release(connection, true)
      throw new DirectoryFailure('no-free-connection')
    }
    try {
      const searchOptions = { ...request, filter: nameInFilter(filter, name, driver) }
      const entries = await withTimeout(connection.search(base, searchOptions), timeoutMs)
      pool.release(connection, true)
      return entries
    } catch (error) {
      const failure = ldapFailure(error)
      // Why: the rest of an incomplete answer may still arrive.
      pool.release(connection, failure.isComplete)
      throw failure
    }
  }

  return {
    async find(name) {
      const entries = await search(name)
      const rows: Row[] = []
      for (const entry of entries) {
        const read = toRow(entry, attributes)
        // Why it is not rejected: that would reveal that the entry exists.
        if ('problem' in read) return read
        rows.push(read.row)
      }
      return { rows }
    },
    close: pool.close
  }
}

type Attributes = NonNullable<DirectorySettings['attributes']>

/** @returns the entry by column, or in words why it cannot be used */
function toRow({ dn, ...values }: Entry, attributes: Attributes): { readonly row: Row } | { readonly problem: string } {
  // Why: the library adds attributes that were requested and do not exist, without values.
  const given = Object.entries(values).filter(([, value]) => value.length > 0)
  const byName = new Map(given.map(([name, value]) => [name.toLowerCase(), [value].flat()]))
  const columns = Object.entries(attributes).map(([column, written]) => ({
    column,
    written,
    names: attributeNames(written)
  }))
  const requested = columns.flatMap(({ names }) => names)
  // Why: a server that is asked for organizationName returns o, which would not be found.
  const other = [...byName.keys()].find(name => !requested.some(each => isVariantOf(name, each.toLowerCase())))
  if (other !== undefined) {
    return { problem: `attributes have no "${other}", which the server returns in place of one of them` }
  }
  const row: Record<string, readonly unknown[]> = {}
  for (const { column, written, names } of columns) {
    const found = names.flatMap(name => byName.get(name.toLowerCase()) ?? [])
    if (found.some(value => Buffer.isBuffer(value))) {
      return { problem: `attributes have "${names.join(', ')}", of which the server returns bytes that are no text` }
    }
    row[column] = isTemplate(written) ? fillTemplate(written, byName) : found
  }
  return { row }
}

const isTemplate = (written: string): boolean => written.includes('{')

/**
 * @param written a template with names in braces, or one or more names with commas: a mailbox may have its addresses in several
 * attributes
 */
function attributeNames(written: string): readonly string[] {
  if (isTemplate(written)) return Array.from(written.matchAll(inBraces), ([name]) => name.slice(1, -1))
  return written.split(',').map(name => name.trim())
}

const inBraces = /\{[^{}]*\}/g

/** @returns the text with the first value of each attribute; nothing if the entry lacks one of them */
function fillTemplate(written: string, byName: ReadonlyMap<string, readonly unknown[]>): readonly unknown[] {
  const values = attributeNames(written).map(name => byName.get(name.toLowerCase())?.[0])
  if (values.includes(undefined)) return []
  return [written.split(inBraces).reduce((text, next, at) => `${text}${values[at - 1]}${next}`)]
}

/** Spec: a request for an attribute also returns its variants with options, such as o;lang-de (RFC 4512 2.5.2). */
function isVariantOf(name: string, requested: string): boolean {
  return name === requested || name.startsWith(`${requested};`)
}
