/**
 * The certificate that Signpost orders itself (ACME). This is the only rule that needs the files of the service, and not the network.
 */
import type { Finding } from '../finding.ts'

/** Why the certificate of a domain is missing or incomplete, or why that cannot be known. */
export type OrderProblem =
  | {
      readonly problem: string
      /** When it is ordered again, in milliseconds since 1970. */
      readonly nextAttemptAt: number
      /** Whether there is a certificate that is still valid. */
      readonly hasCertificate: boolean
    }
  | { readonly unreadable: string }

/** Why: an attempt takes minutes, and a due one waits for others. */
const lateMs = 60 * 60 * 1000

/** @param now milliseconds since 1970 */
export function orderFinding(domain: string, state: OrderProblem, now: number): Finding {
  if ('unreadable' in state) {
    return {
      rule: 'certificate.order-unknown',
      severity: 'info',
      subject: domain,
      message: `What Signpost knows of its certificate is unknown: ${sentence(state.unreadable)}`,
      remedy: 'Run the command as the user of the service.',
      clients: []
    }
  }
  const { problem, nextAttemptAt, hasCertificate } = state
  const time = new Date(nextAttemptAt).toISOString()
  const next =
    now - nextAttemptAt > lateMs
      ? `The next attempt was due at ${time}: is the service running?`
      : `The next attempt is at ${time}.`
  return {
    rule: 'certificate.order',
    severity: hasCertificate ? 'warning' : 'error',
    subject: domain,
    message: `The certificate that Signpost orders is missing or incomplete: ${sentence(problem)}`,
    remedy: `Fix the cause. ${next}`,
    clients: []
  }
}

function sentence(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`
}
