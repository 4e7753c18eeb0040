import fc from 'fast-check'
import * as driver from 'ldapts'
import t from 'tap'
import { type LdapFilter, toLdapFilter } from '../../src/settings/ldap-filter.ts'
import { nameInFilter } from '../../src/sources/name-in-filter.ts'
import { takenApart } from '../taken-apart.ts'

function filterOf(text: string): LdapFilter | undefined {
  const read = toLdapFilter(text, ':domain')
  return 'filter' in read ? read.filter : undefined
}

const problemOf = (text: string) => {
  const read = toLdapFilter(text, ':domain')
  return 'problem' in read ? read.problem : undefined
}

t.test('ldap-filter: is taken apart where the name goes', async t => {
  const whole = { kind: 'equal', attribute: 'dc', value: ['', ''] }
  for (const [text, filter] of [
    ['(dc=:domain)', whole],
    [' dc=:DOMAIN ', whole],
    ['(!(dc=:domain))', { kind: 'not', filter: whole }],
    [
      '(&\n  (objectClass=*)\n  (| (dc=:domain) (mail=*@:domain) )\n)',
      {
        kind: 'and',
        filters: [
          { kind: 'present', attribute: 'objectClass' },
          {
            kind: 'or',
            filters: [whole, { kind: 'substring', attribute: 'mail', initial: [''], any: [], final: ['@', ''] }]
          }
        ]
      }
    ],
    [
      '(mail=:domain*x:domain-*y)',
      { kind: 'substring', attribute: 'mail', initial: ['', ''], any: [['x', '-']], final: ['y'] }
    ],
    ['(cn;lang-de~=a :domain)', { kind: 'approximate', attribute: 'cn;lang-de', value: ['a ', ''] }],
    ['(a>=:domain)', { kind: 'greater', attribute: 'a', value: ['', ''] }],
    ['(2.5.4.11<=:domain)', { kind: 'less', attribute: '2.5.4.11', value: ['', ''] }],
    ['(a=\\3adomain:\\2A\\c3\\a9:domain)', { kind: 'equal', attribute: 'a', value: [':domain:*é', ''] }],
    ['(url=ldap\\3a//:domain)', { kind: 'equal', attribute: 'url', value: ['ldap://', ''] }],
    ['(a:=:domain)', { kind: 'extensible', attribute: 'a', rule: '', ofName: false, value: ['', ''] }],
    ['(a:dn:2.4.6:=:domain)', { kind: 'extensible', attribute: 'a', rule: '2.4.6', ofName: true, value: ['', ''] }],
    ['(a:dn:=:domain)', { kind: 'extensible', attribute: 'a', rule: '', ofName: true, value: ['', ''] }]
  ] as const) {
    t.same(filterOf(text), filter, text)
  }
})

t.test('ldap-filter: what is not one filter with :domain in a value is refused in words', async t => {
  const example = 'expected a filter such as (dc=:domain)'
  const wanted = 'expected an attribute, "=" and a value, such as (dc=:domain)'
  const only = 'expected :domain as the only parameter, or \\3a for ":"'
  for (const [text, problem] of [
    ['', `found "()", ${wanted}`],
    ['(dc=a)', 'found no :domain in a value, expected one'],
    ['(dc=*)', 'found no :domain in a value, expected one'],
    ['(|(dc=a*)(!(a:=b)))', 'found no :domain in a value, expected one'],
    ['(:domain=a)', `found "(:domain=a)", ${wanted}`],
    ['(:domain:=a)', `found "(:domain:=a)", ${wanted}`],
    ['(a::domain:=a)', `found "(a::domain:=a)", ${wanted}`],
    ['(=:domain)', `found "(=:domain)", ${wanted}`],
    ['(dc)', `found "(dc)", ${wanted}`],
    ['(d c=:domain)', `found "(d c=:domain)", ${wanted}`],
    ['(dc=:domain', 'found "(" that is not closed, expected ")", or \\28 in a value'],
    ['(dc=(:domain))', 'found "(" that is not closed, expected ")", or \\28 in a value'],
    ['(&(dc=:domain)', 'found "(&" that is not closed, expected ")"'],
    ['(dc=:domain))', 'found ")" behind the filter, expected nothing'],
    ['(dc=:domain)(a=b)', 'found "(a=b)" behind the filter, expected nothing'],
    ['(&)', 'found nothing behind "(&", expected a filter'],
    ['(!(a=:domain)(b=c))', 'found 2 filters behind "(!", expected one'],
    ['(&dc=:domain)', `found "dc=:domain", ${example}`],
    ['(&(a=:domain)b)', `found "b", ${example}`],
    ['(dc=:domains)', `found ":domains", ${only}`],
    ['(dc=:domain:address)', `found ":address", ${only}`],
    ['(dc=**:domain)', 'found "(dc=**:domain)", expected no "**"'],
    ['(dc>=*:domain)', 'found "(dc>=*:domain)", expected \\2a for "*"'],
    ['(dc:=*:domain)', 'found "(dc:=*:domain)", expected \\2a for "*"'],
    ['(dc=\\:domain)', 'found a backslash in "\\\\:domain", expected two hexadecimal digits behind it'],
    ['(dc=\\c3:domain)', 'found "\\\\c3", expected the bytes of a text in UTF-8']
  ] as const) {
    t.equal(problemOf(text), problem, text)
  }
})

