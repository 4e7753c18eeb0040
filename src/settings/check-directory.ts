/**
 * What the schema cannot say of `directory`: which fields belong together, and whether its query is one.
 */
import { isIP } from 'node:net'
import { error, expected, type Fault, type Path, warning } from './fault.ts'
import { isHere } from './is-here.ts'
import type { Settings } from './schema.ts'
import { type Parameter, toSqlQuery } from './sql-query.ts'

export type DirectorySettings = NonNullable<Settings['directory']>

const ofServers = ['host', 'port', 'database', 'user', 'passwordFile', 'security', 'ca', 'connections'] as const

/** @param parameter of its query */
export function checkDirectory(directory: DirectorySettings, path: Path, parameter: Parameter): Fault[] {
  const query = toSqlQuery(directory.query, parameter)
  return [...checkFields(directory, path), ...('problem' in query ? [error([...path, 'query'], query.problem)] : [])]
}

function checkFields(directory: DirectorySettings, path: Path): Fault[] {
  const { type, file, database, channel } = directory
  if (type === 'sqlite') {
    const stray = ofServers.filter(key => directory[key] !== undefined)
    return [
      ...(file === undefined ? [error(path, 'found no file, expected that of the database')] : []),
      ...stray.map(key => misplaced(key, path, 'sqlite')),
      ...(channel === undefined ? [] : [misplaced('channel', path, type)])
    ]
  }
  return [
    ...(database === undefined ? [error(path, 'found no database, expected its name')] : []),
    ...(file === undefined ? [] : [misplaced('file', path, type)]),
    ...(channel === undefined || type === 'postgres' ? [] : [misplaced('channel', path, type)]),
    ...checkAuthorities(directory, path),
    ...checkName(directory, path)
  ]
}

function misplaced(key: string, path: Path, type: string): Fault {
  return { ...warning([...path, key], `found ${key}, which ${type} does not use`), ofKey: true }
}

/** Observed: mysql2 3.24 asks of the certificate of an address that it is one for localhost. */
function checkName({ type, host = '127.0.0.1', security }: DirectorySettings, path: Path): Fault[] {
  const isSafe = security === undefined ? !isHere(host) : security === 'tls'
  if (type !== 'mysql' || isIP(host) === 0 || !isSafe) return []
  return [expected([...path, 'host'], host, 'the name in its certificate, or security: none')]
}

function checkAuthorities({ security, ca }: DirectorySettings, path: Path): Fault[] {
  if (ca === undefined || security !== 'none') return []
  return [expected([...path, 'security'], security, 'tls where there is a ca')]
}
