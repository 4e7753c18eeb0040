/**
 * Opens the directory that the settings describe: SQLite in this process, other databases through a driver in a separate
 * process.
 */
import { resolve } from 'node:path'
import type { Logger } from 'pino'
import { errors } from '../errors.ts'
import type { DirectorySettings } from '../settings/check/directory.ts'
import { toLdapFilter } from '../settings/query/ldap-filter.ts'
import { toSqlQuery } from '../settings/query/sql-query.ts'
import { databaseServer, type SettingsContext } from './database-server.ts'
import type { Directory } from './directory.ts'
import { type QueryColumns, type RowDirectory, type RowReader, readDirectory } from './row-reader.ts'

export interface OpenOptions extends SettingsContext {
  readonly logger: Logger
}

/**
 * Why each type is only loaded when it is needed: most services have no directory.
 *
 * @returns the directory, connected or not: a failure to connect shows with the first question
 * @throws AC_SETTINGS_INVALID if a query is invalid, or a file that the settings name cannot be read
 */
export async function openDirectory<V>(
  settings: DirectorySettings,
  reader: RowReader<V>,
  { logger, ...context }: OpenOptions
): Promise<Directory<V>> {
  const { block, parameter, key, columns } = reader
  if (settings.type === 'sqlite') {
    const sql = valid(`${block}.query`, toSqlQuery(settings.query ?? '', parameter, { type: 'sqlite' }))
    const { openSqlite } = await import('./sqlite.ts')
    const { file = '', timeoutMilliseconds: timeoutMs = 2000 } = settings
    return openSqlite(sql, resolve(context.folder, file), { reader, timeoutMs })
  }
  // Why here too: an invalid query or an unreadable file is reported when the service starts.
  prepareDriver(settings, reader, context)
  const { isolateDirectory } = await import('./isolation/isolated-directory.ts')
  // Why one variable only: the process of a driver must not learn the rest of the environment.
  const variable = `SIGNPOST_${block.toUpperCase()}_PASSWORD`
  const task = {
    settings,
    columns: { block, parameter, key, columns },
    folder: resolve(context.folder),
    env: { [variable]: context.env[variable] }
  }
  return readDirectory(await isolateDirectory(task, { logger }), reader)
}

/**
 * Checks what a driver needs. The returned function is called in the process of the driver.
 *
 * @returns opens the directory, connected or not
 * @throws AC_SETTINGS_INVALID if a query is invalid, or a file cannot be read
 */
export function prepareDriver(
  settings: DirectorySettings,
  columns: QueryColumns,
  context: SettingsContext
): () => Promise<RowDirectory> {
  const { block, parameter } = columns
  const { query = '', filter = '' } = settings
  if (settings.type === 'ldap') {
    const read = valid(`${block}.filter`, toLdapFilter(filter, parameter))
    const server = databaseServer(settings, { ...context, block })
    return async () => {
      const [{ openLdap }, driver] = await Promise.all([import('./ldap/ldap-directory.ts'), import('ldapts')])
      return openLdap(read.filter, { settings, server, driver })
    }
  }
  const type = settings.type === 'postgres' ? 'postgres' : 'mysql'
  const sql = valid(`${block}.query`, toSqlQuery(query, parameter, { type }))
  const server = databaseServer(settings, { ...context, block })
  return async () => {
    if (type === 'postgres') {
      const [{ openPostgres }, driver] = await Promise.all([import('./postgres.ts'), import('pg')])
      return openPostgres(sql, { columns, settings, server, driver })
    }
    const [{ openMysql }, driver] = await Promise.all([import('./mysql.ts'), import('mysql2/promise')])
    return openMysql(sql, { columns, settings, server, driver })
  }
}

/** @throws AC_SETTINGS_INVALID */
function valid<T extends object>(field: string, read: T | { readonly problem: string }): T {
  if ('problem' in read) throw errors.settingsInvalid({ findings: `${field}: ${read.problem}` })
  return read
}
