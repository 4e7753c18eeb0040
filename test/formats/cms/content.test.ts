import fc from 'fast-check'
import t from 'tap'
import { signedData } from '../../../src/formats/cms/cms.ts'
import { signedContent } from '../../../src/formats/cms/content.ts'
import { element, objectIdentifier, tags } from '../../../src/formats/cms/der.ts'
import { ecKey, issueChain } from '../../support/certificates.ts'

const content = Buffer.from('<plist>Zoë</plist>')
const signedDataType = objectIdentifier('1.2.840.113549.1.7.2')
const data = objectIdentifier('1.2.840.113549.1.7.1')
const constructedOctets = 0x24

/** Spec: X.690 8.1.3.6. */
const indefinite = (tag: number, ...contents: readonly Buffer[]) =>
  Buffer.concat([Buffer.from([tag, 0x80]), ...contents, Buffer.from([0, 0])])

type Write = (tag: number, ...contents: readonly Buffer[]) => Buffer

const wrap = (write: Write, octets: Buffer, type = signedDataType) =>
  write(
    tags.sequence,
    type,
    write(
      tags.context0,
      write(
        tags.sequence,
        element(tags.integer, Buffer.from([1])),
        element(tags.set),
        write(tags.sequence, data, write(tags.context0, octets))
      )
    )
  )

t.test('signedContent: reads the content of signedData', async t => {
  const key = ecKey()
  const { leaf, intermediate } = issueChain('mail.example.com', { key })
  const signed = signedData(content, { chain: [leaf.certificate, intermediate.certificate], key })
  t.ok(signedContent(signed)?.equals(content))
})

t.test('signedContent: reads indefinite lengths and content in pieces', async t => {
  const pieces = [content.subarray(0, 5), content.subarray(5)].map(piece => element(tags.octets, piece))
  for (const write of [element, indefinite]) {
    for (const octets of [element(tags.octets, content), write(constructedOctets, ...pieces)]) {
      t.ok(signedContent(wrap(write, octets))?.equals(content))
    }
  }
})

t.test('signedContent: is undefined for other data', async t => {
  for (const [bytes, what] of [
    [Buffer.from(''), 'nothing'],
    [content, 'text'],
    [element(tags.integer, Buffer.from([1])), 'a number'],
    [wrap(element, element(tags.octets, content), data), 'another type'],
    [wrap(element, element(tags.integer, content)), 'a number inside'],
    [wrap(element, element(constructedOctets, element(tags.integer, content))), 'a number in pieces'],
    [element(tags.sequence, signedDataType), 'no content'],
    [Buffer.from([0x30, 0x85, 0, 0, 0, 0, 1, 0]), 'a length of five octets'],
    [wrap(element, element(tags.octets, content)).subarray(0, -1), 'cut off']
  ] as const) {
    t.equal(signedContent(bytes), undefined, what)
  }
  t.equal(signedContent(Buffer.alloc(10_000, Buffer.from([0x30, 0x80]))), undefined, 'nested without end')
})

t.test('signedContent: never throws for any bytes', async () => {
  const right = wrap(indefinite, element(tags.octets, content))
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(right.length), fc.nat(255), (bytes, at, octet) => {
      signedContent(Buffer.from(bytes))
      const damaged = Buffer.from(right)
      damaged[at] = octet
      signedContent(damaged)
    })
  )
})
