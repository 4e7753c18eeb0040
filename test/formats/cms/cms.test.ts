import fc from 'fast-check'
import t from 'tap'
import { signedData } from '../../../src/formats/cms/cms.ts'
import { ecKey, issue, issueChain, rsaKey } from '../../support/certificates.ts'
import { readSigned } from '../../support/read-signed.ts'

const profile = Buffer.from('<plist>\n<string>Zoë & 🚀</string>\r\n</plist>\n'.repeat(50))

for (const { kind, key, algorithm } of [
  { kind: 'RSA', key: rsaKey(), algorithm: '1.2.840.113549.1.1.1' },
  { kind: 'ECDSA on P-256', key: ecKey(), algorithm: '1.2.840.10045.4.3.2' }
]) {
  const { leaf, intermediate } = issueChain('mail.example.com', { key })
  const signer = { chain: [leaf.certificate, intermediate.certificate], key } as const
  const signed = signedData(profile, signer)

  t.test(`cms: ${kind}: the content is inside, byte for byte, and the signature fits it`, async t => {
    const read = readSigned(signed)
    t.ok(read.content.equals(profile))
    t.equal(read.signatureAlgorithm, algorithm)
  })

  t.test(`cms: ${kind}: has a definite length`, async t => {
    t.equal(signed.toString('hex', 0, 2), '3082')
    t.equal(signed.readUInt16BE(2), signed.length - 4)
  })

  t.test(`cms: ${kind}: the leaf is first, and what is above it follows`, async t => {
    t.same(
      readSigned(signed).certificates.map(({ subject }) => subject),
      ['CN=mail.example.com', 'CN=Test Intermediate']
    )
  })

  t.test(`cms: ${kind}: has the two attributes that there must be, in the order of DER, and no time`, async t => {
    t.same(readSigned(signed).attributeTypes, ['1.2.840.113549.1.9.3', '1.2.840.113549.1.9.4'])
  })

  t.test(`cms: ${kind}: a bit that is turned in the content or in the signature is noticed`, async t => {
    for (const at of [signed.indexOf('<plist>'), signed.indexOf('</plist>'), signed.length - 1]) {
      const turned = Buffer.from(signed)
      turned.writeUInt8(signed.readUInt8(at) ^ 1, at)
      t.throws(() => readSigned(turned))
    }
  })

  t.test(`cms: ${kind}: signs anything`, async () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1000 }), bytes =>
        readSigned(signedData(Buffer.from(bytes), signer)).content.equals(bytes)
      ),
      { numRuns: 20 }
    )
  })
}

t.test('cms: RSA gives the same bytes every time', async t => {
  const { certificate, key } = issue('mail.example.com', { key: rsaKey() })
  t.ok(signedData(profile, { chain: [certificate], key }).equals(signedData(profile, { chain: [certificate], key })))
})

t.test('cms: a certificate of version 1, and one without a name, sign too', async t => {
  for (const { certificate, key } of [issue('old.example.com', { version1: true }), issue('')]) {
    t.same(readSigned(signedData(profile, { chain: [certificate], key })).certificates.length, 1)
  }
})

t.test('cms: content over 64 KiB', async t => {
  const { certificate, key } = issue('mail.example.com')
  const long = Buffer.alloc(100_000, 'x')
  const signed = signedData(long, { chain: [certificate], key })
  t.equal(signed.toString('hex', 0, 2), '3083')
  t.ok(readSigned(signed).content.equals(long))
})
