import fc from 'fast-check'
import t from 'tap'
import { element, elementsOf, objectIdentifier, tags } from '../../../src/formats/cms/der.ts'

const { integer, octets, sequence } = tags

t.test('der: a length takes as few octets as possible', async t => {
  for (const [length, beginning] of [
    [0, '0400'],
    [1, '0401'],
    [127, '047f'],
    [128, '048180'],
    [255, '0481ff'],
    [256, '04820100'],
    [65_535, '0482ffff'],
    [65_536, '0483010000']
  ] as const) {
    const written = element(octets, Buffer.alloc(length))
    t.equal(written.length, beginning.length / 2 + length)
    t.equal(written.toString('hex', 0, beginning.length / 2), beginning)
  }
})

t.test('der: encodes object identifiers', async t => {
  for (const [dotted, hex] of [
    ['2.5.4.3', '0603550403'],
    ['1.2.840.113549.1.7.2', '06092a864886f70d010702'],
    ['2.16.840.1.101.3.4.2.1', '0609608648016503040201'],
    ['1.2.127.128.16383.16384', '06092a7f8100ff7f818000']
  ] as const) {
    t.equal(objectIdentifier(dotted).toString('hex'), hex, dotted)
  }
})

t.test('der: a sequence reads back to its elements', async () => {
  const part = fc.tuple(
    fc.constantFrom(integer, octets),
    fc.oneof(fc.integer({ max: 300, min: 0 }), fc.constant(70_000))
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 5 }), parts => {
      const elements = parts.map(([tag, length]) => element(tag, Buffer.alloc(length, length)))
      const read = elementsOf(element(sequence, ...elements))
      return read.length === elements.length && read.every((each, at) => elements[at]?.equals(each))
    })
  )
})
