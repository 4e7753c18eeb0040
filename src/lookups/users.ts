/**
 * Log-in names that are looked up: a directory of users, and the source with its answers.
 */
import { dirname } from 'node:path'
import type { Logger } from 'pino'
import { openDirectory } from '../directories/open-directory.ts'
import { type WatchedDirectory, watchDirectory } from '../directories/watched-directory.ts'
import { errors } from '../errors.ts'
import type { Address } from '../settings/address.ts'
import type { UsersSettings } from '../settings/check/users.ts'
import { toCache } from '../settings/lookup-defaults.ts'
import type { Source } from '../sources/source.ts'
import type { CustomersOptions } from './customers.ts'
import { createShares, type Sharer, type Shares } from './shares.ts'
import { createSteps, type Steps } from './steps.ts'
import { createUnknownLogin } from './unknown-login.ts'
import { type Login, usableLogin } from './usable-login.ts'
import { type User, userReading } from './user.ts'
import { toUserKey } from './user-key.ts'
import { createUserSource } from './user-source.ts'
import { readUsersSecret } from './users-secret.ts'

/** Why: PostgreSQL and OpenLDAP take 20 to 80 microseconds longer for a mailbox that exists. */
const stepMs = 10

/** Why a bound: a database that was overloaded for a moment must not slow down every program for minutes. */
const mostMs = 300

export interface Users {
  readonly source: Source
  readonly directory: WatchedDirectory<User>
  /** Look-ups, by result. */
  readonly counts: Readonly<Record<'answered' | 'error', number>>
}

/**
 * Why no cache: whoever is answered from memory learns that somebody asked before, if not from the time that it takes, then
 * from an answer while the database is away. Addresses are in memory while their requests are, and no longer.
 *
 * @param source knows whose domains are served
 * @param settings of the users
 * @returns at once, whether or not the directory is available
 * @throws AC_SETTINGS_INVALID
 */
export async function openUsers(
  source: Source,
  settings: UsersSettings,
  { file, logger, env = process.env }: CustomersOptions
): Promise<Users> {
  const { timeoutMilliseconds = 2000, recipientDelimiter } = settings
  const surroundings = { folder: dirname(file), env }
  const read = readUsersSecret(settings, surroundings)
  if ('problem' in read) throw errors.settingsInvalid({ findings: `users.secretFile: ${read.problem}` })
  const opened = await openDirectory(settings, userReading, { ...surroundings, logger })
  const directory = watchDirectory(opened, { block: 'users', logger, timeoutMilliseconds })
  // Why: an SQLite file that was replaced is only noticed while it is watched.
  directory.watch?.(() => undefined)
  const counts = { answered: 0, error: 0 }
  const find = createLookUp(directory, {
    unknownOf: createUnknownLogin(settings.unknown, read.secret),
    steps: createSteps({ stepMs, mostMs: Math.min(mostMs, timeoutMilliseconds / 2) }),
    shares: createShares(toCache(source.table.settings.cache).lookups),
    logger
  })
  async function lookUp(address: Address, sharer: Sharer): Promise<Login> {
    try {
      const login = await find(toUserKey(address, recipientDelimiter), sharer)
      counts.answered += 1
      return login
    } catch (cause) {
      counts.error += 1
      throw errors.unavailable({ cause })
    }
  }
  return { source: createUserSource(source, lookUp), directory, counts }
}

interface LookUpOptions {
  readonly unknownOf: (address: string) => string
  readonly steps: Steps
  /** Of the lookups that run at the same time. */
  readonly shares: Shares
  readonly logger: Logger
}

/** @returns finds the log-in name of an address in canonical form; rejects if the directory is unavailable */
function createLookUp(
  { find }: Pick<WatchedDirectory<User>, 'find'>,
  { unknownOf, steps, shares, logger }: LookUpOptions
): (address: string, sharer: Sharer) => Promise<Login> {
  const warned = new Set<string>()
  function warn(problem: string): void {
    if (warned.has(problem)) return
    warned.add(problem)
    logger.warn({ problem }, 'invalid data in the directory of users: such mailboxes get the answers of unknown ones')
  }
  return async (address, sharer) => {
    const giveBack = shares.take(sharer)
    if (giveBack === undefined) throw new Error('too many lookups, of all clients or of this one')
    try {
      return await steps(async () => {
        // Why for every address: an unknown one must not take longer.
        const login = unknownOf(address)
        const user = await find(address)
        const usable = user === undefined ? { login } : usableLogin(user)
        if ('login' in usable) return usable
        warn(usable.problem)
        return { login }
      })
    } finally {
      giveBack()
    }
  }
}
