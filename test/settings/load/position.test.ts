import fc from 'fast-check'
import t from 'tap'
import { parseDocument } from 'yaml'
import type { Path } from '../../../src/settings/load/finding.ts'
import { createOffsets, createPositions } from '../../../src/settings/load/position.ts'

for (const [what, text, offset, line, column] of [
  ['the beginning of nothing', '', 0, 1, 1],
  ['the first character', 'ab', 0, 1, 1],
  ['the end of a line', 'ab\ncd', 2, 1, 3],
  ['the beginning of a line', 'ab\ncd', 3, 2, 1],
  ['inside of a line', 'ab\r\ncd', 5, 2, 2],
  ['behind the last line', 'ab\n', 3, 2, 1],
  ['empty lines', '\n\n\n', 1, 2, 1]
] as const) {
  t.test(`createPositions: counts ${what} as ${line}:${column}`, async t => {
    t.same(createPositions(text)(offset), { line, column })
  })
}

t.test('createPositions: line and column lead back to the offset', async () => {
  const anyText = fc.array(fc.constantFrom('a', '\n', '\r\n', '\t')).map(pieces => pieces.join(''))
  fc.assert(
    fc.property(anyText, fc.nat(), (text, at) => {
      const offset = at % (text.length + 1)
      const { line, column } = createPositions(text)(offset)
      const above = text.split('\n').slice(0, line - 1)
      return above.reduce((length, { length: own }) => length + own + 1, column - 1) === offset
    })
  )
})

const places: readonly (readonly [fact: string, marked: string, path: Path, ofKey?: boolean])[] = [
  ['a value', 'a: ‸1', ['a']],
  ['a value in flow style', '{ a: { b: [1, ‸2] } }', ['a', 'b', 1]],
  ['a value in block style', 'a:\n  - b: 1\n  - c: ‸2', ['a', 1, 'c']],
  ['a mapping, where its first key is', 'a:\n  ‸b: 1', ['a']],
  ['a value behind an anchor and a tag', 'a: &x !y ‸1', ['a']],
  ['a value that is empty', 'a:‸\nb: 1', ['a']],
  ['a key', 'a: 1\n‸b: 2', ['b'], true],
  ['a key further in', 'a:\n  - b: 1\n    ‸c: 2', ['a', 0, 'c'], true],
  ['a key in quotes', '"a": 1\n‸"b c": 2', ['b c'], true],
  ['the root', '# comment\n‸a: 1', []],
  ['the mapping, for a value that is not there', 'a:\n  ‸b: 1', ['a', 'c']],
  ['the mapping, for a key that is not there', 'a:\n  ‸b: 1', ['a', 'c'], true],
  ['the nearest thing around, for a path that leads nowhere', 'a:\n  b: ‸1', ['a', 'b', 'c', 0]],
  ['the root, for a path of which nothing is there', '‸a: 1', ['b', 0, 'c']],
  ['the list, for a key of a list', 'a:\n  ‸- b', ['a', 'b'], true],
  ['the alias, for a value behind it', 'a: &x { b: 1 }\nc: ‸*x', ['c', 'b']],
  ['the alias, for a key behind it', 'a: &x { b: 1 }\nc: ‸*x', ['c', 'b'], true],
  ['the mapping, for what is merged into it', 'a: &x { b: 1 }\nc:\n  ‸<<: *x', ['c', 'b']],
  ['a value beside a key that is a list', '? [a]\n: 1\nb: ‸2', ['b']],
  ['the beginning of an empty text', '‸', ['a']],
  ['the beginning of an empty text, for a key', '‸', ['a'], true]
]

for (const [fact, marked, path, ofKey = false] of places) {
  t.test(`createOffsets: finds ${fact}`, async t => {
    const document = parseDocument(marked.replace('‸', ''), { merge: true })
    t.equal(createOffsets(document)(path, ofKey), marked.indexOf('‸'))
  })
}
