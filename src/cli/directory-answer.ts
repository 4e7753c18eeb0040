/**
 * What the directory of a table says of one domain, for whoever sets it up.
 */
import { dirname } from 'node:path'
import { errors } from '../errors.ts'
import { createLogger } from '../http/log.ts'
import { toDomain } from '../settings/domain.ts'
import type { Table } from '../settings/table.ts'
import type { Directory } from '../sources/directory.ts'
import { type Entry, entryReading } from '../sources/entry.ts'
import { meantProvider } from '../sources/meant-provider.ts'
import { openDirectory } from '../sources/open-directory.ts'
import { watchDirectory } from '../sources/watched-directory.ts'
import type { Terminal } from './command.ts'

export interface DirectoryAnswer {
  readonly told: string
  readonly isWrong: boolean
}

export interface DirectoryQuestion {
  /** As typed. */
  readonly domain: string
  /** Of the settings. */
  readonly file: string
  readonly env: Terminal['env']
}

/** @throws AC_USAGE, AC_SETTINGS_INVALID */
export async function directoryAnswer(table: Table, asked: DirectoryQuestion): Promise<DirectoryAnswer> {
  const domain = toDomain(asked.domain)
  const { directory: settings } = table.settings
  if (domain === undefined) {
    throw errors.usage({ problem: `--lookup: found "${asked.domain}", expected a domain such as example.com` })
  }
  if (settings === undefined) throw errors.usage({ problem: '--lookup: found no directory in the table to ask' })
  const own = table.find(domain)
  if (own !== undefined) return right(`${domain} is of provider ${own.id} by the table: the directory is not asked`)
  const { timeoutMilliseconds = 2000 } = settings
  const opened = await openDirectory(settings, entryReading, { folder: dirname(asked.file), env: asked.env })
  const directory = watchDirectory(opened, {
    block: 'directory',
    logger: createLogger({ level: 'silent' }),
    timeoutMilliseconds
  })
  const answer = await ask(directory, table, domain)
  await directory.close()
  return answer
}

async function ask({ find }: Directory<Entry>, table: Table, domain: string): Promise<DirectoryAnswer> {
  try {
    const entry = await find(domain)
    if (entry === undefined) return right(`the directory does not know ${domain}`)
    const meant = meantProvider(table, entry)
    if ('problem' in meant) return wrong(`the directory knows ${domain}, but ${meant.problem}`)
    const own = Object.entries(entry.overrides ?? {}).map(([name, value]) => `, ${name} ${value}`)
    return right(`${domain} is of provider ${meant.provider.id} by the directory${own.join('')}`)
  } catch (error) {
    return wrong(`the directory does not answer: ${(error as Error).message}`)
  }
}

const right = (told: string): DirectoryAnswer => ({ told, isWrong: false })
const wrong = (told: string): DirectoryAnswer => ({ told, isWrong: true })
