/**
 * Rules about programs for calendars and contacts that do not find the servers of a domain.
 */
import type { DavService } from '../../clients/dav/dav-client.ts'
import type { Finding } from '../finding.ts'
import { davServicesOf } from '../look/dav-programs.ts'
import { srvName } from '../look/dns-records.ts'
import type { Evidence } from './evidence.ts'

const contents = { caldav: 'calendars', carddav: 'contacts' } as const

/**
 * Why a note: a website may answer these programs in a way that is right otherwise.
 * @param causes other findings, which may be the reason
 */
export function davRules(evidence: Evidence, causes: readonly Finding[]): Finding[] {
  const services = davServicesOf(evidence).filter(service => !isExplained(service, evidence, causes))
  return evidence.davPrograms.flatMap(({ client, discovery }): Finding[] => {
    const missing = services.filter(service => discovery[service] === undefined)
    if (missing.length === 0) return []
    const requests = discovery.trace.filter(({ asked }) => asked.includes('https://'))
    return [
      {
        rule: 'program.finds-no-dav',
        severity: 'info',
        subject: client.title,
        message: `It does not find the server of ${missing.map(service => contents[service]).join(' and ')}.`,
        remedy: `Check the responses to it: ${requests.map(({ asked, result }) => `${asked}: ${result}`).join('; ')}. People can also enter the URL of the server in the program.`,
        clients: []
      }
    ]
  })
}

/** @returns whether a finding already says why programs do not find or use the service */
function isExplained(service: DavService, { services, subject }: Evidence, causes: readonly Finding[]): boolean {
  const isFaulty = services.some(
    probe => probe.service.protocol === service && probe.faults.some(({ severity }) => severity === 'error')
  )
  const record = srvName(`${service}s`, subject.domain)
  return isFaulty || causes.some(({ rule, subject: name }) => rule === 'srv.dav-missing' && name === record)
}
