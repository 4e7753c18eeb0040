import fc from 'fast-check'
import t from 'tap'
import { type LdapFilter, toLdapFilter } from '../../../src/settings/query/ldap-filter.ts'

function filterOf(text: string): LdapFilter | undefined {
  const read = toLdapFilter(text, ':domain')
  return 'filter' in read ? read.filter : undefined
}

const problemOf = (text: string) => {
  const read = toLdapFilter(text, ':domain')
  return 'problem' in read ? read.problem : undefined
}

t.test('ldap-filter: is split at the name', async t => {
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

t.test('ldap-filter: anything but one filter with :domain in a value is refused with a reason', async t => {
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
    ['(dc=:domain))', 'found ")" after the filter, expected nothing'],
    ['(dc=:domain)(a=b)', 'found "(a=b)" after the filter, expected nothing'],
    ['(&)', 'found nothing after "(&", expected a filter'],
    ['(!(a=:domain)(b=c))', 'found 2 filters after "(!", expected one'],
    ['(&dc=:domain)', `found "dc=:domain", ${example}`],
    ['(&(a=:domain)b)', `found "b", ${example}`],
    ['(dc=:domains)', `found ":domains", ${only}`],
    ['(dc=:domain:address)', `found ":address", ${only}`],
    ['(dc=**:domain)', 'found "(dc=**:domain)", expected no "**"'],
    ['(dc>=*:domain)', 'found "(dc>=*:domain)", expected \\2a for "*"'],
    ['(dc:=*:domain)', 'found "(dc:=*:domain)", expected \\2a for "*"'],
    ['(dc=\\:domain)', 'found a backslash in "\\\\:domain", expected two hexadecimal digits after it'],
    ['(dc=\\c3:domain)', 'found "\\\\c3", expected the bytes of UTF-8 text']
  ] as const) {
    t.equal(problemOf(text), problem, text)
  }
})

t.test('ldap-filter: any text is read or refused', async () => {
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
