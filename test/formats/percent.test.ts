import fc from 'fast-check'
import t from 'tap'
import { percentDecode } from '../../src/formats/percent.ts'

t.test('percentDecode: gives back what encodeURIComponent made', async () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), text => percentDecode(encodeURIComponent(text)) === text))
})

t.test('percentDecode: leaves what is not encoded, plus signs too', async t => {
  t.equal(percentDecode('a+b@example.com'), 'a+b@example.com')
})

t.test('percentDecode: has no value for a broken encoding', async t => {
  for (const text of ['%', '%4', '%zz', '%ff', '%ed%a0%80', 'a%']) t.equal(percentDecode(text), undefined, text)
})
