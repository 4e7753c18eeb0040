/**
 * The directory that the settings name.
 */
import { resolve } from 'node:path'
import type { Logger } from 'pino'
import type { DirectorySettings } from '../settings/check/directory.ts'
import { toSqlQuery } from '../settings/query/sql-query.ts'
import type { Columns, Reading } from './columns.ts'
import type { Surroundings } from './database-server.ts'
import type { Directory } from './directory.ts'
import { prepareDriver, valid } from './isolation/open-driver.ts'
import { readDirectory } from './read-directory.ts'

export interface OpenOptions extends Surroundings {
  readonly logger: Logger
}

/**
 * Why each is loaded when it is wanted: most services have none.
 * @returns it, connected or not: that is seen when it is asked
 * @throws AC_SETTINGS_INVALID where a file that the settings name cannot be read
 */
export async function openDirectory<V>(
  settings: DirectorySettings,
  reading: Reading<V>,
  { logger, ...surroundings }: OpenOptions
): Promise<Directory<V>> {
  const { block, parameter } = reading
  if (settings.type === 'sqlite') {
    const sql = valid(`${block}.query`, toSqlQuery(settings.query ?? '', parameter))
    const { openSqlite } = await import('./sqlite.ts')
    const { file = '', timeoutMilliseconds = 2000 } = settings
    return openSqlite(sql, resolve(surroundings.folder, file), { reading, timeoutMilliseconds })
  }
  // Why here too: a query or a file that does not fit is reported when the service starts.
  prepareDriver(settings, reading, surroundings)
  const { isolateDirectory } = await import('./isolation/isolated-directory.ts')
  const isolated = await isolateDirectory({ settings, ...taskOf(reading, surroundings) }, { logger })
  return readDirectory(isolated, reading)
}

/** Why one variable only: it is all of the environment that a driver's process is told in a message. */
function taskOf({ block, parameter, key, columns }: Columns, { folder, env }: Surroundings) {
  const name = `SIGNPOST_${block.toUpperCase()}_PASSWORD`
  return { columns: { block, parameter, key, columns }, folder: resolve(folder), env: { [name]: env[name] } }
}
