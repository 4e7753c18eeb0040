import fc from 'fast-check'
import t from 'tap'
import { readJson } from '../../src/importers/read-json.ts'

t.test('readJson: returns the value, and the positions of its parts', async t => {
  const json = readJson('{\n  "a": [1,\n\t{ "b": 2 }]\n}')
  if ('fault' in json) throw new Error(json.fault)
  t.same(json.value, { a: [1, { b: 2 }] })
  t.same(json.positionOf(['a', 1]), { line: 3, column: 2 })
  t.same(json.positionOf(['a', 1, 'b']), { line: 3, column: 9 })
})

t.test('readJson: returns the first fault and its position', async t => {
  for (const [text, fault, line, column] of [
    ['{\n"a" 1}', "Expected ':' after property name", 2, 5],
    ['{"a": tru}', "Unexpected token '}'", 1, 10],
    ['[\n1,\n]', "Unexpected token ']'", 3, 1],
    ['{"a": \'x\'}', "Unexpected token '''", 1, 7],
    ['{"a": "x"} y', 'Unexpected non-whitespace character after JSON', 1, 12],
    ['{"a": {"b": [', 'Unexpected end of JSON input', 1, 14],
    ['', 'Unexpected end of JSON input', 1, 1],
    [`${'[1,'.repeat(100)}x`, "Unexpected token 'x'", 1, 301]
  ] as const) {
    t.same(readJson(text), { fault, position: { line, column } }, text)
  }
})

t.test('readJson: accepts what JSON.parse accepts, and finds a position in anything else', async () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(20), fc.string({ maxLength: 3 }), (text, at, more) => {
      const changed = text.slice(0, at) + more + text.slice(at)
      const json = readJson(changed)
      if (!('fault' in json)) return JSON.parse(changed) !== undefined
      return json.position.line >= 1 && json.position.column >= 1
    })
  )
})
