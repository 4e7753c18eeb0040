import fc from 'fast-check'
import t from 'tap'
import { expand, placeholders, strayPlaceholder } from '../../../src/settings/names/placeholder.ts'

const piece = fc.constantFrom(
  ...placeholders,
  '%',
  '%EMAIL',
  'ADDRESS',
  'EMAILDOMAIN%',
  '%realname%',
  '.',
  '-',
  '$&',
  'a'
)
const anyRule = fc.array(piece, { maxLength: 6 }).map(pieces => pieces.join(''))

t.test('expand: replaces all placeholders in any position', async t => {
  const values = { '%EMAILADDRESS%': 'a@b.c', '%EMAILLOCALPART%': 'a', '%EMAILDOMAIN%': 'b.c' }
  t.equal(expand('%EMAILADDRESS%', values), 'a@b.c')
  t.equal(expand('x-%EMAILLOCALPART%%EMAILLOCALPART%.%EMAILDOMAIN%-x', values), 'x-aa.b.c-x')
})

t.test('expand: keeps other text, and placeholders without a value', async t => {
  for (const text of ['%emaildomain%', '%EMAILDOMAIN', 'EMAILDOMAIN%', '%REALNAME%', '100%', '%EMAILADDRESS%']) {
    t.equal(expand(text, { '%EMAILDOMAIN%': 'b.c' }), text)
  }
})

t.test('expand: never expands what a value brings in, nor reads it as a pattern', async t => {
  t.equal(expand('%EMAILLOCALPART%', { '%EMAILLOCALPART%': '%EMAILDOMAIN%', '%EMAILDOMAIN%': 'x' }), '%EMAILDOMAIN%')
  t.equal(expand('<%EMAILLOCALPART%>', { '%EMAILLOCALPART%': "$&$1$'" }), "<$&$1$'>")
})

t.test('expand: a placeholder replaced by itself changes nothing', async () => {
  const itself = Object.fromEntries(placeholders.map(name => [name, name]))
  fc.assert(fc.property(anyRule, rule => expand(rule, itself) === rule))
})

for (const [text, stray] of [
  ['%EMAILADDRESS', '%EMAILADDRESS'],
  ['EMAILADDRESS%', '%'],
  ['%EMAILADDRESS%%EMAILDOMAIN', '%EMAILDOMAIN'],
  ['%emailaddress%', '%emailaddress%'],
  ['%REALNAME%', '%REALNAME%'],
  ['%EMAILLOCALPART%EMAILDOMAIN%', '%'],
  ['%EMAIL%EMAILADDRESS%ADDRESS%', '%EMAILADDRESS%'],
  ['50%', '%'],
  ['%%%', '%'],
  ['%%', undefined],
  ['100%%', undefined],
  ['', undefined],
  ['jane', undefined],
  ['%EMAILADDRESS%', undefined],
  ['%EMAILLOCALPART%.%EMAILDOMAIN%', undefined]
] as const) {
  t.test(`strayPlaceholder: finds ${stray ?? 'nothing'} in "${text}"`, async t =>
    t.equal(strayPlaceholder(text), stray)
  )
}

t.test('strayPlaceholder: finds none exactly where each percent sign belongs to a placeholder or to %%', async () => {
  fc.assert(fc.property(anyRule, rule => (strayPlaceholder(rule) === undefined) === isComplete(rule)))
})

/** Reads from left to right, as a person would. */
function isComplete(rule: string): boolean {
  const at = rule.indexOf('%')
  if (at < 0) return true
  const sign = ['%%', ...placeholders].find(each => rule.startsWith(each, at))
  return sign !== undefined && isComplete(rule.slice(at + sign.length))
}
