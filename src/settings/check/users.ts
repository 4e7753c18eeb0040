/**
 * Checks of `users` beyond the schema.
 */
import { basedOn, error, everyItem, expected, type Fault, found, type Path, warning } from '../load/finding.ts'
import { protocolColumns } from '../names/name-columns.ts'
import { placeholders, strayPlaceholder, unknownDigits, unknownLetters, unknownSigns } from '../names/placeholder.ts'
import { hostNames } from '../overrides.ts'
import { toHost } from '../provider.ts'
import { selectedColumns } from '../query/selected-columns.ts'
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

/** Why: a provider is unknown only if the ids of all others are known. */
const allIds: readonly Path[] = [['providers', everyItem, 'id']]

export type UsersSettings = NonNullable<Settings['users']>

export function checkUsers(users: UsersSettings, path: Path, providers: Settings['providers']): Fault[] {
  const ids = providers.map(({ id }) => id)
  const unknownIds = (users.providers ?? []).flatMap((id, index) =>
    ids.includes(id) ? [] : basedOn(allIds, [expected([...path, 'providers', index], id, `one of ${ids.join(', ')}`)])
  )
  return [
    ...checkDirectory(users, path, ':address'),
    ...checkUnknown(users, path),
    ...checkColumns(users, path),
    ...checkServers(users, path, ids),
    ...unknownIds
  ]
}

function checkUnknown(
  { unknown, unknownNames = {}, unknownServers = [], secretFile }: UsersSettings,
  path: Path
): Fault[] {
  const patterns = [
    { pattern: unknown, at: [...path, 'unknown'] },
    ...Object.entries(unknownNames).map(([column, pattern]) => ({ pattern, at: [...path, 'unknownNames', column] })),
    ...unknownServers.flatMap(({ unknown: pattern }, index) =>
      pattern === undefined ? [] : [{ pattern, at: [...path, 'unknownServers', index, 'unknown'] }]
    )
  ]
  const needsSecret = unknownServers.length > 1 || patterns.some(({ pattern }) => hasSigns(pattern))
  const unused = warning([...path, 'secretFile'], `found secretFile, which ${found(unknown)} does not need`)
  const faults = [
    ...patterns.flatMap(({ pattern, at }) => checkPattern(pattern, at, { needsSecret })),
    ...(needsSecret || secretFile === undefined ? [] : [{ ...unused, ofKey: true }])
  ]
  // Why only warnings: they depend on whether any of the patterns needs the secret.
  const all = ['unknown', 'unknownNames', 'unknownServers'].map(key => [...path, key])
  return faults.flatMap(fault => (fault.severity === 'warning' ? basedOn(all, [fault]) : fault))
}

function hasSigns(pattern: string): boolean {
  return pattern.match(unknownSigns) !== null
}

function hasLocalPart(pattern: string): boolean {
  return /%EMAIL(?:ADDRESS|LOCALPART)%/.test(pattern)
}

/** @param needsSecret whether any of the names has digits or letters that are derived from the key */
function checkPattern(pattern: string, path: Path, { needsSecret }: { readonly needsSecret: boolean }): Fault[] {
  const stray = strayPlaceholder(pattern)
  if (stray !== undefined) return [expected(path, stray, `one of ${placeholders.join(', ')}`)]
  if (/\s/.test(pattern)) return [expected(path, pattern, 'no white space')]
  if (hasSigns(pattern)) return checkRandomness(pattern, path)
  // Why: some columns can be derived from the address of known mailboxes, too, but then another one cannot.
  if (needsSecret && hasLocalPart(pattern)) return []
  return [warning(path, `found ${found(pattern)} without # and ?, which reveals that there is no such mailbox`)]
}

interface Columns {
  readonly names: readonly string[]
  /** What has them, in words. */
  readonly of: 'attribute' | 'column'
  readonly path: Path
  readonly pathOf: (column: string) => Path
}

/** @returns the columns that are read for a person; undefined if they are unknown without the database */
function columnsOf({ type, attributes, query }: UsersSettings, path: Path): Columns | undefined {
  if (type === 'ldap') {
    const at = [...path, 'attributes']
    return attributes && { names: Object.keys(attributes), of: 'attribute', path: at, pathOf: name => [...at, name] }
  }
  const names = query === undefined ? undefined : selectedColumns(query, { type })
  const at = [...path, 'query']
  return names && { names, of: 'column', path: at, pathOf: () => at }
}

/** Why: a name that only known mailboxes have would reveal that they exist. */
function checkColumns(users: UsersSettings, path: Path): Fault[] {
  const columns = columnsOf(users, path)
  if (columns === undefined) return []
  const faults = protocolColumns.flatMap(column => {
    const isMadeUp = users.unknownNames?.[column] !== undefined
    if (isMadeUp === columns.names.includes(column)) return []
    return isMadeUp
      ? [error(columns.path, `found no ${column}, expected the ${columns.of} for it, as unknownNames has one`)]
      : [error(columns.pathOf(column), `found ${column}, expected unknownNames to have one, too`)]
  })
  return basedOn(
    ['type', 'attributes', 'unknownNames'].map(key => [...path, key]),
    faults
  )
}

/** Why: a provider or a host that only known mailboxes have would reveal that they exist. */
function checkServers(users: UsersSettings, path: Path, ids: readonly string[]): Fault[] {
  const { unknownServers, providers } = users
  if (unknownServers === undefined) {
    const columns = columnsOf(users, path)
    if (columns === undefined) return []
    const faults = ['provider', ...hostNames]
      .filter(column => columns.names.includes(column))
      .map(column => error(columns.pathOf(column), `found ${column}, expected unknownServers, too`))
    return basedOn(
      ['type', 'unknownServers'].map(key => [...path, key]),
      faults
    )
  }
  const named = providers ?? ids
  return unknownServers.flatMap((choice, index) => {
    const { provider } = choice
    const at = [...path, 'unknownServers', index]
    const hosts = hostNames.flatMap(name => {
      const host = choice[name]
      return host === undefined || toHost(host) !== undefined ? [] : [expected([...at, name], host, 'a host name')]
    })
    if (provider === undefined || named.includes(provider)) return hosts
    const unknown = expected([...at, 'provider'], provider, `one of ${named.join(', ')}`)
    return [...basedOn([...allIds, [...path, 'providers']], [unknown]), ...hosts]
  })
}

function checkRandomness(unknown: string, path: Path): Fault[] {
  const names = [...unknown].reduce((count, sign) => count * countOf(sign), 1)
  const isPerLocalPart = hasLocalPart(unknown)
  const fewest = isPerLocalPart ? fewestNamesPerLocalPart : fewestNames
  if (names >= fewest) return []
  const harm = isPerLocalPart ? 'they are easy to guess' : 'unknown mailboxes show when two of them get the same name'
  return [
    warning(
      path,
      `found ${found(unknown)}, which makes only ${names} different names${isPerLocalPart ? ' for an address' : ''}, ` +
        `expected at least ${fewest}: ${harm}`
    )
  ]
}

function countOf(sign: string): number {
  if (sign === '#') return unknownDigits.length
  return sign === '?' ? unknownLetters.length : 1
}
