/**
 * Every DNS record that a domain should have whose mail programs find their settings here: the hosts that they ask, and
 * what RFC 6186 and 8314 (mail), 6764 (DAV), 8620 (JMAP) and 5804 (Sieve) say.
 */

import type { Resolved } from '../settings/account.ts'
import { toDomain } from '../settings/domain.ts'
import { expand } from '../settings/placeholder.ts'
import {
  logsInByAddress,
  type Provider,
  preferred,
  type Server,
  type ServiceProtocol,
  type SocketProtocol
} from '../settings/provider.ts'
import type { DnsRecord } from './record.ts'

export interface RecordOptions {
  /** The host at which Signpost itself is reached, as A-labels. */
  readonly target: string
  /** Base64 of the SHA-256 of the PACC document; undefined where there is none. */
  readonly paccDigest: string | undefined
}

export function dnsRecords(resolved: Resolved, options: RecordOptions): DnsRecord[] {
  const records = [
    ...hostRecords(resolved, options),
    ...mailRecords(resolved, 'imap', { tls: ['imaps'], starttls: ['imap'] }),
    ...mailRecords(resolved, 'pop3', { tls: ['pop3s'], starttls: ['pop3'] }),
    // Observed: aerc (2026-08) asks for _smtps and not for _submissions.
    ...mailRecords(resolved, 'smtp', { tls: ['submissions', 'smtps'], starttls: ['submission'] }),
    ...sieveRecords(resolved),
    ...jmapRecords(resolved),
    ...davRecords(resolved, 'caldav'),
    ...davRecords(resolved, 'carddav')
  ]
  // Why: a domain may be so long that nothing fits in front of it. Spec: RFC 1035 2.3.4.
  return records.filter(({ name }) => name.length <= 253)
}

function hostRecords({ provider, domain }: Resolved, { target, paccDigest }: RecordOptions): DnsRecord[] {
  const { thunderbird, outlook, 'outlook-json': outlookJson } = provider.dialects
  const hosts = [
    ...(thunderbird ? ['autoconfig'] : []),
    ...(outlook || outlookJson ? ['autodiscover'] : []),
    ...(paccDigest === undefined ? [] : ['ua-auto-config'])
  ]
  const aliases = hosts
    .map(label => ({ name: `${label}.${domain}`, type: 'CNAME', target }) as const)
    // Why: the name that Signpost is reached at has its address already.
    .filter(({ name }) => name !== target)
  const digest = `v=UAAC1; a=sha256; d=${paccDigest}`
  return [
    ...aliases,
    // Spec: draft-ietf-mailmaint-pacc: without the digest of the document it is discarded.
    ...(paccDigest === undefined ? [] : [{ name: `_ua-auto-config.${domain}`, type: 'TXT', text: digest } as const]),
    ...(outlook ? [srv(domain, 'autodiscover', { weight: 0, port: 443, target })] : [])
  ]
}

/**
 * The first server of a protocol, as the documents have it, and then the others that are reached in the same way. Why not
 * those in another way too: FairEmail and aerc prefer STARTTLS whatever the priorities, and would take another server than
 * the documents name.
 */
function mailRecords(
  resolved: Resolved,
  protocol: SocketProtocol,
  services: Readonly<Record<'tls' | 'starttls', readonly string[]>>
): DnsRecord[] {
  const { provider, domain } = resolved
  const first = preferred(provider, protocol)
  if (first === undefined) return [...services.tls, ...services.starttls].map(service => notOffered(domain, service))
  // Why: SRV cannot say that a server has no encryption, nor what a log-in name is. Observed: FairEmail and EmailEngine
  // (2026-08) prefer it to the documents, and then log in with the address.
  if (first.security === 'none' || !logsInByAddress(provider)) return []
  const named = services[first.security].flatMap(service => serverRecords(resolved, service, sameWay(provider, first)))
  // Observed: EmailEngine (2026) takes "." at _imaps for a server without a name, and asks for no _imap then.
  const isTlsOnly = provider.servers.every(server => server.protocol !== protocol || server.security === 'tls')
  return [...named, ...(isTlsOnly ? services.starttls.map(service => notOffered(domain, service)) : [])]
}

function sameWay({ servers }: Provider, { protocol, security }: Server): Server[] {
  return servers.filter(server => server.protocol === protocol && server.security === security)
}

/** Why not "." where there is none, here and below: a table may be about mail alone. */
function sieveRecords(resolved: Resolved): DnsRecord[] {
  const servers = resolved.provider.servers.filter(({ protocol }) => protocol === 'managesieve')
  return serverRecords(resolved, 'sieve', servers)
}

function serverRecords({ domain }: Resolved, service: string, servers: readonly Server[]): DnsRecord[] {
  return servers.flatMap(({ host, port }, priority) => {
    const target = toDomain(expand(host, { '%EMAILDOMAIN%': domain }))
    return target === undefined ? [] : [srv(domain, service, { priority, port, target })]
  })
}

function jmapRecords(resolved: Resolved): DnsRecord[] {
  const place = placeOf(resolved, 'jmap')
  if (place === undefined) return []
  const { port, target } = place
  return [srv(resolved.domain, 'jmap', { port, target })]
}

function davRecords(resolved: Resolved, protocol: 'caldav' | 'carddav'): DnsRecord[] {
  const place = placeOf(resolved, protocol)
  if (place === undefined) return []
  const { port, target, path } = place
  const record = srv(resolved.domain, `${protocol}s`, { port, target })
  // Spec: RFC 6764 4; 3: without the "s" is without encryption, and the table has https alone.
  return [record, { name: record.name, type: 'TXT', text: `path=${path}` }, notOffered(resolved.domain, protocol)]
}

interface Place {
  readonly target: string
  readonly port: number
  readonly path: string
}

/** Where the first service of a protocol is. Why the first alone: the path belongs to the name, and not to the host. */
function placeOf({ provider, domain }: Resolved, protocol: ServiceProtocol): Place | undefined {
  const service = provider.services.find(each => each.protocol === protocol)
  if (service === undefined) return undefined
  const { hostname, port, pathname } = new URL(expand(service.url, { '%EMAILDOMAIN%': domain }))
  // Why: an IP address is no domain, and an SRV record cannot name one.
  const target = toDomain(hostname)
  return target === undefined ? undefined : { target, port: Number(port) || 443, path: pathname }
}

interface SrvData {
  readonly priority?: number
  readonly weight?: number
  readonly port: number
  readonly target: string
}

function srv(domain: string, service: string, data: SrvData): DnsRecord {
  return { name: `_${service}._tcp.${domain}`, type: 'SRV', priority: 0, weight: 1, ...data }
}

/** Spec: RFC 6186 3.4, RFC 2782: the root for a target. */
function notOffered(domain: string, service: string): DnsRecord {
  return srv(domain, service, { weight: 0, port: 0, target: '' })
}
