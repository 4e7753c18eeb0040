/**
 * The directory that the settings name.
 */
import { resolve } from 'node:path'
import { errors } from '../errors.ts'
import type { DirectorySettings } from '../settings/check-directory.ts'
import { toSqlQuery } from '../settings/sql-query.ts'
import { databaseServer, type Surroundings } from './database-server.ts'
import type { Directory } from './directory.ts'

/**
 * Why each is loaded when it is wanted: most services have none, and nobody has two.
 * @returns it, connected or not: that is seen when it is asked
 * @throws AC_SETTINGS_INVALID where a file that the settings name cannot be read
 */
export async function openDirectory(settings: DirectorySettings, surroundings: Surroundings): Promise<Directory> {
  const query = toSqlQuery(settings.query)
  if ('problem' in query) throw errors.settingsInvalid({ findings: `directory.query: ${query.problem}` })
  switch (settings.type) {
    case 'sqlite': {
      const { openSqlite } = await import('./sqlite.ts')
      const { file = '', timeoutMilliseconds = 2000 } = settings
      return openSqlite(query, resolve(surroundings.folder, file), { timeoutMilliseconds })
    }
    case 'postgres': {
      const [{ openPostgres }, driver] = await Promise.all([import('./postgres.ts'), import('pg')])
      return openPostgres(query, { settings, server: databaseServer(settings, surroundings), driver })
    }
    case 'mysql': {
      const [{ openMysql }, driver] = await Promise.all([import('./mysql.ts'), import('mysql2/promise')])
      return openMysql(query, { settings, server: databaseServer(settings, surroundings), driver })
    }
  }
}
