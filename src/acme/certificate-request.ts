/**
 * A request for a certificate: PKCS #10 (RFC 2986 4), with the names as extension (RFC 2985 5.4.2, RFC 5280 4.2.1.6).
 */
import { createPublicKey, type KeyObject, sign } from 'node:crypto'
import { element, objectIdentifier, tags } from '../formats/cms/der.ts'

const { integer, bits, octets, sequence, set, context0 } = tags

/** GeneralName: dNSName, [2] IA5String. */
const dnsName = 0x82

/**
 * Why without a subject: authorities ignore it (RFC 8555 7.4).
 * @param key EC on P-256: the key of the certificate
 * @param names host names as A-labels
 * @returns DER
 */
export function certificateRequest(key: KeyObject, names: readonly string[]): Buffer {
  const extensions = element(sequence, element(sequence, objectIdentifier('2.5.29.17'), alternativeNames(names)))
  const attribute = element(sequence, objectIdentifier('1.2.840.113549.1.9.14'), element(set, extensions))
  const information = element(
    sequence,
    element(integer, Buffer.from([0])),
    element(sequence),
    createPublicKey(key).export({ type: 'spki', format: 'der' }),
    element(context0, attribute)
  )
  const ecdsaWithSha256 = element(sequence, objectIdentifier('1.2.840.10045.4.3.2'))
  const signature = element(bits, Buffer.from([0]), sign('sha256', information, key))
  return element(sequence, information, ecdsaWithSha256, signature)
}

/** @returns the value of the extension */
function alternativeNames(names: readonly string[]): Buffer {
  return element(octets, element(sequence, ...names.map(name => element(dnsName, Buffer.from(name)))))
}
