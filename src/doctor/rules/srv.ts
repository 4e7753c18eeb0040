/**
 * SRV records that name other servers than the documents do.
 */
import { srvHost } from '../../clients/dns/srv.ts'
import type { Finding } from '../finding.ts'
import { answerOf } from '../look/examination.ts'
import { type MailService, mailServices, srvName } from '../look/mail-services.ts'
import { placeOf } from './agreed-settings.ts'
import type { Reading } from './evidence.ts'

export function srvRules(reading: Reading): Finding[] {
  return mailServices.flatMap(service => findings(service, reading))
}

function findings({ service, protocol, security }: MailService, reading: Reading): Finding[] {
  const { reference, programs, dns, subject } = reading
  const expected = [reference?.incoming, reference?.outgoing].find(server => server?.protocol === protocol)
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
      message: `The SRV record says ${isNotOffered ? 'that there is no such server' : places[0]}; the documents say ${placeOf(expected)}.`,
      remedy: `Let it name ${expected.host} and port ${expected.port}: some programs take it before any document.`,
      // Why these too, that found what they wanted: it is the wrong thing.
      clients: programs
        .filter(({ discovery }) => discovery.trace.some(({ asked }) => asked === `SRV ${name}`))
        .map(({ client }) => client.name)
    }
  ]
}
