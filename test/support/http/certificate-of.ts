/**
 * A certificate in the form that the listener uses.
 */
import type { Test } from 'tap'
import { type Certificate, readCertificate } from '../../../src/keys/certificates.ts'
import type { Issued } from '../certificates.ts'

export function certificateOf(t: Test, { pem, keyPem }: Issued): Certificate {
  const folder = t.testdir({ 'a.pem': pem, 'a.key': keyPem })
  const options = { folder, now: Date.now(), index: 0, minVersion: undefined }
  const { certificate } = readCertificate({ certificate: 'a.pem', key: 'a.key' }, options)
  if (certificate === undefined) throw new Error('the key does not match the certificate')
  return certificate
}
