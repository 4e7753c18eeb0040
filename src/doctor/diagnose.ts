/**
 * Applies every rule to the evidence. Causes come before their effects.
 */
import { bySeverity, type Finding, mergeSame } from './finding.ts'
import { certificateRules } from './rules/certificate.ts'
import { davRules } from './rules/dav.ts'
import { dnsRules } from './rules/dns.ts'
import { documentRules } from './rules/document.ts'
import type { Evidence } from './rules/evidence.ts'
import { httpRules } from './rules/http.ts'
import { oauthRules } from './rules/oauth.ts'
import { paccRules } from './rules/pacc.ts'
import { programRules } from './rules/program.ts'
import { serverRules } from './rules/server.ts'
import { srvRules } from './rules/srv.ts'

const rules = [dnsRules, certificateRules, httpRules, documentRules, srvRules, paccRules, oauthRules]

/** @returns the most severe first */
export function diagnose(evidence: Evidence): Finding[] {
  const causes = mergeSame(rules.flatMap(rule => rule(evidence)))
  const missing = causes.find(({ rule }) => rule === 'dns.no-such-domain')
  if (missing !== undefined) return [missing]
  return bySeverity([
    ...cutRules(evidence),
    ...causes,
    ...serverFindings(evidence, causes),
    ...programRules(evidence, causes),
    ...davRules(evidence, causes)
  ])
}

/** Why without servers at private addresses: they are not contacted, and the cause is reported for the whole domain. */
function serverFindings(evidence: Evidence, causes: readonly Finding[]): Finding[] {
  const isPrivate = causes.some(({ rule }) => rule === 'dns.private-address')
  return serverRules(evidence).filter(({ message }) => !(isPrivate && message.includes('is a private address')))
}

function cutRules({ isCut, subject }: Evidence): Finding[] {
  if (!isCut) return []
  return [
    {
      rule: 'doctor.no-time',
      severity: 'warning',
      subject: subject.domain,
      message: 'The time was over before the examination was complete.',
      remedy: 'Fix what does not answer, or allow more time with signpost doctor --timeout.',
      clients: []
    }
  ]
}
