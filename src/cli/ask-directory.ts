/**
 * One question to a directory of the table, which is closed again.
 */
import { dirname } from 'node:path'
import { toFailure } from '../directories/directory.ts'
import { openDirectory } from '../directories/open-directory.ts'
import type { RowReader } from '../directories/row-reader.ts'
import { SignpostError } from '../errors.ts'
import { createLogger } from '../http/log/access-log.ts'
import type { DirectorySettings } from '../settings/check/directory.ts'
import { withoutUserinfo } from '../settings/load/finding.ts'
import { withTimeout } from '../timeout.ts'
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

/**
 * @returns what it says of the name, or in words why it says nothing: with the driver's code, and with its text only where
 * that names parts of the query or the connection. @throws AC_SETTINGS_INVALID
 */
export async function askDirectory<V>(
  settings: DirectorySettings,
  reading: RowReader<V>,
  { name, file, env }: DirectoryQuestion
): Promise<{ readonly answer: V | undefined } | { readonly problem: string }> {
  const { timeoutMilliseconds = 2000 } = settings
  const logger = createLogger({ level: 'silent' }, process.stderr)
  const directory = await openDirectory(settings, reading, { folder: dirname(file), env, logger })
  const found = await withTimeout(directory.find(name), timeoutMilliseconds).then(
    answer => ({ answer }),
    (error: Error) => ({ problem: problemOf(error, name) })
  )
  await directory.close()
  return found
}

/** @returns words that go on from "the directory " */
function problemOf(error: Error, name: string): string {
  if (error instanceof SignpostError) return `does not answer: ${error.message}`
  const { code, isRefusal, driverText } = toFailure(error)
  const reason = driverText === undefined || names(driverText, name) ? code : `${code}: ${withoutUserinfo(driverText)}`
  return isRefusal ? `refuses this question; its name is treated as unknown: ${reason}` : `does not answer: ${reason}`
}

/** Why: output of this command ends up in logs and tickets, and a database may print what it computes of an address. */
function names(words: string, name: string): boolean {
  const local = name.slice(0, Math.max(0, name.lastIndexOf('@')))
  return local !== '' && words.toLowerCase().includes(local.toLowerCase())
}
