/**
 * The SRV names of a domain's servers: RFC 6186, RFC 8314 (mail), RFC 5804 (Sieve), RFC 6764 (calendars and contacts),
 * RFC 8620 (JMAP).
 */
import type { Security } from '../../settings/schema.ts'

export interface MailService {
  readonly service: string
  readonly protocol: 'imap' | 'pop3' | 'smtp' | 'managesieve'
  readonly security: Security
}

export const mailServices: readonly MailService[] = [
  { service: 'imaps', protocol: 'imap', security: 'tls' },
  { service: 'imap', protocol: 'imap', security: 'starttls' },
  { service: 'pop3s', protocol: 'pop3', security: 'tls' },
  { service: 'pop3', protocol: 'pop3', security: 'starttls' },
  { service: 'submissions', protocol: 'smtp', security: 'tls' },
  // Observed: aerc (2026-08) asks for it.
  { service: 'smtps', protocol: 'smtp', security: 'tls' },
  { service: 'submission', protocol: 'smtp', security: 'starttls' },
  { service: 'sieve', protocol: 'managesieve', security: 'starttls' }
]

export const webServices = ['caldavs', 'carddavs', 'jmap'] as const

export function srvName(service: string, domain: string): string {
  return `_${service}._tcp.${domain}`
}
