import fc from 'fast-check'
import t from 'tap'
import {
  describe,
  error,
  expected,
  type Finding,
  found,
  pathText,
  printable,
  warning
} from '../../../src/settings/load/finding.ts'
import { anyCharacter } from '../../support/settings/typed.ts'

const finding: Finding = {
  severity: 'error',
  file: 'config/signpost.yaml',
  line: 12,
  column: 9,
  path: 'providers[0].servers[2].port',
  message: 'found "imaps", expected an integer from 1 to 65535'
}

t.test('describe: contains file, line, column, path, what was found and what is allowed', async t => {
  t.equal(
    describe(finding),
    'config/signpost.yaml:12:9 providers[0].servers[2].port: found "imaps", expected an integer from 1 to 65535'
  )
})

t.test('describe: marks warnings', async t => {
  t.equal(
    describe({ ...finding, severity: 'warning', path: 'providers[0].name', message: 'found 31 characters' }),
    'config/signpost.yaml:12:9 providers[0].name: warning: found 31 characters'
  )
})

t.test('describe: marks notes', async t => {
  t.equal(
    describe({ ...finding, severity: 'note', path: 'providers[0]', message: 'it needs a record' }),
    'config/signpost.yaml:12:9 providers[0]: note: it needs a record'
  )
})

t.test('describe: omits the path for the file as a whole', async t => {
  t.equal(describe({ ...finding, path: '', message: 'found a tab' }), 'config/signpost.yaml:12:9 found a tab')
})

for (const [what, value, text] of [
  ['a text in quotes', 'imaps', '"imaps"'],
  ['a number as it is', 993, '993'],
  ['a number that JSON does not know', Number.POSITIVE_INFINITY, 'Infinity'],
  ['a truth value', true, 'true'],
  ['nothing', null, 'nothing'],
  ['nothing where there is no value', undefined, 'nothing'],
  ['how long a list is', ['a', 'b'], 'a list of 2'],
  ['a mapping without what is in it', { a: 1 }, 'a mapping'],
  ['quotes and line feeds escaped', 'a"b\nc', '"a\\"b\\nc"'],
  ['what would move the cursor or turn the line escaped', '\u009b1m\u202e\u2028', '"\\u{9b}1m\\u{202e}\\u{2028}"'],
  ['a text of 58 characters whole', 'x'.repeat(58), `"${'x'.repeat(58)}"`],
  ['the beginning of a longer text', '\u{1f4eb}'.repeat(99), `"${'\u{1f4eb}'.repeat(57)}…"`]
] as const) {
  t.test(`found: shows ${what}`, async t => t.equal(found(value), text))
}

t.test('found: is one printable line for any value', async () => {
  const anyText = fc.string({ unit: anyCharacter })
  fc.assert(fc.property(fc.oneof(fc.anything(), anyText), value => /^[^\p{C}\p{Zl}\p{Zp}]+$/u.test(found(value))))
})

for (const [path, text] of [
  [[], ''],
  [['providers', 0, 'servers', 2, 'port'], 'providers[0].servers[2].port'],
  [['providers', 0, 'password', 'note', 'pt-BR'], 'providers[0].password.note.pt-BR'],
  [['a b'], '["a b"]'],
  [['http', 'a.b/c\n'], 'http["a.b/c\\n"]'],
  [[''], '[""]']
] as const) {
  t.test(`pathText: writes ${text || 'nothing for the table as a whole'}`, async t => t.equal(pathText(path), text))
}

t.test('error, warning, expected: say how bad it is, where, and what', async t => {
  t.same(error(['a'], 'b'), { severity: 'error', path: ['a'], message: 'b' })
  t.same(warning(['a'], 'b'), { severity: 'warning', path: ['a'], message: 'b' })
  t.same(expected(['a', 1], 'b', 'c'), { severity: 'error', path: ['a', 1], message: 'found "b", expected c' })
})

t.test('printable: escapes only characters that are not printable', async t => {
  t.equal(printable('a\n\u009b\u2029\u{e0001}\ud800'), 'a\\u{a}\\u{9b}\\u{2029}\\u{e0001}\\u{d800}')
  t.equal(printable('"ß" 中 \u{1f4eb}\\'), '"ß" 中 \u{1f4eb}\\')
})
