/**
 * What the directory of a table says of one domain, for whoever sets it up.
 */
import { errors } from '../errors.ts'
import { type DirectoryEntry, entryReading } from '../lookups/directory-entry.ts'
import { toEntryProvider } from '../lookups/entry-provider.ts'
import { toDomain } from '../settings/domain.ts'
import type { Table } from '../settings/table.ts'
import { askDirectory, type DirectoryAnswer, type DirectoryQuestion, right, wrong } from './ask-directory.ts'

/** @param asked a domain as typed. @throws AC_USAGE, AC_SETTINGS_INVALID */
export async function directoryAnswer(table: Table, asked: DirectoryQuestion): Promise<DirectoryAnswer> {
  const domain = toDomain(asked.name)
  const { directory } = table.settings
  if (domain === undefined) {
    const what = 'a domain such as example.com, or an address such as jane@example.com'
    throw errors.usage({ problem: `--lookup: found "${asked.name}", expected ${what}` })
  }
  if (directory === undefined) throw errors.usage({ problem: '--lookup: found no directory in the table to ask' })
  const own = table.find(domain)
  if (own !== undefined) return right(`${domain} is of provider ${own.id} by the table: the directory is not asked`)
  const found = await askDirectory(directory, entryReading, { ...asked, name: domain })
  return 'problem' in found ? wrong(`the directory ${found.problem}`) : tell(table, domain, found.answer)
}

function tell(table: Table, domain: string, entry: DirectoryEntry | undefined): DirectoryAnswer {
  if (entry === undefined) return right(`the directory does not know ${domain}`)
  const meant = toEntryProvider(table, entry)
  if ('problem' in meant) return wrong(`the directory knows ${domain}, but ${meant.problem}`)
  const own = Object.entries(entry.overrides ?? {}).map(([name, value]) => `, ${name} ${value}`)
  return right(`${domain} is of provider ${meant.provider.id} by the directory${own.join('')}`)
}