const anyAttribute = fc.constantFrom('dc', 'objectClass', 'associatedDomain', 'mail')
const anyText = fc.string({ minLength: 1, unit: fc.constantFrom(...'abÄ😀*()\\\0:.@ \n'), maxLength: 6 })
/** Spec: RFC 4515 3. */
const escaped = (text: string) =>
  text.replace(/[*()\\\0:]/g, sign => `\\${sign.charCodeAt(0).toString(16).padStart(2, '0')}`)
const anyValue = fc.oneof(anyText.map(escaped), fc.constant(':domain'))
const anyItem = fc.oneof(
  fc.tuple(anyAttribute, fc.constantFrom('=', '>=', '<=', '~=', ':=', ':dn:='), anyValue).map(parts => parts.join('')),
  fc
    .tuple(anyAttribute, fc.array(anyValue, { minLength: 2, maxLength: 4 }))
    .map(([name, all]) => `${name}=${all.join('*')}`),
  anyAttribute.map(name => `${name}=*`)
)
const { anyFilter } = fc.letrec<{ anyFilter: string }>(again => ({
  anyFilter: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    anyItem.map(text => `(${text})`),
    fc
      .tuple(fc.constantFrom('&', '|'), fc.array(again('anyFilter'), { minLength: 1, maxLength: 3 }))
      .map(([sign, all]) => `(${sign}${all.join('')})`),
    again('anyFilter').map(text => `(!${text})`)
  )
}))

t.test('ldap-filter: is read as the library reads it', async t => {
  let accepted = 0
  fc.assert(
    fc.property(anyFilter, anyText, (text, name) => {
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

t.test('ldap-filter: whatever is written, it is read or refused', async () => {
  const anyPiece = fc.constantFrom(
    '(',
    ')',
    '&',
    '|',
    '!',
    '=',
    ':',
    ':domain',
    'dc',
    '*',
    '\\',
    '2a',
    '~',
    '>',
    ' ',
    '1.2'
  )
  fc.assert(
    fc.property(fc.array(anyPiece, { maxLength: 16 }), pieces => {
      const text = pieces.join('')
      const problem = problemOf(text)
      return problem === undefined ? filterOf(text) !== undefined : problem.startsWith('found ')
    }),
    { numRuns: 2000 }
  )
})

function encoded(filter: LdapFilter, name: string) {
  const writer = new driver.BerWriter()
  nameInFilter(filter, name, driver).write(writer)
  return takenApart(writer.buffer)
}

t.test('ldap-filter: whatever the name is, what is sent has the same structure, and the name as it is', async () => {
  const anyName = fc.oneof(
    fc.string({ minLength: 1, unit: 'binary' }),
    fc.constantFrom('*', ')(', '*)(objectClass=*', '\\2a', '\0', 'bücher.example', ':domain', 'x'.repeat(5000))
  )
  fc.assert(
    fc.property(anyFilter, anyName, (text, name) => {
      const filter = filterOf(text)
      if (filter === undefined) return true
      const usual = encoded(filter, 'a-domain.example')
      const strange = encoded(filter, name)
      const told = Buffer.from(name).toString()
      return (
        strange.structure === usual.structure &&
        strange.values.every((value, at) => value === usual.values[at]?.replaceAll('a-domain.example', () => told))
      )
    }),
    { numRuns: 1000 }
  )
})
