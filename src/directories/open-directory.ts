/**
 * The directory that the settings name.
 */
import { resolve } from 'node:path'
import { errors } from '../errors.ts'
import type { DirectorySettings } from '../settings/check/directory.ts'
import { toLdapFilter } from '../settings/query/ldap-filter.ts'
import { toSqlQuery } from '../settings/query/sql-query.ts'
import type { Reading } from './columns.ts'
import { databaseServer, type Surroundings } from './database-server.ts'
import type { Directory } from './directory.ts'

/**
 * Why each is loaded when it is wanted: most services have none.
 * @returns it, connected or not: that is seen when it is asked
 * @throws AC_SETTINGS_INVALID where a file that the settings name cannot be read
 */
export async function openDirectory<V>(
  settings: DirectorySettings,
  reading: Reading<V>,
  surroundings: Surroundings
): Promise<Directory<V>> {
  const { block, parameter } = reading
  const { query = '', filter = '' } = settings
  const sql = () => right(`${block}.query`, toSqlQuery(query, parameter))
  const serverOf = () => databaseServer(settings, { ...surroundings, block })
  switch (settings.type) {
    case 'sqlite': {
      const { openSqlite } = await import('./sqlite.ts')
      const { file = '', timeoutMilliseconds = 2000 } = settings
      return openSqlite(sql(), resolve(surroundings.folder, file), { reading, timeoutMilliseconds })
    }
    case 'postgres': {
      const [{ openPostgres }, driver] = await Promise.all([import('./postgres.ts'), import('pg')])
      return openPostgres(sql(), { reading, settings, server: serverOf(), driver })
    }
    case 'mysql': {
      const [{ openMysql }, driver] = await Promise.all([import('./mysql.ts'), import('mysql2/promise')])
      return openMysql(sql(), { reading, settings, server: serverOf(), driver })
    }
    case 'ldap': {
      const read = right(`${block}.filter`, toLdapFilter(filter, parameter))
      const [{ openLdap }, driver] = await Promise.all([import('./ldap/ldap.ts'), import('ldapts')])
      return openLdap(read.filter, { reading, settings, server: serverOf(), driver })
    }
  }
}

function right<T extends object>(field: string, read: T | { readonly problem: string }): T {
  if ('problem' in read) throw errors.settingsInvalid({ findings: `${field}: ${read.problem}` })
  return read
}
