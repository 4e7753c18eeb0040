/**
 * Rules about SRV records that contradict the documents.
 */
import { srvHost } from '../../clients/dns/srv.ts'
import type { Finding } from '../finding.ts'
import { placeOf } from '../look/advertisement.ts'
import { type MailService, mailServices, srvName } from '../look/dns-records.ts'
import { answerOf } from '../look/examination.ts'
import { redirectOf } from '../look/follow-redirects.ts'
import type { Evidence } from './evidence.ts'

export function srvRules(evidence: Evidence): Finding[] {
  return [...mailServices.flatMap(service => findings(service, evidence)), ...davFindings(evidence)]
}

/**
 * Observed: Thunderbird 140 to 153 (2026) follows a redirect of /.well-known/caldav to another origin, then discards the response
 * (opaque response blocking). It finds the calendars only with SRV records.
 */
function davFindings({ visits, dns, subject }: Evidence): Finding[] {
  return (['caldav', 'carddav'] as const).flatMap((family): Finding[] => {
    const name = srvName(`${family}s`, subject.domain)
    const { records, fault } = answerOf(dns, 'SRV', name)
    const targets = visits.filter(({ asked }) => asked.family === family).map(({ first }) => redirectOf(first))
    const [elsewhere] = targets
      .filter(target => target !== undefined)
      .map(target => new URL(target))
      .filter(({ origin }) => origin !== `https://${subject.domain}`)
    if (elsewhere === undefined || records.length > 0 || fault !== undefined) return []
    const { hostname, port, pathname } = elsewhere
    return [
      {
        rule: 'srv.dav-missing',
        severity: 'warning',
        subject: name,
        message: `/.well-known/${family} redirects to another host, where Thunderbird discards the response, and there is no SRV record.`,
        remedy: `Add the record 0 1 ${port || 443} ${hostname}. and a TXT record path=${pathname} at the same name.`,
        clients: []
      }
    ]
  })
}

function findings({ service, protocol, security }: MailService, evidence: Evidence): Finding[] {
  const { agreed, programs, dns, subject } = evidence
  const expected = [agreed?.incoming, agreed?.outgoing].find(server => server?.protocol === protocol)
  const name = srvName(service, subject.domain)
  const { records } = answerOf(dns, 'SRV', name)
  if (expected === undefined || expected.security !== security || records.length === 0) return []
  const places = records.map(record => placeOf({ ...expected, host: srvHost(record), port: record.port }))
  if (places.includes(placeOf(expected))) return []
  const isNotOffered = records.every(record => srvHost(record) === '')
  return [
    {
      rule: 'srv.differs',
      severity: 'error',
      subject: name,
      message: `The SRV record says ${isNotOffered ? 'that the service is not offered' : places[0]}; the documents say ${placeOf(expected)}.`,
      remedy: `Change it to ${expected.host} and port ${expected.port}. Some programs prefer it to documents.`,
      // Why also programs that used the record: they found the wrong server.
      clients: programs
        .filter(({ discovery }) => discovery.trace.some(({ asked }) => asked === `SRV ${name}`))
        .map(({ client }) => client.name)
    }
  ]
}
