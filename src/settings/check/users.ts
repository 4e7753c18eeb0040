/**
 * What the schema cannot say of `users`.
 */

import { expected, type Fault, found, type Path, warning } from '../load/fault.ts'
import { placeholders, strayPlaceholder } from '../placeholder.ts'
import { unknownSigns } from '../query/unknown-signs.ts'
import type { Settings } from '../schema.ts'
import { checkDirectory } from './directory.ts'

export type UsersSettings = NonNullable<Settings['users']>

export function checkUsers(users: UsersSettings, path: Path, providers: Settings['providers']): Fault[] {
  const ids = providers.map(({ id }) => id)
  const strangers = (users.providers ?? []).flatMap((id, index) =>
    ids.includes(id) ? [] : [expected([...path, 'providers', index], id, `one of ${ids.join(', ')}`)]
  )
  return [...checkDirectory(users, path, ':address'), ...checkUnknown(users, path), ...strangers]
}

function checkUnknown({ unknown, secretFile }: UsersSettings, path: Path): Fault[] {
  const stray = strayPlaceholder(unknown)
  if (stray !== undefined) {
    return [expected([...path, 'unknown'], stray, `one of ${placeholders.join(', ')}`)]
  }
  if (/\s/.test(unknown)) return [expected([...path, 'unknown'], unknown, 'no white space')]
  if (unknown.match(unknownSigns) !== null) return []
  const what = `found ${found(unknown)} without # and ?, which tells everybody that there is no such mailbox`
  const unused = warning([...path, 'secretFile'], `found secretFile, which ${found(unknown)} does not need`)
  return [warning([...path, 'unknown'], what), ...(secretFile === undefined ? [] : [{ ...unused, ofKey: true }])]
}
