/**
 * The tables of automx2 in an SQLite file: automx2 2026.2, src/automx2/model.py; older ones lack a column or a table.
 * The file may be malicious: nothing in it is evaluated, and its size, its rows and their bytes are limited.
 */
import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

const columns = {
  provider: ['id', 'name', 'short_name'],
  domain: ['id', 'name', 'provider_id', 'ldapserver_id'],
  server: ['id', 'prio', 'name', 'port', 'type', 'socket_type', 'user_name', 'authentication'],
  davserver: ['id', 'url', 'port', 'type', 'use_ssl', 'user_name'],
  // Why without the password: a settings table contains none.
  ldapserver: ['id', 'name', 'port', 'use_ssl', 'search_base', 'search_filter', 'attr_uid', 'bind_user'],
  server_domain: ['server_id', 'domain_id'],
  davserver_domain: ['davserver_id', 'domain_id']
} as const

export type TableName = keyof typeof columns

export type Row = Readonly<Record<string, unknown>>

export type Automx2Rows = Readonly<Record<TableName, readonly Row[]>>

const required: readonly TableName[] = ['provider', 'domain', 'server', 'server_domain']

/** Why: 100,000 domains take about 10 MiB. A row cannot be longer than its file. */
const mostFileBytes = 64 * 1024 * 1024
/** Rows of one table. */
const mostRows = 100_000
/** Characters of texts and bytes of blobs in all rows. */
const mostContent = 32 * 1024 * 1024

/** Opens the file read-only. @returns the rows, or the reason why the file cannot be read */
export function readAutomx2(file: string): Automx2Rows | { readonly reason: string } {
  try {
    const { size } = statSync(file)
    if (size > mostFileBytes) return { reason: `a database of ${size} bytes (at most ${mostFileBytes} are read)` }
    const database = new DatabaseSync(file, { readOnly: true, allowExtension: false, defensive: true })
    try {
      // Spec: sqlite.org/pragma.html recommends these for files of unknown origin.
      database.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON')
      return readRows(database)
    } finally {
      database.close()
    }
  } catch (error) {
    return { reason: error instanceof Unreadable ? error.message : `SQLite says: ${(error as Error).message}` }
  }
}

class Unreadable extends Error {}

function readRows(database: DatabaseSync): Automx2Rows {
  const names = new Set(tablesOf(database))
  const missing = required.filter(name => !names.has(name))
  if (missing.length > 0) {
    throw new Unreadable(`found an SQLite database without ${missing.join(', ')}, expected that of automx2`)
  }
  const budget = { content: mostContent }
  const rowsOf = (name: TableName) => (names.has(name) ? read(database, name, budget) : [])
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

/**
 * @returns only ordinary tables. A view may run forever, and a virtual table runs the code of its module.
 * Why not from sqlite_schema: the author of the file can write any type there.
 */
function tablesOf(database: DatabaseSync): unknown[] {
  const tables = database.prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'").all()
  return tables.map(({ name }) => name)
}

/** @throws Unreadable */
function read(database: DatabaseSync, name: TableName, budget: { content: number }): Row[] {
  // Spec: sqlite.org/pragma.html#pragma_table_xinfo: 0 is a stored column; generated ones are computed while log.
  const stored = database.prepare('SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0').all(name)
  const known = new Set(stored.map(column => column.name))
  const wanted = columns[name].filter(column => known.has(column))
  const rows: Row[] = []
  if (wanted.length === 0) return rows
  const select = database.prepare(`SELECT ${wanted.join(', ')} FROM ${name} ORDER BY rowid LIMIT ${mostRows + 1}`)
  for (const row of select.iterate()) {
    const values = Object.values(row)
    // Why: SQLite does not check what a program stores as text, and Node replaces what is not UTF-8.
    if (values.some(value => typeof value === 'string' && value.includes('\ufffd'))) {
      throw new Unreadable(`found text that is not UTF-8 in ${name}`)
    }
    for (const value of values) budget.content -= sizeOf(value)
    if (budget.content < 0) throw new Unreadable(`found more than ${mostContent} bytes in its rows`)
    if (rows.push(row) > mostRows) throw new Unreadable(`found more than ${mostRows} rows in ${name}`)
  }
  return rows
}

function sizeOf(value: unknown): number {
  return typeof value === 'string' || value instanceof Uint8Array ? value.length : 8
}
