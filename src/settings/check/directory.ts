/**
 * What the schema cannot say of `directory`: which fields belong together, and whether its query is one.
 */
import { isIP } from 'node:net'
import { isHere } from '../domain.ts'
import { error, expected, type Fault, type Path, warning } from '../load/finding.ts'
import { toLdapFilter } from '../query/ldap-filter.ts'
import { type Parameter, toSqlQuery } from '../query/sql-query.ts'
import type { Settings } from '../schema.ts'

/** Of `directory` and of `users`. */
export type DirectorySettings = Omit<NonNullable<Settings['directory']>, 'attributes'> & {
  readonly attributes?: Readonly<Record<string, string>>
}

const ofServers = ['host', 'port', 'user', 'passwordFile', 'security', 'ca', 'connections'] as const
const ofLdap = ['base', 'filter', 'scope', 'attributes'] as const
const ofOneType = ['file', 'database', ...ofServers, 'query', 'channel', ...ofLdap] as const

/** The fields that a type has beside those of all. */
const fieldsOf: Readonly<Record<DirectorySettings['type'], readonly (typeof ofOneType)[number][]>> = {
  sqlite: ['file', 'query'],
  postgres: ['database', ...ofServers, 'query', 'channel'],
  mysql: ['database', ...ofServers, 'query'],
  ldap: [...ofServers, ...ofLdap]
}

/** Those of them that must be there, with what is said where they are not. */
const needed = {
  file: () => 'that of the database',
  database: () => 'its name',
  query: parameter => `one SELECT with ${parameter}, in quotes`,
  base: () => 'the DN below which entries are, such as dc=example,dc=com',
  filter: parameter => `one such as (mail=${parameter}), in quotes`
} as const satisfies Partial<Record<(typeof ofOneType)[number], (parameter: Parameter) => string>>

/** @param parameter of its query or filter */
export function checkDirectory(directory: DirectorySettings, path: Path, parameter: Parameter): Fault[] {
  const { type } = directory
  const used = fieldsOf[type]
  const missing = (Object.keys(needed) as (keyof typeof needed)[]).filter(
    key => used.includes(key) && directory[key] === undefined
  )
  const stray = ofOneType.filter(key => !used.includes(key) && directory[key] !== undefined)
  return [
    ...missing.map(key => error(path, `found no ${key}, expected ${needed[key](parameter)}`)),
    ...stray.map(key => misplaced(key, path, type)),
    ...(type === 'sqlite' ? [] : checkServer(directory, path)),
    ...(type === 'ldap' ? checkLdap(directory, path, parameter) : checkQuery(directory, path, parameter))
  ]
}

function misplaced(key: string, path: Path, type: string): Fault {
  return { ...warning([...path, key], `found ${key}, which ${type} does not use`), ofKey: true }
}

function checkQuery({ query: text }: DirectorySettings, path: Path, parameter: Parameter): Fault[] {
  if (text === undefined) return []
  const query = toSqlQuery(text, parameter)
  return 'problem' in query ? [error([...path, 'query'], query.problem)] : []
}

function checkServer(directory: DirectorySettings, path: Path): Fault[] {
  const { type, security, ca } = directory
  if (security === 'starttls' && type !== 'ldap') return [expected([...path, 'security'], security, 'tls or none')]
  if (security === 'none' && ca !== undefined) {
    return [
      expected([...path, 'security'], security, `${type === 'ldap' ? 'tls or starttls' : 'tls'} where there is a ca`)
    ]
  }
  return checkName(directory, path)
}

/** Observed: mysql2 3.24 asks of the certificate of an address that it is one for localhost. */
function checkName({ type, host = '127.0.0.1', security }: DirectorySettings, path: Path): Fault[] {
  const isSafe = security === undefined ? !isHere(host) : security === 'tls'
  if (type !== 'mysql' || isIP(host) === 0 || !isSafe) return []
  return [expected([...path, 'host'], host, 'the name in its certificate, or security: none')]
}

//@@ src/settings/check/ldap.ts
//@@ /**
//@@  * What the schema cannot say of a directory in LDAP.
//@@  */
type LdapSettings = Pick<
  NonNullable<Settings['directory']>,
  'host' | 'security' | 'user' | 'passwordFile' | 'base' | 'filter'
> & { readonly attributes?: Readonly<Record<string, string>> }

/** @param parameter of its filter */
export function checkLdap(directory: LdapSettings, path: Path, parameter: Parameter): Fault[] {
  const { host = '', security = 'none', user, passwordFile, base, filter } = directory
  return [
    ...(host.startsWith('/') && security !== 'none'
      ? [expected([...path, 'security'], security, 'none for a socket')]
      : []),
    ...(passwordFile !== undefined && user === undefined
      ? [error([...path, 'passwordFile'], 'found a password, but no user whose it is')]
      : []),
    ...checkBase(base, path, parameter),
    ...checkFilter(filter, path, parameter),
    ...checkAttributes(directory, path, parameter)
  ]
}

/** Why needed: only an entry that stores the name itself is used. */
function checkAttributes({ attributes = {} }: LdapSettings, path: Path, parameter: Parameter): Fault[] {
  const key = parameter.slice(1)
  if (attributes[key] !== undefined) return []
  const example = key === 'domain' ? 'associatedDomain' : 'mail'
  return [error([...path, 'attributes'], `found no ${key}, expected the attribute that stores it, such as ${example}`)]
}

/** Spec: RFC 4514 3: a name begins with an attribute, "=" and a value. */
function checkBase(base: string | undefined, path: Path, parameter: Parameter): Fault[] {
  if (base === undefined) return []
  const place = [...path, 'base']
  if (!/^\s*[\w.-]+\s*=/.test(base)) return [expected(place, base, 'a DN such as dc=example,dc=com')]
  return base.toLowerCase().includes(parameter) ? [expected(place, base, `${parameter} in the filter only`)] : []
}

function checkFilter(text: string | undefined, path: Path, parameter: Parameter): Fault[] {
  if (text === undefined) return []
  const filter = toLdapFilter(text, parameter)
  return 'problem' in filter ? [error([...path, 'filter'], filter.problem)] : []
}
