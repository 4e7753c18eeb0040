/**
 * What is wrong with the key of users.
 */

import type { Surroundings } from '../directories/database-server.ts'
import { readUsersSecret } from '../lookups/users-secret.ts'
import { error, type Fault, warning } from '../settings/load/fault.ts'
import type { Table } from '../settings/table.ts'

export function secretFaults({ settings: { users } }: Table, surroundings: Surroundings): Fault[] {
  const read = users === undefined ? undefined : readUsersSecret(users, surroundings)
  if (read === undefined || 'secret' in read) return []
  // Why no error: the environment of the service may have it, and that of whoever checks the table need not.
  if (users?.secretFile === undefined) return [warning(['users'], read.problem)]
  return [error(['users', 'secretFile'], read.problem)]
}
