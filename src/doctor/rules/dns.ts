/**
 * What is wrong in the DNS of a domain.
 */
import { srvHost } from '../../clients/dns/srv.ts'
import { isPublicAddress } from '../../network/is-public.ts'
import type { DnsAnswer, DnsFault } from '../../network/resolver.ts'
import type { Finding } from '../finding.ts'
import { discoveryHosts } from '../look/dns-records.ts'
import { answerOf } from '../look/examination.ts'
import { mailServices, srvName, webServices } from '../look/mail-services.ts'
import { affected, affectedByHost } from './affected.ts'
import type { Reading } from './evidence.ts'

export function dnsRules(reading: Reading): Finding[] {
  const { dns, subject } = reading
  if (dns.some(({ name, isMissing }) => name === subject.domain && isMissing)) return [noSuchDomain(reading)]
  return [
    ...faults(reading),
    ...exchangers(reading),
    ...hosts(reading),
    ...serviceTargets(reading),
    ...certificateAuthorities(reading)
  ]
}

function noSuchDomain({ subject: { domain }, programs }: Reading): Finding {
  return {
    rule: 'dns.no-such-domain',
    severity: 'error',
    subject: domain,
    message: 'The domain does not exist.',
    remedy: 'Register it, or mend its delegation.',
    clients: programs.map(({ client }) => client.name)
  }
}

function faults({ dns, programs }: Reading): Finding[] {
  const failed = new Map<string, { name: string; fault: DnsFault; types: string[] }>()
  for (const { name, fault, type } of dns) {
    if (fault === undefined) continue
    const known = failed.get(`${fault} ${name}`)
    if (known === undefined) failed.set(`${fault} ${name}`, { name, fault, types: [type] })
    else known.types.push(type)
  }
  return [...failed.values()].map(({ name, fault, types }) => {
    const { rule, message, remedy } = faultTexts[fault]
    const clients = new Set([
      ...affectedByHost(programs, name),
      ...affected(programs, asked => asked.endsWith(` ${name}`))
    ])
    const told = `${message} (${types.join(', ')}).`
    return { rule, severity: 'error', subject: name, message: told, remedy, clients: [...clients] }
  })
}

interface FaultText {
  readonly rule: string
  readonly message: string
  readonly remedy: string
}

const faultTexts: Readonly<Record<DnsFault, FaultText>> = {
  SERVFAIL: {
    rule: 'dns.servfail',
    message: 'The DNS answers SERVFAIL',
    remedy: 'Check that the name servers of the zone answer, and that its DNSSEC signatures are valid.'
  },
  REFUSED: {
    rule: 'dns.refused',
    message: 'The DNS server refuses to answer',
    remedy: 'Ask another one with --resolver, or have the name servers of the zone answer for it.'
  },
  timeout: {
    rule: 'dns.timeout',
    message: 'The DNS does not answer in time',
    remedy: 'Check that the name servers of the zone can be reached, by UDP and by TCP.'
  },
  unreachable: {
    rule: 'dns.unreachable',
    message: 'Nobody listens at the resolver',
    remedy: 'Name another one with --resolver.'
  },
  malformed: {
    rule: 'dns.malformed',
    message: 'The answer of the DNS cannot be read',
    remedy: 'Check the record at the name servers of the zone.'
  }
}

function exchangers({ dns, subject: { domain } }: Reading): Finding[] {
  const { records, fault } = answerOf(dns, 'MX', domain)
  if (fault !== undefined) return []
  const named = records.map(({ exchange }) => exchange.replace(/\.$/, '')).filter(host => host !== '')
  if (named.length === 0) {
    return [
      {
        rule: 'dns.no-mx',
        severity: 'warning',
        subject: domain,
        // Spec: RFC 7505: a single root for an exchanger.
        message: records.length === 0 ? 'There is no MX record.' : 'The MX record says that the domain takes no mail.',
        remedy: 'Name the mail exchanger of the domain in an MX record.',
        clients: []
      }
    ]
  }
  return named
    .filter(host => isWithoutAddress(dns, host))
    .map(host => ({
      rule: 'dns.mx-without-address',
      severity: 'error',
      subject: host,
      message: `The mail exchanger of ${domain} has no address.`,
      remedy: 'Give it an A or AAAA record, or correct the MX record.',
      clients: []
    }))
}

