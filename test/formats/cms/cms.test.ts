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

  t.test(`cms: ${kind}: contains the content byte for byte, with a valid signature`, async t => {
    const read = readSigned(signed)
    t.ok(read.content.equals(profile))
    t.equal(read.signatureAlgorithm, algorithm)
  })

  t.test(`cms: ${kind}: has a definite length`, async t => {
    t.equal(signed.toString('hex', 0, 2), '3082')
    t.equal(signed.readUInt16BE(2), signed.length - 4)
  })

  t.test(`cms: ${kind}: the leaf certificate is first, and its issuers follow`, async t => {
    t.same(
      readSigned(signed).certificates.map(({ subject }) => subject),
      ['CN=mail.example.com', 'CN=Test Intermediate']
    )
  })

  t.test(`cms: ${kind}: has only the two required attributes, in DER order, and no time`, async t => {
    t.same(readSigned(signed).attributeTypes, ['1.2.840.113549.1.9.3', '1.2.840.113549.1.9.4'])
  })

  t.test(`cms: ${kind}: a flipped bit in the content or the signature makes it invalid`, async t => {
    for (const at of [signed.indexOf('<plist>'), signed.indexOf('</plist>'), signed.length - 1]) {
      const turned = Buffer.from(signed)
      turned.writeUInt8(signed.readUInt8(at) ^ 1, at)
      t.throws(() => readSigned(turned))
    }
  })

  t.test(`cms: ${kind}: signs any content`, async () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1000 }), bytes =>
        readSigned(signedData(Buffer.from(bytes), signer)).content.equals(bytes)
      ),
      { numRuns: 20 }
    )
  })
}

t.test('cms: RSA signatures are the same every time', async t => {
  const { certificate, key } = issue('mail.example.com', { key: rsaKey() })
  t.ok(signedData(profile, { chain: [certificate], key }).equals(signedData(profile, { chain: [certificate], key })))
})

t.test('cms: certificates of version 1 and certificates without a name can sign', async t => {
  for (const { certificate, key } of [issue('old.example.com', { version1: true }), issue('')]) {
    t.same(readSigned(signedData(profile, { chain: [certificate], key })).certificates.length, 1)
  }
})

t.test('cms: signs content longer than 64 KiB', async t => {
  const { certificate, key } = issue('mail.example.com')
  const long = Buffer.alloc(100_000, 'x')
  const signed = signedData(long, { chain: [certificate], key })
  t.equal(signed.toString('hex', 0, 2), '3083')
  t.ok(readSigned(signed).content.equals(long))
})
