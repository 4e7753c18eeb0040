/**
 * Rules about the DNS of a domain.
 */
import { srvHost } from '../../clients/dns/srv.ts'
import { isPublicAddress } from '../../network/is-public.ts'
import type { DnsAnswer, DnsFault } from '../../network/resolver.ts'
import type { Finding } from '../finding.ts'
import { discoveryHosts, mailServices, srvName, webServices } from '../look/dns-records.ts'
import { answerOf } from '../look/examination.ts'
import { affected, affectedByHost } from './affected.ts'
import type { Evidence } from './evidence.ts'

export function dnsRules(evidence: Evidence): Finding[] {
  const { dns, subject } = evidence
  if (dns.some(({ name, isMissing }) => name === subject.domain && isMissing)) return [noSuchDomain(evidence)]
  return [
    ...faults(evidence),
    ...exchangers(evidence),
    ...hosts(evidence),
    ...serviceTargets(evidence),
    ...certificateAuthorities(evidence)
  ]
}

function noSuchDomain({ subject: { domain }, programs }: Evidence): Finding {
  return {
    rule: 'dns.no-such-domain',
    severity: 'error',
    subject: domain,
    message: 'The domain does not exist.',
    remedy: 'Register it, or fix its delegation.',
    clients: programs.map(({ client }) => client.name)
  }
}

function faults({ dns, programs }: Evidence): Finding[] {
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
    const withTypes = `${message} (${types.join(', ')}).`
    return { rule, severity: 'error', subject: name, message: withTypes, remedy, clients: [...clients] }
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
    message: 'The DNS responds with SERVFAIL',
    remedy: 'Check that the name servers of the zone answer, and that its DNSSEC signatures are valid.'
  },
  REFUSED: {
    rule: 'dns.refused',
    message: 'The DNS server refuses to answer',
    remedy:
      'Fix the name servers of the zone, or ask another DNS server with signpost doctor --resolver, or in the console with admin.doctor.resolver.'
  },
  timeout: {
    rule: 'dns.timeout',
    message: 'The DNS does not answer in time',
    remedy: 'Check that the name servers of the zone are reachable over UDP and TCP.'
  },
  unreachable: {
    rule: 'dns.unreachable',
    message: 'The resolver is unreachable',
    remedy: 'Ask another DNS server with signpost doctor --resolver, or in the console with admin.doctor.resolver.'
  },
  malformed: {
    rule: 'dns.malformed',
    message: 'The DNS response is malformed',
    remedy: 'Check the record at the name servers of the zone.'
  }
}

function exchangers({ dns, subject: { domain } }: Evidence): Finding[] {
  const { records, fault } = answerOf(dns, 'MX', domain)
  if (fault !== undefined) return []
  const named = records.map(({ exchange }) => exchange.replace(/\.$/, '')).filter(host => host !== '')
  if (named.length === 0) {
    return [
      {
        rule: 'dns.no-mx',
        severity: 'warning',
        subject: domain,
        // Spec: RFC 7505: a single record that names the root means that the domain accepts no mail.
        message:
          records.length === 0 ? 'There is no MX record.' : 'The MX record says that the domain accepts no mail.',
        remedy: 'Add an MX record with the mail exchanger of the domain.',
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
      remedy: 'Add an A or AAAA record, or correct the MX record.',
      clients: []
    }))
}

function hosts(evidence: Evidence): Finding[] {
  const { dns, programs, subject, allowPrivate } = evidence
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
          remedy: 'Point the CNAME record to a host that exists.',
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
        message: `Its address ${addresses[0]} is private, so it is unreachable from other networks.`,
        remedy:
          'Publish a public address. To examine a network from inside, use signpost doctor --allow-private, or admin.doctor.allowPrivate for the console.',
        clients
      }
    ]
  })
}

function serviceTargets({ dns, programs, subject: { domain } }: Evidence): Finding[] {
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
        remedy: 'Correct the record, or add an A or AAAA record for the host.',
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
      // Spec: RFC 2782 forbids an alias as target.
      message: `The SRV record names ${host}, which is an alias. Programs may refuse that.`,
      remedy: `Use ${alias} in the record.`,
      clients: []
    }
  ]
}

/** Spec: RFC 8659 4.2: an empty issuer forbids all authorities. */
function certificateAuthorities({ dns, subject: { domain } }: Evidence): Finding[] {
  const issuers = answerOf(dns, 'CAA', domain).records.filter(({ tag }) => tag === 'issue')
  if (issuers.length === 0 || issuers.some(({ value }) => value.replace(/[;\s].*/, '') !== '')) return []
  return [
    {
      rule: 'dns.caa-forbids',
      severity: 'warning',
      subject: domain,
      message: 'The CAA record allows no certificate authority to issue certificates.',
      remedy: 'Add the certificate authority of the hosts above to the CAA record.',
      clients: []
    }
  ]
}

function isWithoutAddress(dns: readonly DnsAnswer[], host: string): boolean {
  const answers = dns.filter(({ name, type }) => name === host && (type === 'A' || type === 'AAAA'))
  return answers.length > 0 && answers.every(({ records, fault }) => records.length === 0 && fault === undefined)
}
