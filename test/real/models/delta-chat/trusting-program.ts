// A copy of Delta Chat's core that trusts the certificate authority of a test.

import { X509Certificate } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { rootCertificates } from 'node:tls'
import { getRPCServerPath } from '@deltachat/stdio-rpc-server'

/** An authority that Delta Chat trusts has this name: a root with a key on P-256, as `CertificateAuthority` makes them. */
export const TRUSTED_NAME = ['C=US', 'O=Amazon', 'CN=Amazon Root CA 3']

/**
 * Observed: Delta Chat core 2.57: it trusts only roots that are built in, as name and public key.
 * @param root path of the certificate of an authority with the trusted name, PEM
 * @param copy path of the program with the key of that authority instead of the key that is built in
 */
export async function writeTrustingProgram(root: string, copy: string): Promise<void> {
  const builtIn = rootCertificates
    .map(pem => new X509Certificate(pem))
    .find(({ subject }) => subject === TRUSTED_NAME.join('\n'))
  const program = await readFile(getRPCServerPath({ disableEnvPath: true }))
  const position = builtIn === undefined ? -1 : program.indexOf(pointOf(builtIn))
  if (position === -1) throw new Error(`Delta Chat's core does not contain the key of ${TRUSTED_NAME.join()}`)
  pointOf(new X509Certificate(await readFile(root))).copy(program, position)
  await writeFile(copy, program, { mode: 0o755 })
}

/** @returns both coordinates of a public key on P-256 (RFC 5480 2.2) */
function pointOf({ publicKey }: X509Certificate): Buffer {
  return publicKey.export({ type: 'spki', format: 'der' }).subarray(-64)
}
