/**
 * Any mail address that people may type.
 */
import fc from 'fast-check'
import { type Address, toAddress } from '../../../src/settings/question/address.ts'
import { toDomain } from '../../../src/settings/question/domain.ts'

const letter = fc.constantFrom(...'abzABZ019.+-_', ..."!#$%&'*/=?^`{|}~", 'é', 'ß', 'я', '中', '\u{1f4eb}')
const localPart = fc.oneof(
  fc.string({ unit: letter, minLength: 1, maxLength: 12 }),
  fc.constantFrom('jane', 'jane.doe+tag', "o'neill", 'a&b', '00123', '1e5', 'x'.repeat(64), '%41', '%EMAILDOMAIN%')
)

/** As A-labels. */
export const anyDomain: fc.Arbitrary<string> = fc
  .oneof(fc.domain({ size: 'small' }), fc.constantFrom('bücher.example', 'пример.example', 'a.b.c.example'))
  .map(toDomain)
  .filter(domain => domain !== undefined)

export function anyAddressAt(domain: fc.Arbitrary<string>): fc.Arbitrary<Address> {
  return fc
    .tuple(localPart, domain)
    .map(parts => toAddress(parts.join('@')))
    .filter(address => address !== undefined)
}

export const anyAddress: fc.Arbitrary<Address> = anyAddressAt(anyDomain)
