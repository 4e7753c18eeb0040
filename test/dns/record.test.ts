import fc from 'fast-check'
import t from 'tap'
import { toStrings } from '../../src/dns/record.ts'

t.test('toStrings: splits after 255 octets, and returns at least one string', async t => {
  t.same(toStrings(''), [''])
  t.same(toStrings('x'.repeat(255)), ['x'.repeat(255)])
  t.same(
    toStrings('x'.repeat(511)).map(({ length }) => length),
    [255, 255, 1]
  )
})

t.test('toStrings: loses nothing', async t => {
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 999 }), text => {
        const strings = toStrings(text)
        return strings.join('') === text && strings.every(({ length }) => length <= 255)
      })
    )
  )
})
