/**
 * What is wrong with the files that hold secrets: the key of users, and the password for Redis.
 */
import type { SettingsContext } from '../directories/database-server.ts'
import { readUsersSecret } from '../lookups/unknown-login.ts'
import { error, type Fault, warning } from '../settings/load/finding.ts'
import type { Settings } from '../settings/schema.ts'
import type { Table } from '../settings/table.ts'
import { readRedisPassword } from '../sources/redis-password.ts'

export function secretFaults({ settings }: Table, surroundings: SettingsContext): Fault[] {
  return [...usersFaults(settings, surroundings), ...redisFaults(settings, surroundings)]
}

function redisFaults({ limits }: Settings, surroundings: SettingsContext): Fault[] {
  const read = readRedisPassword(limits?.rate ?? {}, surroundings)
  return 'problem' in read ? [error(['limits', 'rate', 'redisPasswordFile'], read.problem)] : []
}

function usersFaults({ users }: Settings, surroundings: SettingsContext): Fault[] {
  const read = users === undefined ? undefined : readUsersSecret(users, surroundings)
  if (read === undefined || 'secret' in read) return []
  // Why no error: the environment of the service may have it, and that of whoever checks the table need not.
  if (users?.secretFile === undefined) return [warning(['users'], read.problem)]
  return [error(['users', 'secretFile'], read.problem)]
}
