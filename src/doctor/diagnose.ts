/**
 * From what was seen to what is wrong: every rule, in the order in which causes come before what they cause.
 */

import { bySeverity, type Finding } from './finding.ts'
import { certificateRules } from './rules/certificate.ts'
import { dnsRules } from './rules/dns.ts'
import { documentRules } from './rules/document.ts'
import type { Reading } from './rules/evidence.ts'
import { httpRules } from './rules/http.ts'
import { paccRules } from './rules/pacc.ts'
import { programRules } from './rules/program.ts'
import { serverRules } from './rules/server.ts'
import { srvRules } from './rules/srv.ts'

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
