import fc from 'fast-check'
import t from 'tap'
import { parse } from '../../../src/settings/load/syntax.ts'

/** @returns each flaw as `offset severity: message` */
function flawsOf(text: string): string[] {
  return parse(text).flaws.map(({ offset, severity, message }) => `${offset} ${severity}: ${message}`)
}

for (const [what, text, value] of [
  ['a mapping', 'a: 1\nb: [x, true, null]', { a: 1, b: ['x', true, null] }],
  [
    'yes, no, on and dates as texts, as YAML 1.2 does',
    '[yes, no, on, 2026-01-01, 22:22]',
    ['yes', 'no', 'on', '2026-01-01', '22:22']
  ],
  ['keys as texts', '1: a\ntrue: b\n? c\nnull: d', { 1: 'a', true: 'b', c: null, null: 'd' }],
  ['a key that JavaScript knows', '__proto__: 1', JSON.parse('{"__proto__": 1}')],
  ['aliases', 'a: &x { b: 1 }\nc: *x', { a: { b: 1 }, c: { b: 1 } }],
  ['merged mappings', 'a: &x { b: 1, c: 1 }\nd: { <<: *x, c: 2 }', { a: { b: 1, c: 1 }, d: { b: 1, c: 2 } }],
  ['several merged mappings', 'a: &x { b: 1 }\nc: { <<: [*x, { d: 2 }] }', { a: { b: 1 }, c: { b: 1, d: 2 } }],
  ['<< in quotes as any key', '"<<": 1', { '<<': 1 }],
  ['an anchor that is set anew', 'a: &x 1\nb: &x 2\nc: *x', { a: 1, b: 2, c: 2 }],
  ['lines that end in CRLF', 'a: 1\r\nb: |\r\n  c\r\n', { a: 1, b: 'c\n' }],
  ['nothing', '', null],
  ['only comments', '# a\n', null]
] as const) {
  t.test(`parse: reads ${what}`, async t => {
    t.same(parse(text).value, value)
    t.same(flawsOf(text), [])
  })
}

const inQuotes = 'at the start of a text, expected the text in quotes'
const withSpace = 'expected "key: value" with a space after the colon'

for (const [what, text, ...flaws] of [
  ['a key given twice', 'port: 1\nhost: a\nport: 2', '16 error: found "port" a second time, expected each key once'],
  ['a key given twice in a line', '{ a: 1, "a": 2 }', '8 error: found "a" a second time, expected each key once'],
  ['a tab', 'a:\n\tb: 1', '3 error: found a tab, expected spaces'],
  ['a star without quotes', 'domains: [*]', `10 error: found * ${inQuotes}`],
  [
    'a wildcard without quotes',
    'domains: [*.a.example]',
    '10 error: found *.a.example, expected "*.a.example" in quotes (or an anchor &.a.example above)'
  ],
  [
    'an alias before its anchor',
    'a: *x\nb: &x 1',
    '3 error: found *x, expected "*x" in quotes (or an anchor &x above)'
  ],
  ['a placeholder without quotes', 'a: %EMAILADDRESS%', `3 error: found % ${inQuotes}`],
  ['an @ without quotes', 'a: @example.com', `3 error: found @ ${inQuotes}`],
  [
    'a colon in a text without quotes',
    'name: Example: Mail',
    '6 error: found a mapping inside a text, expected a text with ": " in quotes, or different indentation'
  ],
  ['no space after a colon', 'id:a\nb: 1', `0 error: found "id:a", ${withSpace}`],
  ['no space after the last colon', 'a: 1\r\nb:2\r\n', `6 error: found "b:2", ${withSpace}`],
  ['a second document', 'a: 1\n---\nb: 2', '5 error: found a second document after ---, expected one'],
  ['a list as a key', '[a]: 1', '0 error: found a list, a mapping or an alias as a key, expected a text'],
  ['an alias as a key', 'a: &x y\n*x : 1', '8 error: found a list, a mapping or an alias as a key, expected a text'],
  ['a quote that is left open', 'a: "b', '5 error: found a text in quotes without its end, expected "'],
  [
    'a bracket that is left open',
    'a: [b',
    '5 error: found a list in brackets without its end, expected ] or deeper indentation'
  ],
  [
    '<< with something else than a mapping',
    'a: &x 1\nb: { <<: *x }',
    '13 error: found << without a mapping, expected <<: *anchor'
  ],
  [
    'bytes that are not UTF-8',
    'a: M\ufffdller',
    '4 error: found bytes that are not UTF-8, expected a file saved as UTF-8'
  ],
  ['UTF-16', '\ufffd\ufffda\0:\0', '0 error: found bytes that are not UTF-8, expected a file saved as UTF-8'],
  ['a tag', 'a: !include b', '3 warning: found a tag, which is ignored, expected a value without "!"']
] as const) {
  t.test(`parse: reports ${what} and its position`, async t => t.same(flawsOf(text), flaws))
}

