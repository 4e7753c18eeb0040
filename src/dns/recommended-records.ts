/**
 * The DNS records that a domain should have so that mail programs find their settings here: the hosts that they contact, and
 * the records of RFC 6186 and 8314 (mail), 6764 (DAV), 8620 (JMAP) and 5804 (Sieve).
 */

import { withoutPerson } from '../settings/fill-provider.ts'
import { logsInByAddress } from '../settings/names/login-name.ts'
import { expand } from '../settings/names/placeholder.ts'
import {
  type Provider,
  preferred,
  type Server,
  type ServiceProtocol,
  type SocketProtocol
} from '../settings/provider.ts'
import type { Resolved } from '../settings/question/account.ts'
import { toDomain } from '../settings/question/domain.ts'
import type { DnsRecord } from './record.ts'

export interface RecordOptions {
  /** Host name of this service, as A-labels. */
  readonly target: string
  /** Base64 of the SHA-256 of the PACC document; undefined if there is no document. */
  readonly paccDigest: string | undefined
}

export function recommendedRecords(resolved: Resolved, options: RecordOptions): DnsRecord[] {
  const records = [
    ...hostRecords(resolved, options),
    ...mailRecords(resolved, 'imap', { tls: ['imaps'], starttls: ['imap'] }),
    ...mailRecords(resolved, 'pop3', { tls: ['pop3s'], starttls: ['pop3'] }),
    // Observed: aerc (2026-08) looks up _smtps instead of _submissions.
    ...mailRecords(resolved, 'smtp', { tls: ['submissions', 'smtps'], starttls: ['submission'] }),
    ...sieveRecords(resolved),
    ...jmapRecords(resolved),
    ...davRecords(resolved, 'caldav'),
    ...davRecords(resolved, 'carddav')
  ]
  // Spec: RFC 1035 2.3.4 limits names to 253 characters, and some domains are too long for a prefix.
  return records.filter(({ name }) => name.length <= 253)
}

function hostRecords({ provider, domain }: Resolved, { target, paccDigest }: RecordOptions): DnsRecord[] {
  const { thunderbird, outlook, 'outlook-json': outlookJson } = provider.dialects
  const hosts = [
    ...(thunderbird ? ['autoconfig'] : []),
    ...(outlook || outlookJson ? ['autodiscover'] : []),
    ...(paccDigest === undefined ? [] : ['ua-auto-config'])
  ]
  const exchangeUrl = provider.exchangeUrl && expand(provider.exchangeUrl, { '%EMAILDOMAIN%': domain })
  const exchangeHost = exchangeUrl && new URL(exchangeUrl).hostname
  const aliases = hosts
    .map(label => ({ name: `${label}.${domain}`, type: 'CNAME', target }) as const)
    // Why: the name of this service already has an address, and an Exchange server that is redirected to keeps its name.
    .filter(({ name }) => name !== target && name !== exchangeHost)
  const digest = `v=UAAC1; a=sha256; d=${paccDigest}`
  return [
    ...aliases,
    // Spec: draft-ietf-mailmaint-pacc: clients ignore a document without a digest in the DNS.
    ...(paccDigest === undefined ? [] : [{ name: `_ua-auto-config.${domain}`, type: 'TXT', text: digest } as const]),
    ...(outlook ? [srv(domain, 'autodiscover', { weight: 0, port: 443, target })] : [])
  ]
}

/**
 * The first server of a protocol, like in the documents, followed by the others with the same security.
 *
 * Why: servers with different security are omitted, because FairEmail and aerc prefer STARTTLS regardless of priorities and
 * would use a different server than in the documents.
 */
function mailRecords(
  resolved: Resolved,
  protocol: SocketProtocol,
  services: Readonly<Record<'tls' | 'starttls', readonly string[]>>
): DnsRecord[] {
  const { provider, domain } = resolved
  const first = preferred(provider, protocol)
  if (first === undefined) return [...services.tls, ...services.starttls].map(service => notAvailable(domain, service))
  // Why: SRV records cannot express plaintext servers or login names. Observed: FairEmail and EmailEngine (2026-08) prefer
  // them to the documents and then log in with the address.
  if (first.security === 'none' || !logsInByAddress(provider)) return []
  const named = services[first.security].flatMap(service =>
    serverRecords(resolved, service, sameSecurity(provider, first))
  )
  // Observed: EmailEngine (2026) reads "." at _imaps as a server with an empty name and then does not look up _imap.
  const isTlsOnly = provider.servers.every(server => server.protocol !== protocol || server.security === 'tls')
  return [...named, ...(isTlsOnly ? services.starttls.map(service => notAvailable(domain, service)) : [])]
}

function sameSecurity({ servers }: Provider, { protocol, security }: Server): Server[] {
  return servers.filter(server => server.protocol === protocol && server.security === security)
}

/** Why: unlike for mail, missing services are not marked as unavailable ("."), because a table may cover only mail. */
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
  const endpoint = endpointOf(resolved, 'jmap')
  if (endpoint === undefined) return []
  const { port, target } = endpoint
  return [srv(resolved.domain, 'jmap', { port, target })]
}

function davRecords(resolved: Resolved, protocol: 'caldav' | 'carddav'): DnsRecord[] {
  const endpoint = endpointOf(resolved, protocol)
  if (endpoint === undefined) return []
  const { port, target, path } = endpoint
  const record = srv(resolved.domain, `${protocol}s`, { port, target })
  // Spec: RFC 6764 4; 3: service names without the "s" are unencrypted, and the table has only https URLs.
  return [record, { name: record.name, type: 'TXT', text: `path=${path}` }, notAvailable(resolved.domain, protocol)]
}

interface Endpoint {
  readonly target: string
  readonly port: number
  readonly path: string
}

/** Endpoint of the first service. Why: the TXT record with the path belongs to the name, so it can describe only one. */
function endpointOf({ provider, domain }: Resolved, protocol: ServiceProtocol): Endpoint | undefined {
  const service = provider.services.find(each => each.protocol === protocol)
  if (service === undefined) return undefined
  const { hostname, port, pathname } = new URL(expand(withoutPerson(service.url), { '%EMAILDOMAIN%': domain }))
  // Why: SRV records cannot contain IP addresses.
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

/** Spec: RFC 6186 3.4, RFC 2782: the target is the root. */
function notAvailable(domain: string, service: string): DnsRecord {
  return srv(domain, service, { weight: 0, port: 0, target: '' })
}
