/**
 * The domains of a settings table and its directory, and the accounts that they stand for.
 */
import { dirname } from 'node:path'
import type { Logger } from 'pino'
import { openDirectory } from '../../directories/open-directory.ts'
import { errors, SignpostError } from '../../errors.ts'
import { createLogger } from '../../http/log/access-log.ts'
import { listReading } from '../../lookups/directory-entry.ts'
import { openDirectoryLookup } from '../../lookups/directory-lookup.ts'
import type { Account } from '../../settings/question/account.ts'
import { toDomain } from '../../settings/question/domain.ts'
import { resolve } from '../../settings/question/resolution-order.ts'
import type { TableSource } from '../../sources/source.ts'
import { withTimeout } from '../../timeout.ts'
import type { Terminal } from '../command.ts'
import { withReason } from '../directory-failure.ts'

export interface ServedDomains {
  /** @param domain as A-labels. Rejects with AC_UNAVAILABLE if the directory does not answer */
  find(domain: string): Promise<Account | undefined>
  /** @returns domains that the table and the directory list by name, each once. Rejects with DirectoryFailure */
  list(): Promise<DomainList>
}

export interface DomainList {
  readonly domains: readonly string[]
  /** Messages about domains that cannot be listed. */
  readonly omissions: readonly string[]
}

export interface ServedDomainsOptions {
  /** The settings file. */
  readonly file: string
  readonly env: Terminal['env']
}

/** Runs a command with the domains of a table, and closes its directory at the end. @throws AC_SETTINGS_INVALID */
export async function withServedDomains<Result>(
  tables: TableSource,
  { file, env }: ServedDomainsOptions,
  run: (domains: ServedDomains) => Promise<Result>
): Promise<Result> {
  const { table } = tables
  const { directory } = table.settings
  const options = { file, env, logger: createLogger({ level: 'silent' }, process.stderr) }
  const lookup = directory && (await openDirectoryLookup(tables, directory, options))
  try {
    return await run({
      find: async domain => {
        try {
          return await resolve(table, { domain, host: undefined }, lookup?.lookUp ?? nothing)
        } catch (error) {
          throw withReason(error, { name: domain })
        }
      },
      list: async () => {
        const domains = [...namedDomains(tables), ...(await listDirectory(tables, options))]
        return { domains: [...new Set(domains)], omissions: omissionsOf(tables) }
      }
    })
  } finally {
    await lookup?.directory.close()
  }
}

function nothing(): undefined {
  return undefined
}

function namedDomains({ table }: TableSource): string[] {
  return table.providers.flatMap(({ domains }) => domains.filter(domain => !domain.startsWith('*')))
}

/** @returns domains as A-labels */
async function listDirectory(
  { table }: TableSource,
  { file, ...options }: ServedDomainsOptions & { readonly logger: Logger }
): Promise<string[]> {
  const { directory: settings } = table.settings
  if (settings?.list === undefined) return []
  const { list, timeoutMilliseconds = 2000 } = settings
  const context = { ...options, folder: dirname(file) }
  const directory = await openDirectory({ ...settings, query: list }, listReading, context)
  const stored = new Set<string>()
  try {
    let last: string | undefined = ''
    while (last !== undefined) {
      const page = [await withTimeout(directory.find(last), timeoutMilliseconds)].flat()
      // Why only new ones: a query without `> :domain` returns the same page forever.
      const fresh = page.filter(text => typeof text === 'string' && !stored.has(text)) as string[]
      for (const text of fresh) stored.add(text)
      last = fresh.at(-1)
    }
  } catch (error) {
    throw withReason(error instanceof SignpostError ? error : errors.unavailable({ cause: error }), { name: '' })
  } finally {
    await directory.close()
  }
  return [...stored].map(text => toDomain(text)).filter(domain => domain !== undefined)
}

function omissionsOf({ table: { providers, settings } }: TableSource): string[] {
  const patterns = providers.flatMap(({ domains }) => domains.filter(domain => domain.startsWith('*')))
  const isUnlisted = settings.directory !== undefined && settings.directory.list === undefined
  return [
    ...patterns.map(pattern => `"${pattern}" matches any number of domains: list them one by one`),
    ...(isUnlisted ? ['the table has no directory.list, so the domains of the directory are not included'] : [])
  ]
}
