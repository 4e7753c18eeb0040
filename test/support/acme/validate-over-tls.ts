/**
 * How a certificate authority checks a challenge over TLS: RFC 8737 3.
 */
import { hash, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { type ConnectionOptions, connect } from 'node:tls'
import { contentsOf, elementsOf, objectIdentifier } from '../../../src/formats/cms/der.ts'

/**
 * @param options.port on this machine
 * @returns the certificate, after the server has negotiated the protocol and closed the connection
 */
export async function fetchChallengeCertificate(
  servername: string,
  options: Pick<ConnectionOptions, 'port' | 'socket' | 'minVersion' | 'maxVersion'>
): Promise<X509Certificate> {
  const offer = { host: '127.0.0.1', servername, ALPNProtocols: ['acme-tls/1'], rejectUnauthorized: false, ...options }
  const socket = connect(offer)
  try {
    let received = 0
    socket.on('data', ({ length }) => {
      received += length
    })
    // Why ignored: `once` reports errors of the handshake, and afterwards both sides close the connection at the same time.
    socket.on('error', () => undefined)
    const closed = new Promise(resolve => socket.once('close', resolve))
    await once(socket, 'secureConnect')
    if (socket.alpnProtocol !== 'acme-tls/1') throw new Error(`negotiated ${socket.alpnProtocol}`)
    const { raw } = socket.getPeerCertificate()
    await closed
    if (received > 0) throw new Error(`received ${received} bytes`)
    return new X509Certificate(raw)
  } finally {
    socket.destroy()
  }
}

/** @returns whether the certificate proves the name */
export function isProof(certificate: X509Certificate, name: string, keyAuthorization: string): boolean {
  const isSelfSigned = certificate.issuer === certificate.subject && certificate.verify(certificate.publicKey)
  const [tbs = Buffer.alloc(0)] = elementsOf(certificate.raw)
  const extensions = elementsOf(tbs).at(-1) ?? Buffer.alloc(0)
  const [list = Buffer.alloc(0)] = elementsOf(extensions)
  const [, isCritical, value] = elementsOf(list)
    .map(elementsOf)
    .find(([id]) => id?.equals(objectIdentifier('1.3.6.1.5.5.7.1.31'))) ?? [undefined, undefined, undefined]
  if (!isSelfSigned || certificate.subjectAltName !== `DNS:${name}`) return false
  if (isCritical === undefined || value === undefined || !isCritical.equals(Buffer.from('0101ff', 'hex'))) return false
  return contentsOf(contentsOf(value)).equals(hash('sha256', keyAuthorization, 'buffer'))
}
