import t from 'tap'
import { parseDocument } from 'yaml'
import type { Path } from '../../../src/settings/load/fault.ts'
import { createOffsets } from '../../../src/settings/load/offset.ts'

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
