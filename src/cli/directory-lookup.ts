/**
 * `signpost check --lookup`: one query to a directory of the table, for the administrator who sets it up.
 */
import { dirname } from 'node:path'
import { openDirectory } from '../directories/open-directory.ts'
import type { RowReader } from '../directories/row-reader.ts'
import { errors } from '../errors.ts'
import { createLogger } from '../http/log/access-log.ts'
import { type DirectoryEntry, entryReading } from '../lookups/directory-entry.ts'
import { toEntryProvider } from '../lookups/entry-provider.ts'
import { toLogin, toUserKey, type User, userReading } from '../lookups/user.ts'
import { serversProblem } from '../lookups/user-servers.ts'
import type { DirectorySettings } from '../settings/check/directory.ts'
import type { UsersSettings } from '../settings/check/users.ts'
import { madeUpColumns } from '../settings/names/login-name.ts'
import type { Provider } from '../settings/provider.ts'
import { toAddress } from '../settings/question/address.ts'
import { toDomain } from '../settings/question/domain.ts'
import type { Table } from '../settings/table.ts'
import { withTimeout } from '../timeout.ts'
import type { Terminal } from './command.ts'
import { describeFailure } from './directory-failure.ts'

export interface DirectoryQuery {
  /** A domain or an address, as typed. */
  readonly name: string
  /** The settings file. */
  readonly file: string
  readonly env: Terminal['env']
}

export interface DirectoryReport {
  /** The answer for people, in one sentence. */
  readonly text: string
  /** Whether the directory or its data needs to be fixed. */
  readonly isProblem: boolean
}

/** Looks up an address in `users`, and a domain in `directory`. @throws AC_USAGE, AC_SETTINGS_INVALID */
export async function lookUpName(table: Table, query: DirectoryQuery): Promise<DirectoryReport> {
  return query.name.includes('@') ? await lookUpUser(table, query) : await lookUpDomain(table, query)
}

const fine = (text: string): DirectoryReport => ({ text, isProblem: false })
const problem = (text: string): DirectoryReport => ({ text, isProblem: true })

async function lookUpDomain(table: Table, query: DirectoryQuery): Promise<DirectoryReport> {
  const domain = toDomain(query.name)
  const { directory } = table.settings
  if (domain === undefined) {
    const what = 'a domain such as example.com, or an address such as jane@example.com'
    throw errors.usage({ problem: `--lookup: found "${query.name}", expected ${what}` })
  }
  if (directory === undefined) throw errors.usage({ problem: '--lookup: the table has no directory' })
  const listed = table.find(domain)
  if (listed !== undefined) {
    return fine(`${domain} belongs to provider ${listed.id} in the table, so the directory is not asked`)
  }
  const result = await ask(directory, entryReading, { ...query, name: domain })
  return 'failure' in result ? problem(`the directory ${result.failure}`) : describeDomain(table, domain, result.answer)
}

function describeDomain(table: Table, domain: string, entry: DirectoryEntry | undefined): DirectoryReport {
  if (entry === undefined) return fine(`the directory does not contain ${domain}`)
  const match = toEntryProvider(table, entry)
  if ('problem' in match) return problem(`the directory contains ${domain}, but ${match.problem}`)
  const overrides = Object.entries(entry.overrides ?? {}).map(([name, value]) => `, ${name} ${value}`)
  const text = `${domain} belongs to provider ${match.provider.id} according to the directory${overrides.join('')}`
  return match.ignored.length === 0 ? fine(text) : problem(`${text}; ignored: ${match.ignored.join('; ')}`)
}

async function lookUpUser(table: Table, query: DirectoryQuery): Promise<DirectoryReport> {
  const address = toAddress(query.name)
  const { users } = table.settings
  if (address === undefined) {
    throw errors.usage({ problem: `--lookup: found "${query.name}", expected an address such as jane@example.com` })
  }
  if (users === undefined) throw errors.usage({ problem: '--lookup: the table has no users' })
  const provider = table.find(address.domain)
  if (provider?.looksUpUsers === false) {
    return fine(`${address.text} belongs to provider ${provider.id}, so the directory of users is not asked`)
  }
  const name = toUserKey(address, users.recipientDelimiter)
  const result = await ask(users, userReading, { ...query, name })
  return 'failure' in result
    ? problem(`the directory of users ${result.failure}`)
    : describeUser(name, result.answer, { provider, users })
}

/** @returns also the display name, which the service itself never reveals */
function describeUser(
  address: string,
  user: User | undefined,
  { provider, users }: { readonly provider: Provider | undefined; readonly users: UsersSettings }
): DirectoryReport {
  if (user === undefined) return fine(`the directory of users does not contain ${address}`)
  const { servers, displayName } = user
  const usable = toLogin(user, madeUpColumns(users))
  if ('problem' in usable) return problem(`the directory of users contains ${address}, but ${usable.problem}`)
  const wrong = provider && serversProblem(users.unknownServers ?? [], servers, { provider })
  if (wrong !== undefined) {
    const found = Object.entries(servers ?? {}).map(([name, value]) => `${name} ${value}`)
    return problem(`the directory of users contains ${address}, but ${[wrong, ...found].join(', ')}`)
  }
  const { username, ...others } = usable.lookedUpNames
  const columns = Object.entries({ ...others, ...servers, 'display name': displayName })
  const more = columns.flatMap(([name, value]) => (value === undefined ? [] : [`, ${name} ${value}`]))
  return fine(`${address} logs in as ${username}${more.join('')}`)
}

/**
 * Opens the directory, looks up one name, and closes the directory.
 * @returns the answer, or a description of the failure that continues "the directory …"
 */
async function ask<V>(
  settings: DirectorySettings,
  reader: RowReader<V>,
  { name, file, env }: DirectoryQuery
): Promise<{ readonly answer: V | undefined } | { readonly failure: string }> {
  const { timeoutMilliseconds = 2000 } = settings
  const logger = createLogger({ level: 'silent' }, process.stderr)
  const directory = await openDirectory(settings, reader, { folder: dirname(file), env, logger })
  const result = await withTimeout(directory.find(name), timeoutMilliseconds).then(
    answer => ({ answer }),
    (error: Error) => ({ failure: describeFailure(error, name) })
  )
  await directory.close()
  return result
}
