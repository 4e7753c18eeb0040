/**
 * The tables of automx2 in an SQLite file: automx2 2026.2, src/automx2/model.py; older ones lack a column or a table.
 */
import { DatabaseSync } from 'node:sqlite'

export interface Automx2Rows {
  readonly provider: readonly Row[]
  readonly domain: readonly Row[]
  readonly server: readonly Row[]
  readonly davserver: readonly Row[]
  readonly ldapserver: readonly Row[]
  readonly server_domain: readonly Row[]
  readonly davserver_domain: readonly Row[]
}

export type Row = Readonly<Record<string, unknown>>

export type TableName = keyof Automx2Rows

/** Why bounded: the file may be of a stranger. */
const mostRows = 100_000

const required: readonly TableName[] = ['provider', 'domain', 'server', 'server_domain']

/** @returns the rows, or in words why the file cannot be read. The file is opened read-only */
export function readAutomx2(file: string): Automx2Rows | { readonly reason: string } {
  try {
    const database = new DatabaseSync(file, { readOnly: true, allowExtension: false })
    try {
      return readRows(database)
    } finally {
      database.close()
    }
  } catch (error) {
    return { reason: `SQLite says: ${(error as Error).message}` }
  }
}

function readRows(database: DatabaseSync): Automx2Rows | { readonly reason: string } {
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
  const names = new Set(tables.map(({ name }) => name))
  const missing = required.filter(name => !names.has(name))
  if (missing.length > 0) {
    return { reason: `found an SQLite database without ${missing.join(', ')}, expected that of automx2` }
  }
  const rowsOf = (name: TableName) => (names.has(name) ? read(database, name) : [])
  return {
    provider: rowsOf('provider'),
    domain: rowsOf('domain'),
    server: rowsOf('server'),
    davserver: rowsOf('davserver'),
    ldapserver: rowsOf('ldapserver'),
    server_domain: rowsOf('server_domain'),
    davserver_domain: rowsOf('davserver_domain')
  }
}

function read(database: DatabaseSync, name: TableName): Row[] {
  return database.prepare(`SELECT rowid AS rowid, * FROM ${name} ORDER BY rowid LIMIT ${mostRows}`).all()
}