function hosts(reading: Reading): Finding[] {
  const { dns, programs, subject, allowPrivate } = reading
  const names = [subject.domain, ...discoveryHosts.map(host => `${host}.${subject.domain}`)]
  return names.flatMap((name): Finding[] => {
    const clients = affectedByHost(programs, name)
    const [alias] = answerOf(dns, 'CNAME', name).records
    if (alias !== undefined && isWithoutAddress(dns, name)) {
      return [
        {
          rule: 'dns.dangling-alias',
          severity: 'error',
          subject: name,
          message: `It is an alias of ${alias}, which has no address.`,
          remedy: 'Let the CNAME record name a host that exists.',
          clients
        }
      ]
    }
    const addresses = [...answerOf(dns, 'A', name).records, ...answerOf(dns, 'AAAA', name).records]
    if (allowPrivate || addresses.length === 0 || addresses.some(isPublicAddress)) return []
    return [
      {
        rule: 'dns.private-address',
        severity: 'error',
        subject: name,
        message: `Its address ${addresses[0]} is private: nobody outside of that network reaches it.`,
        remedy: 'Publish a public address, or use --allow-private to look at a network from inside.',
        clients
      }
    ]
  })
}

function serviceTargets({ dns, programs, subject: { domain } }: Reading): Finding[] {
  const services = [...mailServices.map(({ service }) => service), ...webServices, 'autodiscover']
  return services.flatMap(service => {
    const name = srvName(service, domain)
    const clients = affected(programs, asked => asked === `SRV ${name}`)
    return answerOf(dns, 'SRV', name)
      .records.map(srvHost)
      .filter(host => host !== '')
      .flatMap((host): Finding[] => targetFindings(dns, { name, host, clients }))
  })
}

interface Target {
  readonly name: string
  readonly host: string
  readonly clients: readonly string[]
}

function targetFindings(dns: readonly DnsAnswer[], { name, host, clients }: Target): Finding[] {
  if (isWithoutAddress(dns, host)) {
    return [
      {
        rule: 'dns.srv-without-address',
        severity: 'error',
        subject: name,
        message: `The SRV record names ${host}, which has no address.`,
        remedy: 'Correct the record, or give the host an A or AAAA record.',
        clients
      }
    ]
  }
  const [alias] = answerOf(dns, 'CNAME', host).records
  if (alias === undefined) return []
  return [
    {
      rule: 'dns.srv-alias',
      severity: 'info',
      subject: name,
      // Spec: RFC 2782, Target.
      message: `The SRV record names ${host}, which is an alias; programs may refuse that.`,
      remedy: `Name ${alias} in the record.`,
      clients: []
    }
  ]
}

/** Spec: RFC 8659 4.2: `;` for everybody. */
function certificateAuthorities({ dns, subject: { domain } }: Reading): Finding[] {
  const issuers = answerOf(dns, 'CAA', domain).records.filter(({ tag }) => tag === 'issue')
  if (issuers.length === 0 || issuers.some(({ value }) => value.replace(/[;\s].*/, '') !== '')) return []
  return [
    {
      rule: 'dns.caa-forbids',
      severity: 'warning',
      subject: domain,
      message: 'The CAA record lets no authority issue certificates.',
      remedy: 'Name the authority that issues those of the hosts above in the CAA record.',
      clients: []
    }
  ]
}

function isWithoutAddress(dns: readonly DnsAnswer[], host: string): boolean {
  const answers = dns.filter(({ name, type }) => name === host && (type === 'A' || type === 'AAAA'))
  return answers.length > 0 && answers.every(({ records, fault }) => records.length === 0 && fault === undefined)
}
