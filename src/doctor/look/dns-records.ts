/**
 * The DNS records of a domain that mail programs and certificate authorities look up. SRV names follow RFC 6186 and RFC 8314
 * (mail), RFC 5804 (Sieve), RFC 6764 (calendars and contacts) and RFC 8620 (JMAP).
 */
import { srvHost } from '../../clients/dns/srv.ts'
import type { DnsAnswer, RecordType, Resolver } from '../../network/resolver.ts'
import type { Security } from '../../settings/schema.ts'

/** Labels of the hosts that mail programs contact below a domain. */
export const discoveryHosts = ['autoconfig', 'autodiscover', 'ua-auto-config'] as const

const addressTypes = ['CNAME', 'A', 'AAAA'] as const

/** @returns the answers in the order of the report */
export async function lookUp(domain: string, resolver: Resolver): Promise<DnsAnswer[]> {
  const ask = (name: string, types: readonly RecordType[]) => types.map(type => resolver.look<RecordType>(type, name))
  const services = [...mailServices.map(({ service }) => service), ...webServices, 'autodiscover']
  const named = await Promise.all([
    ...ask(domain, ['A', 'AAAA', 'MX', 'TXT', 'CAA']),
    ...discoveryHosts.flatMap(host => ask(`${host}.${domain}`, addressTypes)),
    ...services.flatMap(service => ask(srvName(service, domain), ['SRV'])),
    ...ask(`_ua-auto-config.${domain}`, ['TXT']),
    ...['caldavs', 'carddavs'].flatMap(service => ask(srvName(service, domain), ['TXT']))
  ])
  const known = new Set(named.map(({ name }) => name))
  const targets = new Set(named.flatMap(targetsOf).filter(name => name !== '' && !known.has(name)))
  const further = await Promise.all([...targets].slice(0, mostTargets).flatMap(name => ask(name, addressTypes)))
  return [...named, ...further]
}

/** Why limited: names in foreign records are looked up, and there may be any number. */
const mostTargets = 20

function targetsOf(answer: DnsAnswer): string[] {
  if (answer.type === 'MX')
    return (answer as DnsAnswer<'MX'>).records.map(({ exchange }) => exchange.replace(/\.$/, ''))
  return answer.type === 'SRV' ? (answer as DnsAnswer<'SRV'>).records.map(srvHost) : []
}

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
  // Observed: aerc (2026-08) looks it up.
  { service: 'smtps', protocol: 'smtp', security: 'tls' },
  { service: 'submission', protocol: 'smtp', security: 'starttls' },
  { service: 'sieve', protocol: 'managesieve', security: 'starttls' }
]

export const webServices = ['caldavs', 'carddavs', 'jmap'] as const

export function srvName(service: string, domain: string): string {
  return `_${service}._tcp.${domain}`
}
