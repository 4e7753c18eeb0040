/**
 * Answers to challenges over TLS, as files with a certificate and its key: any process of any node that shares the folder can give
 * them.
 */
import { hash } from 'node:crypto'
import { join } from 'node:path'
import { createChallengeCertificate } from '../../acme/challenge-certificate.ts'
import type { Solver } from '../../acme/order.ts'
import type { Certificate, TlsSettings } from '../../keys/certificates.ts'
import { toDomain } from '../../settings/question/domain.ts'
import { type CertificateStorage, readExisting, StorageFault } from './certificate-storage.ts'
import { readStoredCertificate, writeCertificate } from './stored-certificate.ts'

/** Why not the folder of the other challenges: their files are sent to anyone who knows their names, and these contain keys. */
export const tlsChallengeFolder = 'tls-challenges'

export function createTlsChallengeFiles(storage: CertificateStorage): Solver {
  return {
    type: 'tls-alpn-01',
    async present(challenge) {
      const file = fileOf(challenge.name)
      await storage.write(file, writeCertificate(await createChallengeCertificate(challenge)))
      return async () => {
        // Why ignored: the result of the order is known already.
        await storage.remove(file).catch(() => undefined)
      }
    }
  }
}

/**
 * Never rejects.
 * @param asked as a client sent it
 * @returns the certificate of the challenge; undefined if there is no challenge for the name
 */
export async function readTlsChallenge(
  storage: Pick<CertificateStorage, 'read'>,
  asked: string,
  minVersion?: TlsSettings['minVersion'] | undefined
): Promise<Certificate | undefined> {
  const name = toDomain(asked)
  const text = name === undefined ? undefined : await storage.read(fileOf(name)).catch(() => undefined)
  return text === undefined ? undefined : readStoredCertificate(text, minVersion)
}

/** @param name as A-labels, of a challenge that is presented. @returns its certificate. @throws StorageFault */
export async function storedTlsChallenge(storage: CertificateStorage, name: string): Promise<Certificate> {
  const file = fileOf(name)
  const certificate = readStoredCertificate(await readExisting(storage, file), undefined)
  if (certificate !== undefined) return certificate
  throw new StorageFault(`cannot read ${join(storage.folder, file)}: it is damaged`)
}

/** Why a digest: the name of a file has fewer bytes than a domain may have, and a client must not lead to another folder. */
function fileOf(name: string): string {
  return `${tlsChallengeFolder}/${hash('sha256', name)}.pem`
}
