/**
 * A filter of the settings with the name that is asked for in it, as the library sends it: each value is an octet string
 * of its own (RFC 4511 4.5.1.7), so that no name can mean anything but itself.
 */
import type { Filter } from 'ldapts'
import type { LdapExtensible, LdapFilter, LdapSubstring, LdapValue } from '../../settings/query/ldap-filter.ts'

/** Of the package ldapts. */
export type LdapFilters = Pick<
  typeof import('ldapts'),
  | 'AndFilter'
  | 'ApproximateFilter'
  | 'EqualityFilter'
  | 'ExtensibleFilter'
  | 'GreaterThanEqualsFilter'
  | 'LessThanEqualsFilter'
  | 'NotFilter'
  | 'OrFilter'
  | 'PresenceFilter'
  | 'SubstringFilter'
>

export function nameInFilter(filter: LdapFilter, name: string, driver: LdapFilters): Filter {
  const inside = (each: LdapFilter) => nameInFilter(each, name, driver)
  const put = (value: LdapValue) => value.join(name)
  switch (filter.kind) {
    case 'and':
      return new driver.AndFilter({ filters: filter.filters.map(inside) })
    case 'or':
      return new driver.OrFilter({ filters: filter.filters.map(inside) })
    case 'not':
      return new driver.NotFilter({ filter: inside(filter.filter) })
    case 'present':
      return new driver.PresenceFilter(filter)
    case 'equal':
      return new driver.EqualityFilter({ attribute: filter.attribute, value: put(filter.value) })
    case 'approximate':
      return new driver.ApproximateFilter({ attribute: filter.attribute, value: put(filter.value) })
    case 'greater':
      return new driver.GreaterThanEqualsFilter({ attribute: filter.attribute, value: put(filter.value) })
    case 'less':
      return new driver.LessThanEqualsFilter({ attribute: filter.attribute, value: put(filter.value) })
    case 'substring':
      return new driver.SubstringFilter(substring(filter, put))
    case 'extensible':
      return new driver.ExtensibleFilter(extensible(filter, put))
  }
}

type Put = (value: LdapValue) => string

const substring = ({ attribute, initial, any, final }: LdapSubstring, put: Put) => ({
  attribute,
  initial: put(initial),
  any: any.map(put),
  final: put(final)
})

const extensible = ({ attribute, rule, ofName, value }: LdapExtensible, put: Put) => ({
  matchType: attribute,
  rule,
  dnAttributes: ofName,
  value: put(value)
})