t.test('parse: no message is in the words of the YAML library', async () => {
  const piece = fc.constantFrom(
    ...'abc:-[]{}"\'\\|>&*!#%@`,?~\t \n\n'.split(''),
    ': ',
    '- ',
    '\n  ',
    '&x ',
    '*x',
    '!t ',
    '<<: ',
    '%YAML 9\n'
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), pieces =>
      flawsOf(pieces.join('')).every(each => /^\d+ \w+: found /.test(each))
    ),
    { numRuns: 2000 }
  )
})

t.test('parse: reports all flaws at once', async t => {
  t.same(flawsOf('a: [*.x, *.y]').length, 2)
  t.same(flawsOf('a: 1\na: 2\nb: @\nc: !d e').length, 3)
})

const letters = [...'abcdefghi']
const bombs = {
  lists: letters.map((name, at) => `${name}: &${name} [${`*${letters[at - 1]},`.repeat(at && 9)}x]`),
  merges: letters.map(
    (name, at) => `${name}: &${name} { <<: [${`*${letters[at - 1]},`.repeat(at && 9)}{}], ${name}: 1 }`
  )
}

for (const [kind, lines] of Object.entries(bombs)) {
  t.test(`parse: a bomb of ${kind} within ${kind} is refused, and soon`, async t => {
    const started = performance.now()
    t.same(flawsOf(lines.join('\n')), [
      '0 error: found aliases that stand for too many values, expected at most 1000000 in all'
    ])
    t.ok(performance.now() - started < 2000)
  })
}

t.test('parse: aliases may expand to a million values', async t => {
  const used = (times: number) => `a: &x [${'1,'.repeat(1000)}]\nc: [${'*x,'.repeat(times)}]`
  t.equal(flawsOf(used(999)).length, 0)
  t.equal(flawsOf(used(1000)).length, 1)
})

t.test('parse: lists within lists without end are refused in one line', async t => {
  for (const text of ['['.repeat(9999), '- '.repeat(9999), '{a: '.repeat(9999)]) {
    t.match(flawsOf(text).join('\n'), /^\d+ error: found lists or mappings that are nested too deeply$/)
  }
})

t.test('parse: a mapping that is merged into itself is refused', async t => {
  for (const text of ['a: &a { <<: *a }', 'a: &a { b: { <<: [*a, *a] }, c: 1 }']) {
    t.same(flawsOf(text), ['0 error: found a mapping that is merged into itself'])
  }
})

t.test('parse: an alias inside its own anchor does not loop', async t => {
  t.same(flawsOf('a: &x [*x]'), [])
})

t.test('parse: reads every JSON text as JSON does', async t => {
  fc.assert(
    fc.property(fc.json(), text => {
      // YAML keeps the sign of -0, and refuses keys given twice, which JSON.stringify never writes.
      t.same(parse(text).value, JSON.parse(text))
    }),
    { numRuns: 50 }
  )
})
