/**
 * What the schema cannot say of a directory in LDAP.
 */
import { error, expected, type Fault, type Path } from '../load/fault.ts'
import { toLdapFilter } from '../query/ldap-filter.ts'
import type { Parameter } from '../query/sql-query.ts'
import type { Settings } from '../schema.ts'

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
