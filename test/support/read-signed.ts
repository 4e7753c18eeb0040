/**
 * A strict and independent reader that verifies CMS SignedData as Signpost serves it: RFC 5652.
 */
import assert from 'node:assert/strict'
import { createHash, verify, X509Certificate } from 'node:crypto'

export interface ReadSigned {
  readonly content: Buffer
  /** In their order in the document. */
  readonly certificates: readonly X509Certificate[]
  readonly signatureAlgorithm: string
  readonly attributeTypes: readonly string[]
}

/** @throws if it is not a signature, or does not match the content or the first certificate */
export function readSigned(der: Buffer): ReadSigned {
  const [type, wrapped] = read(der, 0x30)
  assert.equal(text(type), '1.2.840.113549.1.7.2')
  const [signed] = parts(wrapped, 0xa0)
  const [version, digests, encapsulated, certificateSet, signers, ...more] = parts(signed, 0x30)
  assert.deepEqual(more, [])
  assert.equal(version?.body.toString('hex'), '01')
  assert.deepEqual(parts(digests, 0x31).map(algorithmOf), [sha256])
  const [contentType, contentHolder] = parts(encapsulated, 0x30)
  assert.equal(text(contentType), data)
  const content = bodyOf(parts(contentHolder, 0xa0)[0], 0x04)
  const certificates = parts(certificateSet, 0xa0).map(({ whole }) => new X509Certificate(whole))
  const [signer, ...others] = parts(signers, 0x31)
  assert.deepEqual(others, [])
  return { content, certificates, ...verifySigner(signer, content, certificates) }
}

const data = '1.2.840.113549.1.7.1'
const sha256 = '2.16.840.1.101.3.4.2.1'

function verifySigner(signer: Part | undefined, content: Buffer, [leaf]: readonly X509Certificate[]) {
  const [version, issuerAndSerial, digest, attributes, algorithm, signature, ...more] = parts(signer, 0x30)
  assert.deepEqual(more, [])
  assert.equal(version?.body.toString('hex'), '01')
  assert.equal(algorithmOf(digest), sha256)
  assert(attributes && leaf)
  const [issuer, serial] = parts(issuerAndSerial, 0x30)
  assert(issuer && leaf.raw.includes(issuer.whole), 'the issuer')
  assert.equal(BigInt(`0x${bodyOf(serial, 0x02).toString('hex')}`), BigInt(`0x${leaf.serialNumber}`))
  const values = new Map(
    parts(attributes, 0xa0).map(attribute => {
      const [type, set] = parts(attribute, 0x30)
      const [value, ...others] = parts(set, 0x31)
      assert.deepEqual(others, [])
      return [text(type), value]
    })
  )
  assert.equal(text(values.get('1.2.840.113549.1.9.3')), data)
  const digested = bodyOf(values.get('1.2.840.113549.1.9.4'), 0x04)
  assert.equal(digested.toString('hex'), createHash('sha256').update(content).digest('hex'), 'the digest')
  const signedBytes = Buffer.concat([Buffer.from([0x31]), attributes.whole.subarray(1)])
  assert(verify('sha256', signedBytes, leaf.publicKey, bodyOf(signature, 0x04)), 'the signature')
  return { signatureAlgorithm: algorithmOf(algorithm), attributeTypes: [...values.keys()] }
}

interface Part {
  readonly tag: number
  readonly body: Buffer
  readonly whole: Buffer
}

/** @throws unless it contains exactly one element */
function read(der: Buffer, tag: number): Part[] {
  const [only, ...more] = split(der)
  assert.deepEqual(more, [])
  return parts(only, tag)
}

function parts(part: Part | undefined, tag: number): Part[] {
  return split(bodyOf(part, tag))
}

function bodyOf(part: Part | undefined, tag: number): Buffer {
  assert.equal(part?.tag, tag)
  return part.body
}

function split(bytes: Buffer): Part[] {
  if (bytes.length === 0) return []
  const [tag = 0, first = 0] = bytes
  const octets = first & 0x80 ? first & 0x7f : 0
  assert.notEqual(first, 0x80, 'a definite length')
  const length = octets === 0 ? first : Number.parseInt(bytes.subarray(2, 2 + octets).toString('hex'), 16)
  assert(octets === 0 || length >= (octets === 1 ? 0x80 : 256 ** (octets - 1)), 'the shortest length')
  const end = 2 + octets + length
  assert(end <= bytes.length)
  return [{ tag, body: bytes.subarray(2 + octets, end), whole: bytes.subarray(0, end) }, ...split(bytes.subarray(end))]
}

function algorithmOf(part: Part | undefined): string {
  return text(parts(part, 0x30)[0])
}

/** @returns an object identifier in dotted notation */
function text(part: Part | undefined): string {
  const [first = 0, ...rest] = bodyOf(part, 0x06)
  const arcs = [Math.floor(first / 40), first % 40]
  let arc = 0
  for (const octet of rest) {
    arc = arc * 128 + (octet & 0x7f)
    if (octet < 0x80) {
      arcs.push(arc)
      arc = 0
    }
  }
  return arcs.join('.')
}
