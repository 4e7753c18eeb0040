// The sources of the scale benchmark: the domains in each of them, and the settings for it.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Customer, customerAt, settingsOf } from './population.ts'
import { findPostgres, startPostgres } from './postgres-server.ts'
import { MOST_IN_YAML, type ScaleOptions, type SourceName } from './scale-options.ts'

export type ScaleSource = {
  title: string
  most: number
  /** Customers may have their own hosts, and there is a cache. */
  isDatabase: boolean
  /** Creates the domains. @returns the settings file */
  fill: (domains: number) => Promise<string>
  close: () => Promise<void>
}

/** @param dir a folder for its files. @returns the reason as a text if it cannot be measured here */
export const openScaleSource = async (
  name: SourceName,
  dir: string,
  { kept }: Pick<ScaleOptions, 'kept'>
): Promise<ScaleSource | string> => {
  switch (name) {
    case 'yaml':
      return yaml(dir)
    case 'sqlite':
      return sqlite(dir, kept)
    case 'postgres': {
      const programs = findPostgres()
      return programs === undefined
        ? 'skipped, no PostgreSQL is installed (apt-get install postgresql)'
        : await postgres(programs, dir, kept)
    }
  }
}

const yaml = (dir: string): ScaleSource => ({
  title: 'YAML',
  most: MOST_IN_YAML,
  isDatabase: false,
  fill: async domains => settingsFile(dir, domains, settingsOf(domains)),
  close: async () => undefined
})

const sqlite = (dir: string, kept: number): ScaleSource => ({
  title: 'SQLite',
  most: Number.POSITIVE_INFINITY,
  isDatabase: true,
  fill: async domains => {
    const file = join(dir, `${domains}.db`)
    const database = new DatabaseSync(file)
    database.exec('CREATE TABLE domain (name TEXT PRIMARY KEY, provider TEXT NOT NULL, host TEXT) WITHOUT ROWID; BEGIN')
    const insert = database.prepare('INSERT INTO domain VALUES (?, ?, ?)')
    for (const { domain, provider, host } of customers(domains)) insert.run(domain, provider, host ?? null)
    database.exec('COMMIT')
    database.close()
    return directoryFile(dir, domains, { kept, directory: { type: 'sqlite', file, query: queryOf('domain') } })
  },
  close: async () => undefined
})

const ROWS_AT_ONCE = 20_000

const postgres = async (programs: string, dir: string, kept: number): Promise<ScaleSource> => {
  const { port, database, passwordFile, connect, stop } = await startPostgres(programs)
  return {
    title: 'PostgreSQL',
    most: Number.POSITIVE_INFINITY,
    isDatabase: true,
    fill: async domains => {
      const table = `domain_${domains}`
      const client = await connect()
      await client.query(`CREATE TABLE ${table} (name text NOT NULL, provider text NOT NULL, host text)`)
      for (let first = 0; first < domains; first += ROWS_AT_ONCE) {
        const rows = Array.from(customers(Math.min(domains, first + ROWS_AT_ONCE), first))
        const columns = [rows.map(row => row.domain), rows.map(row => row.provider), rows.map(row => row.host ?? null)]
        await client.query(`INSERT INTO ${table} SELECT * FROM unnest($1::text[], $2::text[], $3::text[])`, columns)
      }
      await client.query(`ALTER TABLE ${table} ADD PRIMARY KEY (name)`)
      await client.query(`VACUUM ANALYZE ${table}`)
      await client.end()
      const directory = { type: 'postgres', port, database, passwordFile, query: queryOf(table) }
      return directoryFile(dir, domains, { kept, directory })
    },
    close: stop
  }
}

function* customers(end: number, start = 0): Generator<Customer> {
  for (let rank = start; rank < end; rank++) yield customerAt(rank)
}

const queryOf = (table: string): string => `SELECT name AS domain, provider, host FROM ${table} WHERE name = :domain`

type Looked = { kept: number; directory: object }

const directoryFile = (dir: string, domains: number, { kept, directory }: Looked): string =>
  settingsFile(dir, domains, `directory: ${JSON.stringify(directory)}\ncache: { domains: ${kept} }\n${settingsOf(0)}`)

const settingsFile = (dir: string, domains: number, settings: string): string => {
  mkdirSync(dir, { recursive: true })
  const file = join(dir, `${domains}.yaml`)
  writeFileSync(file, settings)
  return file
}
