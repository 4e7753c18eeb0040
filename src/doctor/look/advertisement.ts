/**
 * The servers of a domain as one document, or the DNS, advertises them.
 */
import { inSrvOrder } from '../../clients/dns/srv.ts'
import type { FoundServer } from '../../clients/model/client.ts'
import type { DnsAnswer } from '../../network/resolver.ts'
import { mailServices, srvName } from './dns-records.ts'
import { answerOf, isAuthentic, type Visit } from './examination.ts'
import type { Subject } from './examined-domain.ts'
import { readDocument } from './read-document.ts'

export interface Advertisement {
  /** The URL of the document, or the DNS name. */
  readonly from: string
  /** Whether it was sent over https by a host of the domain, so that it cannot have been changed on the way. */
  readonly isAuthentic: boolean
  readonly kind: 'autoconfig' | 'autodiscover' | 'profile' | 'pacc' | 'srv'
  readonly servers: readonly AdvertisedServer[]
}

export interface AdvertisedServer extends Omit<FoundServer, 'protocol'> {
  readonly protocol: FoundServer['protocol'] | 'managesieve'
}

/** @returns readable documents in the order of the visits, then SRV records */
export function advertisements(visits: readonly Visit[], dns: readonly DnsAnswer[], subject: Subject): Advertisement[] {
  const documents = visits.flatMap(visit => {
    const read = readDocument(visit, subject.address)
    if (read?.servers === undefined) return []
    const { kind, servers } = read
    return [{ from: visit.asked.request.url, isAuthentic: isAuthentic(visit, subject), kind, servers }]
  })
  return [...documents, ...srvAdvertisements(dns, subject)]
}

/** Why only the first: the others are for the case that it does not answer. */
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

interface Place {
  readonly protocol: string
  readonly host: string
  readonly port: number
  readonly security: string
}

/** @returns for example `imap imap.example.com:993 tls` */
export function placeOf({ protocol, host, port, security }: Place): string {
  return `${protocol} ${host.toLowerCase()}:${port} ${security}`
}
