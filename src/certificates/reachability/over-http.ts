/**
 * Whether a name leads to this service over http: a random text is fetched through it, as the certificate authority fetches the answer to a
 * challenge.
 */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ChallengeType } from '../../acme/order.ts'
import type { Exchanger } from '../../network/http-exchange.ts'
import { challengePath } from '../../settings/check/tls.ts'
import type { AcmeSession } from '../authority.ts'
import type { CertificateStorage } from '../storage/certificate-storage.ts'
import { createChallengeFiles, storedChallenge } from '../storage/challenge-files.ts'

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
  readonly handshakeMs?: number | undefined
  /** The pause before a check is repeated because this service is busy. */
  readonly repeatMs?: number
}

/** @throws StorageFault */
export async function openHttpCheck(options: ReachCheckOptions): Promise<ReachCheck> {
  const { storage, session, repeatMs = usualRepeatMs } = options
  const token = randomBytes(24).toString('base64url')
  const keyAuthorization = randomBytes(24).toString('base64url')
  const exchange = session.ownExchange
  const end = await createChallengeFiles(storage).present({ name: '', token, keyAuthorization })
  return {
    type: 'http-01',
    port: 80,
    async find(name) {
      const url = `http://${name}${challengePath}${token}`
      const problem = await fetchText(url, keyAuthorization, { exchange, repeatMs })
      // Why: if this service cannot read its own answer, it sends the same response as another server.
      if (problem !== undefined) await storedChallenge(storage, token)
      return problem
    },
    end
  }
}

const usualRepeatMs = 1000

/** Why: a service refuses requests while it is busy, as it often is for some seconds after its start. */
const mostRepeats = 5

interface FetchTextOptions {
  readonly exchange: Exchanger
  readonly repeatMs: number
}

async function fetchText(
  url: string,
  expected: string,
  { exchange, repeatMs }: FetchTextOptions
): Promise<string | undefined> {
  let refused = 0
  for (let repeats = 0; repeats <= mostRepeats; repeats++) {
    if (repeats > 0) await sleep(repeatMs)
    const { response, fault } = await exchange({ method: 'GET', url, headers: { 'user-agent': 'signpost' } })
    if (fault !== undefined) return fault.message
    const { status, body } = response
    if (status === 200 && body === expected) return undefined
    if (!body.includes('[AC_OVERLOADED]')) return `another server answers (status ${status})`
    refused = status
  }
  return `this service is overloaded (status ${refused})`
}
