/**
 * From what was seen to what is wrong: every rule, in the order in which causes come before what they cause.
 */
import { certificateRules } from './certificate-rules.ts'
import { dnsRules } from './dns-rules.ts'
import { documentRules } from './document-rules.ts'
import { bySeverity, type Finding } from './finding.ts'
import { httpRules } from './http-rules.ts'
import { paccRules } from './pacc-rules.ts'
import { programRules } from './program-rules.ts'
import type { Reading } from './reading.ts'
import { serverRules } from './server-rules.ts'
import { srvRules } from './srv-rules.ts'

const rules = [dnsRules, certificateRules, httpRules, documentRules, srvRules, paccRules]

/** @returns the gravest first */
export function diagnose(reading: Reading): Finding[] {
  const causes = rules.flatMap(rule => rule(reading))
  const missing = causes.find(({ rule }) => rule === 'dns.no-such-domain')
  if (missing !== undefined) return [missing]
  return bySeverity([...cutRules(reading), ...causes, ...serverRules(reading), ...programRules(reading, causes)])
}

function cutRules({ isCut, subject }: Reading): Finding[] {
  if (!isCut) return []
  return [
    {
      rule: 'doctor.no-time',
      severity: 'warning',
      subject: subject.domain,
      message: 'The time was over before everything was looked at.',
      remedy: 'Mend what does not answer, or give more time with --timeout.',
      clients: []
    }
  ]
}
