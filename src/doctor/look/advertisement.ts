/**
 * What one document, or the DNS, says of a domain's servers.
 */
import { inSrvOrder } from '../../clients/dns/srv.ts'
import type { FoundServer } from '../../clients/model/client.ts'
import type { DnsAnswer } from '../../network/resolver.ts'
import { answerOf, type Visit } from './examination.ts'
import type { Subject } from './examined-domain.ts'
import { isAuthentic } from './is-authentic.ts'
import { mailServices, srvName } from './mail-services.ts'
import { readDocument } from './read-document.ts'

export interface Advertisement {
  /** The URL or DNS name that says so. */
  readonly from: string
  /** It came by https from a host of the domain: nobody else could have said it. */
  readonly isAuthentic: boolean
  readonly kind: 'autoconfig' | 'autodiscover' | 'profile' | 'pacc' | 'srv'
  readonly servers: readonly AdvertisedServer[]
}

export interface AdvertisedServer extends Omit<FoundServer, 'protocol'> {
  readonly protocol: FoundServer['protocol'] | 'managesieve'
}

/** @returns those that could be read, in the order of the visits, and then the DNS */
export function advertisements(visits: readonly Visit[], dns: readonly DnsAnswer[], subject: Subject): Advertisement[] {
  const documents = visits.flatMap(visit => {
    const read = readDocument(visit, subject.address)
    if (read?.servers === undefined) return []
    const { kind, servers } = read
    return [{ from: visit.asked.request.url, isAuthentic: isAuthentic(visit, subject), kind, servers }]
  })
  return [...documents, ...srvAdvertisements(dns, subject)]
}

/** Why the first alone: the others are for when it does not answer. */
function srvAdvertisements(dns: readonly DnsAnswer[], { domain }: Subject): Advertisement[] {
  return mailServices.flatMap(({ service, protocol, security }) => {
    const name = srvName(service, domain)
    const [best] = inSrvOrder(answerOf(dns, 'SRV', name).records)
    if (best === undefined) return []
    const host = best.target.replace(/\.$/, '').toLowerCase()
    return [
      {
        from: name,
        isAuthentic: false,
        kind: 'srv' as const,
        servers: [{ protocol, host, port: best.port, security, username: undefined }]
      }
    ]
  })
}
