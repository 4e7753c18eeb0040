/**
 * One question to a directory of the table, which is closed again.
 */
import { dirname } from 'node:path'
import type { Reading } from '../directories/columns.ts'
import { openDirectory } from '../directories/open-directory.ts'
import { watchDirectory } from '../directories/watched-directory.ts'
import { createLogger } from '../http/log/access-log.ts'
import type { DirectorySettings } from '../settings/check/directory.ts'
import type { Terminal } from './command.ts'

export interface DirectoryQuestion {
  readonly name: string
  /** Of the settings. */
  readonly file: string
  readonly env: Terminal['env']
}

/** What was found out, and whether something must be done about it. */
export interface DirectoryAnswer {
  readonly told: string
  readonly isWrong: boolean
}

export const right = (told: string): DirectoryAnswer => ({ told, isWrong: false })
export const wrong = (told: string): DirectoryAnswer => ({ told, isWrong: true })

/** @returns what it says of the name, or in words why it says nothing. @throws AC_SETTINGS_INVALID */
export async function askDirectory<V>(
  settings: DirectorySettings,
  reading: Reading<V>,
  { name, file, env }: DirectoryQuestion
): Promise<{ readonly answer: V | undefined } | { readonly problem: string }> {
  const { timeoutMilliseconds = 2000 } = settings
  const opened = await openDirectory(settings, reading, { folder: dirname(file), env })
  const logger = createLogger({ level: 'silent' }, { write: () => undefined })
  const directory = watchDirectory(opened, { block: reading.block, logger, timeoutMilliseconds })
  const found = await directory.find(name).then(
    answer => ({ answer }),
    (error: Error) => ({ problem: error.message })
  )
  await directory.close()
  return found
}
