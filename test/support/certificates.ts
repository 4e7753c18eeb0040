/**
 * Certificates and keys for tests, created at run time: RFC 5280 4.1. Why: those in files would expire.
 */
import { createPublicKey, generateKeyPairSync, type KeyObject, sign, X509Certificate } from 'node:crypto'
import { element, objectIdentifier, tags } from '../../src/formats/cms/der.ts'

export interface Issued {
  readonly certificate: X509Certificate
  readonly key: KeyObject
  /** The certificate as PEM. */
  readonly pem: string
  readonly keyPem: string
}

export interface IssueOptions {
  /** Issuer. Default: self-signed. */
  readonly issuer?: Issued
  /** Default: EC on P-256. */
  readonly key?: KeyObject
  /** Default: that of `key`. */
  readonly publicKey?: KeyObject
  /** Contents of the serial number. Default: another one for each. */
  readonly serial?: Buffer
  /** Contents of a key identifier of the issuer, which is an extension of the certificate. */
  readonly authorityKey?: Buffer
  /** Days from now. Default: yesterday. */
  readonly from?: number
  /** Days from now. Default: 30. */
  readonly until?: number
  /** Whether it is a certificate authority. */
  readonly ca?: boolean
  readonly hosts?: readonly string[]
  /** Version 1 has no extensions and no version field. */
  readonly version1?: boolean
}

const { sequence, set, integer, context0 } = tags
const boolean = 0x01
const bitString = 0x03
const utf8String = 0x0c
const generalizedTime = 0x18
const context3 = 0xa3

export const ecKey = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey
export const rsaKey = (modulusLength = 2048) => generateKeyPairSync('rsa', { modulusLength }).privateKey

const day = 24 * 60 * 60 * 1000
let serials = 0

/** @param name the common name; empty for a certificate without any */
export function issue(name: string, options: IssueOptions = {}): Issued {
  const {
    issuer,
    key = ecKey(),
    from = -1,
    until = 30,
    ca = false,
    hosts = [],
    version1 = false,
    publicKey,
    authorityKey,
    serial
  } = options
  const issuerKey = issuer?.key ?? key
  const algorithm = algorithmOf(issuerKey)
  const body = element(
    sequence,
    ...(version1 ? [] : [element(context0, element(integer, Buffer.from([2])))]),
    element(integer, serial ?? Buffer.from([1, serials++])),
    algorithm,
    issuer === undefined ? nameOf(name) : subjectOf(issuer),
    element(sequence, time(from), time(until)),
    nameOf(name),
    (publicKey ?? createPublicKey(key)).export({ type: 'spki', format: 'der' }),
    ...(version1
      ? []
      : [
          element(
            context3,
            element(
              sequence,
              basicConstraints(ca),
              ...(hosts.length > 0 ? [alternativeNames(hosts)] : []),
              ...(authorityKey ? [authorityKeyIdentifier(authorityKey)] : [])
            )
          )
        ])
  )
  const signature = element(bitString, Buffer.from([0]), sign('sha256', body, issuerKey))
  const certificate = new X509Certificate(element(sequence, body, algorithm, signature))
  return {
    certificate,
    key,
    pem: certificate.toString(),
    keyPem: pemOf(key)
  }
}

/** @returns a leaf certificate with an intermediate and a root authority */
export function issueChain(name: string, options: Omit<IssueOptions, 'issuer' | 'ca'> = {}) {
  const root = issue('Test Root', { ca: true })
  const intermediate = issue('Test Intermediate', { issuer: root, ca: true })
  return { root, intermediate, leaf: issue(name, { ...options, issuer: intermediate }) }
}

function nameOf(commonName: string): Buffer {
  if (commonName === '') return element(sequence)
  const attribute = [objectIdentifier('2.5.4.3'), element(utf8String, Buffer.from(commonName))]
  return element(sequence, element(set, element(sequence, ...attribute)))
}

function subjectOf({ certificate }: Issued): Buffer {
  return nameOf(/^CN=(.*)$/m.exec(certificate.subject)?.[1] ?? '')
}

function time(days: number): Buffer {
  const digits = new Date(Date.now() + days * day).toISOString().replace(/\.\d+|\D/g, '')
  return element(generalizedTime, Buffer.from(`${digits.slice(0, 14)}Z`))
}

function algorithmOf({ asymmetricKeyType }: KeyObject): Buffer {
  if (asymmetricKeyType === 'ec') return element(sequence, objectIdentifier('1.2.840.10045.4.3.2'))
  return element(sequence, objectIdentifier('1.2.840.113549.1.1.11'), element(tags.null))
}

function basicConstraints(ca: boolean): Buffer {
  const value = element(sequence, ...(ca ? [element(boolean, Buffer.from([0xff]))] : []))
  return element(sequence, objectIdentifier('2.5.29.19'), element(tags.octets, value))
}

function authorityKeyIdentifier(id: Buffer): Buffer {
  const keyIdentifier = 0x80
  const value = element(sequence, element(keyIdentifier, id))
  return element(sequence, objectIdentifier('2.5.29.35'), element(tags.octets, value))
}

function alternativeNames(hosts: readonly string[]): Buffer {
  const dnsName = 0x82
  const value = element(sequence, ...hosts.map(host => element(dnsName, Buffer.from(host))))
  return element(sequence, objectIdentifier('2.5.29.17'), element(tags.octets, value))
}

export function pemOf(key: KeyObject): string {
  return String(key.export({ type: 'pkcs8', format: 'pem' }))
}
