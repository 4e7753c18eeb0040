/**
 * Rules about certificates of the hosts that mail programs contact. Programs silently ignore a host with an invalid one.
 */
import type { CertificateFault, TlsDetails } from '../../network/tls-details.ts'
import type { Finding } from '../finding.ts'
import { dateOf } from '../finding.ts'
import { affectedByHost } from './affected.ts'
import type { Evidence } from './evidence.ts'

/** Days. Why: automatic renewal happens thirty days before expiry. */
const soon = 14
const day = 24 * 60 * 60 * 1000

/** @returns at most one finding for each host */
export function certificateRules({ visits, programs, now }: Evidence): Finding[] {
  const seen = new Map<string, TlsDetails>()
  for (const { request, tls } of visits.flatMap(({ first, redirects }) => [first, ...redirects])) {
    if (tls !== undefined) seen.set(new URL(request.url).origin, tls)
  }
  return [...seen].flatMap(([origin, tls]): Finding[] => {
    const host = new URL(origin).hostname
    if (tls.fault !== undefined) {
      const clients = affectedByHost(programs, host, 'https')
      return [{ ...describe[tls.fault](tls, host), severity: 'error', subject: origin, clients }]
    }
    const left = Math.floor((tls.validTo - now) / day)
    if (left >= soon) return []
    return [
      {
        rule: 'certificate.expires-soon',
        severity: 'warning',
        subject: origin,
        message: `The certificate expires in ${left} days, on ${dateOf(tls.validTo)}.`,
        remedy: 'Renew it, and check that automatic renewal works.',
        clients: []
      }
    ]
  })
}

type Text = Pick<Finding, 'rule' | 'message' | 'remedy'>

const describe: Readonly<Record<CertificateFault, (tls: TlsDetails, host: string) => Text>> = {
  expired: ({ validTo }) => ({
    rule: 'certificate.expired',
    message: `The certificate expired on ${dateOf(validTo)}.`,
    remedy: 'Renew it, and reload the web server.'
  }),
  'not-yet-valid': ({ validFrom }) => ({
    rule: 'certificate.not-yet-valid',
    message: `The certificate is not valid before ${dateOf(validFrom)}.`,
    remedy: 'Check the clock of the machine that issued it, or wait.'
  }),
  name: (tls, host) => ({
    rule: 'certificate.name',
    message: `The certificate is for ${namesOf(tls)}, not for ${host}.`,
    remedy: `Get a certificate that includes ${host}.`
  }),
  'self-signed': () => ({
    rule: 'certificate.self-signed',
    message: 'The certificate is self-signed.',
    remedy: "Get one from a certificate authority that mail programs trust, such as Let's Encrypt."
  }),
  incomplete: ({ issuer }) => ({
    rule: 'certificate.incomplete',
    message: `The server does not send the certificate of the issuer, ${issuer}.`,
    remedy: 'Configure the server to send the whole chain with intermediates (fullchain.pem).'
  }),
  untrusted: ({ issuer }) => ({
    rule: 'certificate.untrusted',
    message: `The issuer of the certificate, ${issuer}, is not trusted.`,
    remedy:
      'Get one from a certificate authority that mail programs trust. For a private authority, use signpost doctor --ca.'
  })
}

const mostNames = 3

function namesOf({ names, subject }: TlsDetails): string {
  if (names.length === 0) return subject || 'no name'
  const further = names.length - mostNames
  return `${names.slice(0, mostNames).join(', ')}${further > 0 ? ` and ${further} more` : ''}`
}
