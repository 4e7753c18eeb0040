/**
 * Checks of `directory` and of the same fields in `users`: which fields belong together, and whether the query or filter
 * is valid.
 */
import { isIP } from 'node:net'
import { basedOn, error, expected, type Fault, type Path, warning } from '../load/finding.ts'
import { toLdapFilter } from '../query/ldap-filter.ts'
import { selectedColumns } from '../query/selected-columns.ts'
import { type Parameter, toSqlQuery } from '../query/sql-query.ts'
import type { SqlType } from '../query/sql-tokens.ts'
import { isThisMachine } from '../question/domain.ts'
import type { Settings } from '../schema.ts'

/** Common fields of `directory` and `users`. */
export type DirectorySettings = Omit<NonNullable<Settings['directory']>, 'attributes'> & {
  readonly attributes?: Readonly<Record<string, string>>
}

const serverFields = ['host', 'port', 'user', 'passwordFile', 'security', 'ca', 'connections'] as const
const ldapFields = ['base', 'filter', 'scope', 'attributes'] as const
const specificFields = ['file', 'database', ...serverFields, 'query', 'list', 'channel', ...ldapFields] as const
type SpecificField = (typeof specificFields)[number]

/** The fields that each type uses in addition to the common ones. */
const fieldsOf: Readonly<Record<DirectorySettings['type'], readonly SpecificField[]>> = {
  sqlite: ['file', 'query', 'list'],
  postgres: ['database', ...serverFields, 'query', 'list', 'channel'],
  mysql: ['database', ...serverFields, 'query', 'list'],
  ldap: [...serverFields, ...ldapFields]
}

/** Required fields, each with what a finding says is expected. */
const requiredFields = {
  file: () => 'the path of the database file',
  database: () => 'the name of the database',
  query: parameter => `one SELECT with ${parameter}, in quotes`,
  base: () => 'the DN below which entries are, such as dc=example,dc=com',
  filter: parameter => `one such as (mail=${parameter}), in quotes`
} as const satisfies Partial<Record<SpecificField, (parameter: Parameter) => string>>

/** Observed: Thunderbird 156 and EmailEngine give up after 5 seconds in all, which includes the connection. In milliseconds. */
const longestTimeout = 4000

/** @param parameter of the query or filter */
export function checkDirectory(directory: DirectorySettings, path: Path, parameter: Parameter): Fault[] {
  const { type, timeoutMilliseconds = 0 } = directory
  const used = fieldsOf[type]
  const missing = (Object.keys(requiredFields) as (keyof typeof requiredFields)[]).filter(
    key => used.includes(key) && directory[key] === undefined
  )
  const unused = specificFields.filter(key => !used.includes(key) && directory[key] !== undefined)
  const faults = [
    ...missing.flatMap(key =>
      basedOn([[...path, key]], [error(path, `found no ${key}, expected ${requiredFields[key](parameter)}`)])
    ),
    ...unused.map(key => ({ ...warning([...path, key], `found ${key}, which ${type} does not use`), ofKey: true })),
    ...(type === 'sqlite' ? [] : checkServer(directory, path)),
    ...(type === 'ldap' ? checkLdap(directory, path, parameter) : checkQueries({ ...directory, type }, path, parameter))
  ]
  const why = `found ${timeoutMilliseconds}, but mail programs give up after 5 seconds: expected at most ${longestTimeout}`
  const late = timeoutMilliseconds > longestTimeout ? [warning([...path, 'timeoutMilliseconds'], why)] : []
  return [...basedOn([[...path, 'type']], faults), ...late]
}

function checkQueries(
  directory: Pick<DirectorySettings, 'query' | 'list'> & { readonly type: SqlType },
  path: Path,
  parameter: Parameter
): Fault[] {
  const { type } = directory
  return (['query', 'list'] as const).flatMap(field => {
    const text = directory[field]
    if (text === undefined) return []
    const at = [...path, field]
    const query = toSqlQuery(text, parameter, { type })
    if ('problem' in query) return [error(at, query.problem)]
    return checkKey(selectedColumns(query.parts.join(parameter), { type }), at, parameter)
  })
}

/** Why: a row is used only if it has the stored name. */
function checkKey(columns: readonly string[] | undefined, path: Path, parameter: Parameter): Fault[] {
  const key = parameter.slice(1)
  if (columns === undefined || columns.includes(key)) return []
  return [error(path, `found no column ${key}, expected the stored ${key}, such as SELECT ${key}, …`)]
}

function checkServer(directory: DirectorySettings, path: Path): Fault[] {
  const { type, security, ca } = directory
  if (security === 'starttls' && type !== 'ldap') return [expected([...path, 'security'], security, 'tls or none')]
  if (security === 'none' && ca !== undefined) {
    return [
      expected([...path, 'security'], security, `${type === 'ldap' ? 'tls or starttls' : 'tls'} because ca is set`)
    ]
  }
  return checkName(directory, path)
}

/** Observed: for a server that is given by IP address, mysql2 3.24 expects a certificate for localhost. */
function checkName({ type, host = '127.0.0.1', security }: DirectorySettings, path: Path): Fault[] {
  const usesTls = security === undefined ? !isThisMachine(host) : security === 'tls'
  if (type !== 'mysql' || isIP(host) === 0 || !usesTls) return []
  return basedOn(
    [[...path, 'security']],
    [expected([...path, 'host'], host, 'the name in its certificate, or security: none')]
  )
}

function checkLdap(directory: DirectorySettings, path: Path, parameter: Parameter): Fault[] {
  const { host = '', security = 'none', user, passwordFile, base, filter } = directory
  return [
    ...(host.startsWith('/') && security !== 'none'
      ? [expected([...path, 'security'], security, 'none for a socket')]
      : []),
    ...(passwordFile !== undefined && user === undefined
      ? basedOn([[...path, 'user']], [error([...path, 'passwordFile'], 'found a password, but no user')])
      : []),
    ...checkBase(base, path, parameter),
    ...checkFilter(filter, path, parameter),
    ...checkAttributes(directory, path, parameter)
  ]
}

/** Why: an entry is used only if it stores the name that was searched for. */
function checkAttributes({ attributes = {} }: DirectorySettings, path: Path, parameter: Parameter): Fault[] {
  const key = parameter.slice(1)
  if (attributes[key] !== undefined) return []
  const example = key === 'domain' ? 'associatedDomain' : 'mail'
  const at = [...path, 'attributes']
  return basedOn(
    [[...at, key]],
    [error(at, `found no ${key}, expected the attribute that stores it, such as ${example}`)]
  )
}

/** Spec: RFC 4514 3: a name begins with an attribute, "=" and a value. */
function checkBase(base: string | undefined, path: Path, parameter: Parameter): Fault[] {
  if (base === undefined) return []
  const basePath = [...path, 'base']
  if (!/^\s*[\w.-]+\s*=/.test(base)) return [expected(basePath, base, 'a DN such as dc=example,dc=com')]
  return base.toLowerCase().includes(parameter) ? [expected(basePath, base, `${parameter} in the filter only`)] : []
}

function checkFilter(text: string | undefined, path: Path, parameter: Parameter): Fault[] {
  if (text === undefined) return []
  const filter = toLdapFilter(text, parameter)
  return 'problem' in filter ? [error([...path, 'filter'], filter.problem)] : []
}
