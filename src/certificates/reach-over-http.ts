/**
 * Whether a name leads to this service over http: a random text is fetched through it, as the certificate authority fetches the answer to a
 * challenge.
 */
import { randomBytes } from 'node:crypto'
import type { ChallengeType } from '../acme/order.ts'
import type { Exchanger } from '../network/http-exchange.ts'
import type { AcmeSession } from './authority.ts'
import type { CertificateStorage } from './storage/certificate-storage.ts'
import { createChallengeFiles } from './storage/challenge-files.ts'

/** One way through a name to this service. */
export interface ReachCheck {
  /** The challenge that uses the same way. */
  readonly type: ChallengeType
  readonly port: 80 | 443
  /** @returns why the name does not lead to this service; undefined if it does. @throws StorageFault */
  find(name: string): Promise<string | undefined>
  /** After this, nothing is found any longer. */
  end(): Promise<void>
}

export interface ReachCheckOptions {
  readonly storage: CertificateStorage
  readonly session: Pick<AcmeSession, 'ownConnect' | 'ownExchange'>
  /** How long a handshake may take. */
  readonly handshakeMs?: number
}

const challengePath = '/.well-known/acme-challenge/'

/** @throws StorageFault */
export async function openHttpCheck({ storage, session }: ReachCheckOptions): Promise<ReachCheck> {
  const token = randomBytes(24).toString('base64url')
  const keyAuthorization = randomBytes(24).toString('base64url')
  const end = await createChallengeFiles(storage).present({ name: '', token, keyAuthorization })
  return {
    type: 'http-01',
    port: 80,
    find: name => fetchText(`http://${name}${challengePath}${token}`, keyAuthorization, session.ownExchange),
    end
  }
}

async function fetchText(url: string, expected: string, exchange: Exchanger): Promise<string | undefined> {
  const { response, fault } = await exchange({ method: 'GET', url, headers: { 'user-agent': 'signpost' } })
  if (fault !== undefined) return fault.message
  if (response.status === 200 && response.body === expected) return undefined
  return `another server answers (status ${response.status})`
}
