/**
 * Writes CMS SignedData with embedded content: RFC 5652, with SHA-256 and RSA or ECDSA as in RFC 5754.
 *
 * Why: this needs one structure and two kinds of signatures, and node:crypto and concatenation are enough. pkijs 4.0.0 took
 * twice (RSA) to twenty times (P-256) as long when warm and 60 ms the first time, and made each request wait for promises.
 */
import { hash, type KeyObject, sign, type X509Certificate } from 'node:crypto'
import { element, elementsOf, objectIdentifier, tags } from './der.ts'

export interface CmsSigner {
  /** The certificate of the key, followed by those of its issuers. */
  readonly chain: readonly [X509Certificate, ...X509Certificate[]]
  /** RSA, or EC on P-256. */
  readonly key: KeyObject
}

const { integer, octets, sequence, set, context0 } = tags

const version1 = element(integer, Buffer.from([1]))
const data = objectIdentifier('1.2.840.113549.1.7.1')
const signedDataType = objectIdentifier('1.2.840.113549.1.7.2')
const contentTypeAttribute = element(sequence, objectIdentifier('1.2.840.113549.1.9.3'), element(set, data))
const messageDigest = objectIdentifier('1.2.840.113549.1.9.4')
// Spec: RFC 5754 2: the parameters are omitted.
const sha256 = element(sequence, objectIdentifier('2.16.840.1.101.3.4.2.1'))
// Spec: RFC 5754 3.2: all implementations must accept rsaEncryption with NULL.
const rsaEncryption = element(sequence, objectIdentifier('1.2.840.113549.1.1.1'), element(tags.null))
const ecdsaWithSha256 = element(sequence, objectIdentifier('1.2.840.10045.4.3.2'))

/** @returns DER without a signing time; with RSA, the same input always results in the same bytes */
export function signedData(content: Buffer, signer: CmsSigner): Buffer {
  return element(
    sequence,
    signedDataType,
    element(
      context0,
      element(
        sequence,
        version1,
        element(set, sha256),
        element(sequence, data, element(context0, element(octets, content))),
        // Why: certificates are not sorted like a SET in DER, because RFC 5652 requires that only for attributes, and some
        // readers expect the first one to be the signer's.
        element(context0, ...signer.chain.map(({ raw }) => raw)),
        element(set, signerInfo(content, signer))
      )
    )
  )
}

function signerInfo(content: Buffer, { chain: [leaf], key }: CmsSigner): Buffer {
  const digest = element(octets, hash('sha256', content, 'buffer'))
  // Spec: RFC 5652 5.3: attributes are in DER and therefore sorted, the shorter one first.
  const attributes = [contentTypeAttribute, element(sequence, messageDigest, element(set, digest))]
  return element(
    sequence,
    version1,
    issuerAndSerialNumber(leaf),
    sha256,
    element(context0, ...attributes),
    key.asymmetricKeyType === 'ec' ? ecdsaWithSha256 : rsaEncryption,
    // Spec: RFC 5652 5.4: attributes are signed with the tag SET, but written with the tag [0].
    element(octets, sign('sha256', element(set, ...attributes), key))
  )
}

/** Spec: RFC 5280 4.1: tbsCertificate starts with version [0] (except in version 1), serial number, signature, issuer. */
function issuerAndSerialNumber({ raw }: X509Certificate): Buffer {
  const [body = raw] = elementsOf(raw)
  const [serialNumber = raw, , issuer = raw] = elementsOf(body).filter(field => field[0] !== context0)
  return element(sequence, issuer, serialNumber)
}
