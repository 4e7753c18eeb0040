/**
 * The filter of the settings with the requested name, as filter objects of the library: each value is sent as a separate octet
 * string (RFC 4511 4.5.1.7), so that no name can change the meaning of the filter.
 */
import type { Filter } from 'ldapts'
import type { LdapExtensible, LdapFilter, LdapSubstring, LdapValue } from '../../settings/query/ldap-filter.ts'

/** Parts of the package ldapts. */
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
  const insert = (each: LdapFilter) => nameInFilter(each, name, driver)
  const fill = (value: LdapValue) => value.join(name)
  switch (filter.kind) {
    case 'and':
      return new driver.AndFilter({ filters: filter.filters.map(insert) })
    case 'or':
      return new driver.OrFilter({ filters: filter.filters.map(insert) })
    case 'not':
      return new driver.NotFilter({ filter: insert(filter.filter) })
    case 'present':
      return new driver.PresenceFilter(filter)
    case 'equal':
      return new driver.EqualityFilter({ attribute: filter.attribute, value: fill(filter.value) })
    case 'approximate':
      return new driver.ApproximateFilter({ attribute: filter.attribute, value: fill(filter.value) })
    case 'greater':
      return new driver.GreaterThanEqualsFilter({ attribute: filter.attribute, value: fill(filter.value) })
    case 'less':
      return new driver.LessThanEqualsFilter({ attribute: filter.attribute, value: fill(filter.value) })
    case 'substring':
      return new driver.SubstringFilter(substring(filter, fill))
    case 'extensible':
      return new driver.ExtensibleFilter(extensible(filter, fill))
  }
}

type Fill = (value: LdapValue) => string

const substring = ({ attribute, initial, any, final }: LdapSubstring, fill: Fill) => ({
  attribute,
  initial: fill(initial),
  any: any.map(fill),
  final: fill(final)
})

const extensible = ({ attribute, rule, ofName, value }: LdapExtensible, fill: Fill) => ({
  matchType: attribute,
  rule,
  dnAttributes: ofName,
  value: fill(value)
})
