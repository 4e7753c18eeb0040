/**
 * Checks of `users` beyond the schema.
 */
import { expected, type Fault, found, type Path, warning } from '../load/finding.ts'
import { placeholders, strayPlaceholder, unknownDigits, unknownLetters, unknownSigns } from '../placeholder.ts'
import type { Settings } from '../schema.ts'
import { checkDirectory } from './directory.ts'

/**
 * Different login names that `users.unknown` must be able to make.
 *
 * Why: two unknown addresses with the same name show that neither mailbox exists. With a million names, about 1,200
 * addresses have to be tried to find such a pair.
 */
const fewestNames = 1_000_000

/** The same if the pattern contains the local part: such names do not collide, but they must not be easy to guess. */
const fewestNamesPerLocalPart = 10_000

export type UsersSettings = NonNullable<Settings['users']>

export function checkUsers(users: UsersSettings, path: Path, providers: Settings['providers']): Fault[] {
  const ids = providers.map(({ id }) => id)
  const unknownIds = (users.providers ?? []).flatMap((id, index) =>
    ids.includes(id) ? [] : [expected([...path, 'providers', index], id, `one of ${ids.join(', ')}`)]
  )
  return [...checkDirectory(users, path, ':address'), ...checkUnknown(users, path), ...unknownIds]
}

function checkUnknown({ unknown, secretFile }: UsersSettings, path: Path): Fault[] {
  const stray = strayPlaceholder(unknown)
  if (stray !== undefined) {
    return [expected([...path, 'unknown'], stray, `one of ${placeholders.join(', ')}`)]
  }
  if (/\s/.test(unknown)) return [expected([...path, 'unknown'], unknown, 'no white space')]
  if (unknown.match(unknownSigns) !== null) return checkRandomness(unknown, path)
  const what = `found ${found(unknown)} without # and ?, which reveals that there is no such mailbox`
  const unused = warning([...path, 'secretFile'], `found secretFile, which ${found(unknown)} does not need`)
  return [warning([...path, 'unknown'], what), ...(secretFile === undefined ? [] : [{ ...unused, ofKey: true }])]
}

function checkRandomness(unknown: string, path: Path): Fault[] {
  const names = [...unknown].reduce((count, sign) => count * countOf(sign), 1)
  const isPerLocalPart = /%EMAIL(?:ADDRESS|LOCALPART)%/.test(unknown)
  const fewest = isPerLocalPart ? fewestNamesPerLocalPart : fewestNames
  if (names >= fewest) return []
  const harm = isPerLocalPart ? 'they are easy to guess' : 'unknown mailboxes show when two of them get the same name'
  return [
    warning(
      [...path, 'unknown'],
      `found ${found(unknown)}, which makes only ${names} different names${isPerLocalPart ? ' for an address' : ''}, ` +
        `expected at least ${fewest}: ${harm}`
    )
  ]
}

function countOf(sign: string): number {
  if (sign === '#') return unknownDigits.length
  return sign === '?' ? unknownLetters.length : 1
}
