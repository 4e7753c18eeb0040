/**
 * Servers of a domain from its SRV records: RFC 6186 and 8314 (mail), 5804 (Sieve), 6764 (DAV), 8620 (JMAP).
 */
import { inSrvOrder, srvHost } from '../../clients/dns/srv.ts'
import type { Dns, SrvRecord } from '../../clients/model/world.ts'
import type { ServerSettings } from '../../settings/schema.ts'
import type { ImportedServer } from '../imported.ts'

const services = [
  ['imaps', 'imap', 'tls'],
  ['imap', 'imap', 'starttls'],
  ['pop3s', 'pop3', 'tls'],
  ['pop3', 'pop3', 'starttls'],
  ['submissions', 'smtp', 'tls'],
  ['submission', 'smtp', 'starttls'],
  ['sieve', 'managesieve', 'starttls']
] as const

const urls = [
  ['caldavs', 'caldav'],
  ['carddavs', 'carddav'],
  ['jmap', 'jmap']
] as const

/** @param domain as A-labels */
export async function srvServers(domain: string, dns: Dns): Promise<ImportedServer[]> {
  const mail = services.map(async ([service, protocol, security]) => {
    const name = `_${service}._tcp.${domain}`
    const records = inSrvOrder(await dns.srv(name))
    return records.map(record => toPart(name, { protocol, host: srvHost(record), port: record.port, security }))
  })
  const others = urls.map(async ([service, protocol]) => {
    const name = `_${service}._tcp.${domain}`
    const [record] = inSrvOrder(await dns.srv(name))
    return record === undefined ? [] : [toPart(name, { protocol, url: await urlOf(name, record, { protocol, dns }) })]
  })
  return (await Promise.all([...mail, ...others])).flat()
}

function toPart(source: string, value: ServerSettings): ImportedServer {
  return { value, origin: { source }, username: undefined }
}

interface Service {
  readonly protocol: string
  readonly dns: Dns
}

/** Spec: RFC 6764 4: a TXT record of the same name contains the path. 5: without it, the well-known URL is used. */
async function urlOf(name: string, record: SrvRecord, { protocol, dns }: Service): Promise<string> {
  const texts = protocol === 'jmap' ? [] : await dns.txt(name)
  const path = texts.find(text => /^path=\//i.test(text))?.slice('path='.length) ?? `/.well-known/${protocol}`
  return `https://${srvHost(record)}${record.port === 443 ? '' : `:${record.port}`}${path}`
}
