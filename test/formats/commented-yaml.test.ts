import fc from 'fast-check'
import t from 'tap'
import { parse } from 'yaml'
import { writeCommentedYaml } from '../../src/formats/commented-yaml.ts'
import { anyCharacter } from '../support/arbitraries/character.ts'

t.test(
  'writeCommentedYaml: small lists and mappings take one line, and lists of mappings one line per item',
  async t => {
    t.equal(
      writeCommentedYaml({ a: [{ b: 1, c: ['*', 'yes'] }, { b: null }], d: { e: 'x'.repeat(100) } }, []),
      `a:\n  - { b: 1, c: [ "*", yes ] }\n  - { b: null }\nd:\n  e: ${'x'.repeat(100)}\n`
    )
  }
)

t.test('writeCommentedYaml: comments are above their values', async t => {
  t.equal(
    writeCommentedYaml({ a: [{ b: 1 }, { b: 2 }], c: 3 }, [
      { path: [], text: 'top' },
      { path: ['a'], text: 'of a' },
      { path: ['a', 1], text: 'of the second\n\nof several lines' },
      { path: ['a', 1], text: 'and more' },
      { path: ['c'], text: 'of c' }
    ]),
    '# top\n\n# of a\na:\n  - { b: 1 }\n  # of the second\n\n  # of several lines\n  # and more\n  - { b: 2 }\n# of c\nc: 3\n'
  )
})

t.test('writeCommentedYaml: escapes characters that reverse text or move the cursor, and keeps the value', async t => {
  const value = {
    a: ['b \u202e c', '\u009b2J', '\u2028', 'a\ufffdb', '\u{e0041}\n\u2066', 'می\u200cخواهم'],
    '\u2067': '\t'
  }
  const text = writeCommentedYaml(value, [])
  t.notMatch(text, /(?![\n\u200c])[\p{C}\p{Zl}\p{Zp}\ufffd]/u)
  t.match(text, '"b \\u202e c"')
  t.same(parse(text), value)
})

t.test('writeCommentedYaml: YAML reads the same value', async t => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ unit: anyCharacter }), fc.oneof(fc.jsonValue(), fc.string({ unit: anyCharacter })), {
        noNullPrototype: true
      }),
      value => {
        t.strictSame(parse(writeCommentedYaml(value, []), { merge: false }), JSON.parse(JSON.stringify(value)))
      }
    )
  )
})
