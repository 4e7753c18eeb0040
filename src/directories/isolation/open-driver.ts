/**
 * The directory behind a driver: what the process of `directory-process.ts` opens.
 */
import { errors } from '../../errors.ts'
import type { DirectorySettings } from '../../settings/check/directory.ts'
import { toLdapFilter } from '../../settings/query/ldap-filter.ts'
import { toSqlQuery } from '../../settings/query/sql-query.ts'
import type { Columns } from '../columns.ts'
import { databaseServer, type Surroundings } from '../database-server.ts'
import type { RowSource } from '../read-directory.ts'

/** @returns what opens it, connected or not. @throws AC_SETTINGS_INVALID where a query or a file does not fit */
export function prepareDriver(
  settings: DirectorySettings,
  reading: Columns,
  surroundings: Surroundings
): () => Promise<RowSource> {
  const { block, parameter } = reading
  const { query = '', filter = '' } = settings
  if (settings.type === 'ldap') {
    const read = valid(`${block}.filter`, toLdapFilter(filter, parameter))
    const server = databaseServer(settings, { ...surroundings, block })
    return async () => {
      const [{ openLdap }, driver] = await Promise.all([import('../ldap/ldap.ts'), import('ldapts')])
      return openLdap(read.filter, { settings, server, driver })
    }
  }
  const sql = valid(`${block}.query`, toSqlQuery(query, parameter))
  const server = databaseServer(settings, { ...surroundings, block })
  return async () => {
    if (settings.type === 'postgres') {
      const [{ openPostgres }, driver] = await Promise.all([import('../postgres.ts'), import('pg')])
      return openPostgres(sql, { reading, settings, server, driver })
    }
    const [{ openMysql }, driver] = await Promise.all([import('../mysql.ts'), import('mysql2/promise')])
    return openMysql(sql, { reading, settings, server, driver })
  }
}

/** @throws AC_SETTINGS_INVALID */
export function valid<T extends object>(field: string, read: T | { readonly problem: string }): T {
  if ('problem' in read) throw errors.settingsInvalid({ findings: `${field}: ${read.problem}` })
  return read
}
