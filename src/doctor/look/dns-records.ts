/**
 * Every DNS record of a domain that mail programs, and authorities that issue certificates, look at.
 */
import { srvHost } from '../../clients/dns/srv.ts'
import type { DnsAnswer, RecordType, Resolver } from '../../network/resolver.ts'
import { mailServices, srvName, webServices } from './mail-services.ts'

/** The hosts that mail programs ask below a domain. */
export const discoveryHosts = ['autoconfig', 'autodiscover', 'ua-auto-config'] as const

const addressTypes = ['CNAME', 'A', 'AAAA'] as const

/** @returns in the order in which people read them */
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

/** Why: what a stranger's DNS names is asked for, and it may name anything. */
const mostTargets = 20

function targetsOf(answer: DnsAnswer): string[] {
  if (answer.type === 'MX')
    return (answer as DnsAnswer<'MX'>).records.map(({ exchange }) => exchange.replace(/\.$/, ''))
  return answer.type === 'SRV' ? (answer as DnsAnswer<'SRV'>).records.map(srvHost) : []
}
