/**
 * Who has a log-in name of their own: a directory, what is kept of its answers, and the source with both.
 */
import { dirname } from 'node:path'
import type { Logger } from 'pino'
import { openDirectory } from '../directories/open-directory.ts'
import { type WatchedDirectory, watchDirectory } from '../directories/watched-directory.ts'
import { errors } from '../errors.ts'
import type { UsersSettings } from '../settings/check/users.ts'
import { toCache } from '../settings/lookup-defaults.ts'
import type { Source } from '../sources/source.ts'
import { type Cached, createCached } from './cached.ts'
import type { CustomersOptions } from './customers.ts'
import { inSteps } from './in-steps.ts'
import { createUnknownLogin } from './unknown-login.ts'
import { type Login, usableLogin } from './usable-login.ts'
import { type User, userReading } from './user.ts'
import { createUserSource } from './user-source.ts'
import { readUsersSecret } from './users-secret.ts'

/** Milliseconds. Why: that PostgreSQL or OpenLDAP has found something takes 0.02 to 0.08 of them longer. */
const stepMs = 10

export interface Users {
  readonly source: Source
  readonly directory: WatchedDirectory<User>
  readonly cache: Cached<Login>
}

/**
 * @param source knows whose domains are served
 * @param settings of the users
 * @returns at once, whether the directory is there or not
 * @throws AC_SETTINGS_INVALID
 */
export async function openUsers(
  source: Source,
  settings: UsersSettings,
  { file, logger, env = process.env }: CustomersOptions
): Promise<Users> {
  const { timeoutMilliseconds = 2000 } = settings
  const surroundings = { folder: dirname(file), env }
  const read = readUsersSecret(settings, surroundings)
  if ('problem' in read) throw errors.settingsInvalid({ findings: `users.secretFile: ${read.problem}` })
  const opened = await openDirectory(settings, userReading, surroundings)
  const directory = watchDirectory(opened, { block: 'users', logger, timeoutMilliseconds })
  const cacheSettings = toCache(source.table.settings.cache)
  // Why one time for all, whether or not anybody has the address: how long an answer is kept would tell. Why short: who has
  // just got a mailbox must not be told the name of an unknown one.
  const lasting = { seconds: cacheSettings.seconds, isNothing: false, isShort: true }
  const load = createLoad(directory, { unknownOf: createUnknownLogin(settings.unknown, read.secret), logger })
  const cache = createCached(load, { settings: cacheSettings, lastingOf: () => lasting })
  directory.watch?.(cache.invalidate)
  return { source: createUserSource(source, cache), directory, cache }
}

interface LoadOptions {
  readonly unknownOf: (address: string) => string
  readonly logger: Logger
}

/** @returns what is told of an address, in small letters */
function createLoad(
  { find }: Pick<WatchedDirectory<User>, 'find'>,
  { unknownOf, logger }: LoadOptions
): (address: string) => Promise<Login> {
  const told = new Set<string>()
  const warn = (problem: string) => {
    if (told.has(problem)) return
    told.add(problem)
    logger.warn(
      { problem },
      'the directory of users says what cannot be: such mailboxes are answered like unknown ones'
    )
  }
  return async address => {
    // Why before anybody knows whether it is needed: an unknown address must not take longer.
    const login = unknownOf(address)
    const user = await inSteps(find(address), stepMs)
    const usable = user === undefined ? { login } : usableLogin(user)
    if ('login' in usable) return usable
    warn(usable.problem)
    return { login }
  }
}
