/**
 * Filters of LDAP, with `:domain` here and there.
 */
import fc from 'fast-check'

const anyAttribute = fc.constantFrom('dc', 'objectClass', 'associatedDomain', 'mail')
/** Often contains characters with a meaning in filters. */
export const anyName = fc.string({ minLength: 1, unit: fc.constantFrom(...'abÄ😀*()\\\0:.@ \n'), maxLength: 6 })
/** Spec: RFC 4515 3: the escaped form of a text in a value. */
export const escaped = (text: string) =>
  text.replace(/[*()\\\0:]/g, sign => `\\${sign.charCodeAt(0).toString(16).padStart(2, '0')}`)
const anyValue = fc.oneof(anyName.map(escaped), fc.constant(':domain'))
const anyItem = fc.oneof(
  fc.tuple(anyAttribute, fc.constantFrom('=', '>=', '<=', '~=', ':=', ':dn:='), anyValue).map(parts => parts.join('')),
  fc
    .tuple(anyAttribute, fc.array(anyValue, { minLength: 2, maxLength: 4 }))
    .map(([name, all]) => `${name}=${all.join('*')}`),
  anyAttribute.map(name => `${name}=*`)
)
export const { anyFilter } = fc.letrec<{ anyFilter: string }>(again => ({
  anyFilter: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    anyItem.map(text => `(${text})`),
    fc
      .tuple(fc.constantFrom('&', '|'), fc.array(again('anyFilter'), { minLength: 1, maxLength: 3 }))
      .map(([sign, all]) => `(${sign}${all.join('')})`),
    again('anyFilter').map(text => `(!${text})`)
  )
}))
