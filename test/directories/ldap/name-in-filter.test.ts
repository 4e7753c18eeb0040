import fc from 'fast-check'
import * as driver from 'ldapts'
import t from 'tap'
import { nameInFilter } from '../../../src/directories/ldap/name-in-filter.ts'
import { type LdapFilter, toLdapFilter } from '../../../src/settings/query/ldap-filter.ts'
import { anyCharacter } from '../../support/arbitraries/character.ts'
import { anyFilter, anyName, escaped } from '../../support/arbitraries/ldap-filter.ts'
import { takenApart } from '../../support/taken-apart.ts'

function filterOf(text: string): LdapFilter | undefined {
  const read = toLdapFilter(text, ':domain')
  return 'filter' in read ? read.filter : undefined
}

t.test('name-in-filter: the filter equals what the library parses from the text with the escaped name', async t => {
  let accepted = 0
  fc.assert(
    fc.property(anyFilter, anyName, (text, name) => {
      const filter = filterOf(text)
      if (filter === undefined) return !text.includes('=:domain') && !/\*:domain|:domain\*/.test(text)
      accepted += 1
      const put = nameInFilter(filter, name, driver)
      return put.toString() === driver.FilterParser.parseString(text.replaceAll(':domain', escaped(name))).toString()
    }),
    { numRuns: 500 }
  )
  t.ok(accepted > 100, `${accepted} have the name`)
})

function encoded(filter: LdapFilter, name: string) {
  const writer = new driver.BerWriter()
  nameInFilter(filter, name, driver).write(writer)
  return takenApart(writer.buffer)
}

t.test('name-in-filter: for any name, the structure stays the same and the name is sent unchanged', async () => {
  const anyBytes = fc.oneof(
    fc.string({ minLength: 1, unit: anyCharacter }),
    fc.constantFrom('*', ')(', '*)(objectClass=*', '\\2a', '\0', 'bücher.example', ':domain', 'x'.repeat(5000))
  )
  fc.assert(
    fc.property(anyFilter, anyBytes, (text, name) => {
      const filter = filterOf(text)
      if (filter === undefined) return true
      const usual = encoded(filter, 'a-domain.example')
      const strange = encoded(filter, name)
      const sentText = Buffer.from(name).toString()
      return (
        strange.structure === usual.structure &&
        strange.values.every((value, at) => value === usual.values[at]?.replaceAll('a-domain.example', () => sentText))
      )
    }),
    { numRuns: 1000 }
  )
})
