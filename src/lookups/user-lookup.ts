/**
 * Looks up login names, and servers that differ between people, in a directory of users.
 */
import { dirname } from 'node:path'
import type { Logger } from 'pino'
import { openDirectory } from '../directories/open-directory.ts'
import { type WatchedDirectory, watchDirectory } from '../directories/watched-directory.ts'
import { errors } from '../errors.ts'
import type { UsersSettings } from '../settings/check/users.ts'
import { toCache } from '../settings/lookup-defaults.ts'
import { madeUpColumns } from '../settings/names/login-name.ts'
import type { Provider } from '../settings/provider.ts'
import { perTable } from '../sources/per-table.ts'
import type { LoginLookup, TableSource } from '../sources/source.ts'
import type { LookupOptions } from './directory-lookup.ts'
import { createShares, type Sharer, type Shares } from './fair-shares.ts'
import { createUniformDuration, type UniformDuration } from './uniform-duration.ts'
import { createUnknownLogin, readUsersSecret } from './unknown-login.ts'
import { type Login, toLogin, toUserKey, type User, userReading } from './user.ts'
import { chooseServers, createProviderOfServers, serversProblem, type UserServers } from './user-servers.ts'

/** Why: PostgreSQL and OpenLDAP take 20 to 80 microseconds longer for a mailbox that exists. */
const stepMs = 10

/** Why limited: a database that was overloaded for a moment must not slow down every program for minutes. */
const mostMs = 300

export interface UserLookup {
  /** Rejects with AC_UNAVAILABLE if the directory does not answer. */
  readonly loginOf: LoginLookup
  readonly directory: WatchedDirectory<User>
  /** Number of lookups by result. */
  readonly counts: Readonly<Record<'answered' | 'error', number>>
}

/**
 * Why nothing is cached: a cached answer would reveal that someone asked about the address before, by its duration or by
 * being there while the database is unreachable. Addresses are in memory as long as their requests.
 *
 * @param tables its cache settings limit how many lookups run at the same time
 * @param settings the table's `users`
 * @returns at once, whether or not the directory is reachable
 * @throws AC_SETTINGS_INVALID
 */
export async function openUserLookup(
  tables: TableSource,
  settings: UsersSettings,
  { file, logger, env = process.env }: LookupOptions
): Promise<UserLookup> {
  const { timeoutMilliseconds = 2000, recipientDelimiter } = settings
  const surroundings = { folder: dirname(file), env }
  const read = readUsersSecret(settings, surroundings)
  if ('problem' in read) throw errors.settingsInvalid({ findings: `users.secretFile: ${read.problem}` })
  const opened = await openDirectory(settings, userReading, { ...surroundings, logger })
  const directory = watchDirectory(opened, { block: 'users', logger, timeoutMs: timeoutMilliseconds })
  // Why: an SQLite file that was replaced is only noticed while it is watched.
  directory.watch?.(() => undefined)
  const counts = { answered: 0, error: 0 }
  const find = createFind(directory, {
    settings,
    secret: read.secret,
    uniform: createUniformDuration({ stepMs, mostMs: Math.min(mostMs, timeoutMilliseconds / 2) }),
    shares: createShares(perTable(tables, table => toCache(table.settings.cache).lookups)),
    logger
  })
  const providerOf = createProviderOfServers()
  const loginOf: LoginLookup = async ({ address, provider }, client) => {
    try {
      const key = toUserKey(address, recipientDelimiter)
      const { lookedUpNames, servers } = await find(key, client, { provider })
      counts.answered += 1
      return { lookedUpNames, provider: providerOf(provider, servers, tables) }
    } catch (cause) {
      counts.error += 1
      throw errors.unavailable({ cause })
    }
  }
  return { loginOf, directory, counts }
}

interface FindOptions {
  readonly settings: UsersSettings
  /** The key of what unknown mailboxes get. */
  readonly secret: string
  readonly uniform: UniformDuration
  /** Shares in the lookups that run at the same time. */
  readonly shares: Shares
  readonly logger: Logger
}

/** What is served for an address, whether or not the mailbox exists. */
interface Person extends Login {
  /** Undefined: those of the domain. */
  readonly servers: UserServers | undefined
}

/** The provider is the one of the domain. */
type Find = (address: string, sharer: Sharer, options: { readonly provider: Provider }) => Promise<Person>

/** @returns finds what is served for an address in canonical form; rejects if the directory is unavailable */
function createFind(
  { find }: Pick<WatchedDirectory<User>, 'find'>,
  { settings, secret, uniform, shares, logger }: FindOptions
): Find {
  const { unknownServers = [] } = settings
  const madeUp = madeUpColumns(settings)
  const warned = new Set<string>()
  function warn(problem: string): void {
    if (warned.has(problem)) return
    warned.add(problem)
    logger.warn({ problem }, 'invalid data in the directory of users: such mailboxes get the answers of unknown ones')
  }
  function unknownPerson(address: string): Person {
    const servers = chooseServers(unknownServers, address, secret)
    const unknown = servers?.unknown ?? settings.unknown
    return { lookedUpNames: createUnknownLogin({ ...settings, unknown }, secret)(address), servers }
  }
  return async (address, sharer, { provider }) => {
    const giveBack = shares.take(sharer)
    if (giveBack === undefined) throw new Error('too many lookups, of all clients or of this one')
    try {
      return await uniform(async () => {
        // Why for every address: an unknown one must not take longer.
        const made = unknownPerson(address)
        const user = await find(address)
        if (user === undefined) return made
        const { servers } = user
        const login = toLogin(user, madeUp)
        const problem = 'problem' in login ? login.problem : serversProblem(unknownServers, servers, { provider })
        if ('lookedUpNames' in login && problem === undefined) return { ...login, servers }
        warn(String(problem))
        return made
      })
    } finally {
      giveBack()
    }
  }
}
