import fc from 'fast-check'
import t from 'tap'
import { createPlaces } from '../../../src/settings/load/position.ts'

for (const [what, text, offset, line, column] of [
  ['the beginning of nothing', '', 0, 1, 1],
  ['the first character', 'ab', 0, 1, 1],
  ['the end of a line', 'ab\ncd', 2, 1, 3],
  ['the beginning of a line', 'ab\ncd', 3, 2, 1],
  ['inside of a line', 'ab\r\ncd', 5, 2, 2],
  ['behind the last line', 'ab\n', 3, 2, 1],
  ['empty lines', '\n\n\n', 1, 2, 1]
] as const) {
  t.test(`createPlaces: counts ${what} as ${line}:${column}`, async t => {
    t.same(createPlaces(text)(offset), { line, column })
  })
}

t.test('createPlaces: line and column lead back to the offset', async () => {
  const anyText = fc.array(fc.constantFrom('a', '\n', '\r\n', '\t')).map(pieces => pieces.join(''))
  fc.assert(
    fc.property(anyText, fc.nat(), (text, at) => {
      const offset = at % (text.length + 1)
      const { line, column } = createPlaces(text)(offset)
      const above = text.split('\n').slice(0, line - 1)
      return above.reduce((length, { length: own }) => length + own + 1, column - 1) === offset
    })
  )
})
