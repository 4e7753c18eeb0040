/**
 * When the certificate of a group is renewed: by its lifetime, or as the authority suggests (RFC 9773).
 */
import { askRenewalWindow, renewalId } from '../acme/renewal-information.ts'
import type { Certificate } from '../keys/certificates.ts'
import type { AcmeSession } from './authority.ts'
import { nextRenewalQuestion, renewalTime } from './pace/plan.ts'

export interface RenewalPlan {
  /** Milliseconds since 1970. */
  readonly renewAt: number
  /** When the authority must be asked again, or the renewal is due, in milliseconds since 1970. */
  readonly nextAt: number
  /** How an order names the certificate that it replaces; undefined if the authority makes no suggestions. */
  readonly id: string | undefined
  /** Whether the authority could be asked. */
  readonly isAnswered: boolean
}

/** Never rejects: without a suggestion, the lifetime decides. @param key of the group. @param options.now milliseconds since 1970 */
export async function planRenewal(
  key: string,
  certificate: Certificate,
  {
    session: { client, exchange },
    now
  }: { readonly session: Pick<AcmeSession, 'client' | 'exchange'>; readonly now: number }
): Promise<RenewalPlan> {
  const id = renewalId(certificate.chain[0])
  const resource = await client.renewalInfo().catch((error: Error) => error)
  const isAnswered = !(resource instanceof Error)
  if (id === undefined || resource === undefined) {
    const renewAt = renewalTime(certificate, key)
    return { renewAt, nextAt: renewAt, id: undefined, isAnswered }
  }
  const window = isAnswered ? await askRenewalWindow(resource, id, { exchange, now }) : undefined
  const renewAt = renewalTime(certificate, key, window)
  return { renewAt, nextAt: Math.min(renewAt, nextRenewalQuestion(window?.retryAfterMs, now)), id, isAnswered }
}
