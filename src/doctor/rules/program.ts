/**
 * Rules about mail programs that find no settings, or different ones than most.
 */
import { type Finding, isGrave } from '../finding.ts'
import type { Evidence, Verdict } from './evidence.ts'

/**
 * @param causes other findings, which may be the reason
 * @returns findings of programs without a known reason. Why: the finding that is the reason already names the program.
 */
export function programRules(evidence: Evidence, causes: readonly Finding[]): Finding[] {
  const { verdicts } = evidence
  const asking = verdicts.filter(({ program }) => !isSetUpByProfile(program.client.name))
  const found =
    asking.length > 1 && asking.every(({ verdict }) => verdict === 'nothing')
      ? [nothingAtAll(evidence, asking)]
      : verdicts.filter(({ verdict }) => verdict !== 'same').map(verdict => programFinding(verdict, evidence, causes))
  return [
    ...found.filter(finding => !isExplained(finding, causes)),
    ...approvalFindings(evidence),
    ...nativeScriptFindings(evidence)
  ]
}

/** Observed: Thunderbird for Android a59bd67 (2026-08-20): settings from http are not trusted, and people have to tick a box. */
function approvalFindings({ verdicts, subject }: Evidence): Finding[] {
  return verdicts.flatMap(({ program: { client, discovery } }): Finding[] => {
    if (client.name !== 'thunderbird-android' || discovery.account?.from.startsWith('http:') !== true) return []
    return [
      {
        rule: 'program.needs-approval',
        severity: 'info',
        subject: client.title,
        message: 'It finds the settings only over http, so people have to approve them.',
        remedy: `Serve them at https://autoconfig.${subject.domain}/mail/config-v1.1.xml with a valid certificate.`,
        clients: []
      }
    ]
  })
}

/** Why a note: only the programs can change this. */
function nativeScriptFindings({ nativeScript, subject }: Evidence): Finding[] {
  if (nativeScript === undefined || nativeScript.lost.length === 0) return []
  const { typed, lost } = nativeScript
  return [
    {
      rule: 'program.native-script',
      severity: 'info',
      subject: typed,
      message: `These programs find no settings if the domain is typed in its own script: ${lost.map(({ title }) => title).join(', ')}.`,
      remedy: `Tell people to type ${subject.domain} there, or give them addresses in a domain with ASCII letters.`,
      clients: []
    }
  ]
}

/** @returns whether each affected program is affected by a cause that is at least as severe */
function isExplained({ clients, severity }: Finding, causes: readonly Finding[]): boolean {
  const isReason = (cause: Finding) => cause.severity === 'error' || cause.severity === severity
  return clients.length > 0 && clients.every(name => causesOf(name, causes).some(isReason))
}

/** @returns the errors and warnings that affect a program */
function causesOf(name: string, causes: readonly Finding[]): Finding[] {
  return causes.filter(finding => isGrave(finding) && finding.clients.includes(name))
}

/** Why: Apple's programs do not search for settings. Without a profile, they are set up manually. */
function isSetUpByProfile(name: string): boolean {
  return name === 'apple'
}

function nothingAtAll({ subject }: Evidence, verdicts: readonly Verdict[]): Finding {
  return {
    rule: 'program.none-finds-any',
    severity: 'error',
    subject: subject.domain,
    message: 'No mail program finds settings for this domain.',
    remedy: `Serve an autoconfig document at https://autoconfig.${subject.domain}/mail/config-v1.1.xml and an Autodiscover document at https://autodiscover.${subject.domain}/autodiscover/autodiscover.xml.`,
    clients: verdicts.map(({ program }) => program.client.name)
  }
}

function programFinding(judged: Verdict, evidence: Evidence, causes: readonly Finding[]): Finding {
  const { program, verdict, reason } = judged
  const { name, title } = program.client
  const isNote = verdict === 'nothing' && isSetUpByProfile(name)
  return {
    rule: verdict === 'nothing' ? 'program.finds-nothing' : 'program.differs',
    severity: isNote ? 'info' : verdict === 'nothing' ? 'error' : 'warning',
    subject: title,
    message: verdict === 'nothing' ? `It found no settings: ${reason}.` : `It found different settings: ${reason}.`,
    remedy: remedyOf(judged, evidence, causes),
    clients: isNote ? [] : [name]
  }
}

/** @returns what to do so that the program finds the settings */
export function remedyOf({ program }: Verdict, { subject }: Evidence, causes: readonly Finding[]): string {
  const { name, title } = program.client
  const own = causesOf(name, causes)
  if (own.length > 0) {
    const named = own.slice(0, 2).map(({ rule, subject: place }) => `${rule} at ${place}`)
    return `Fix ${named.join(' and ')} first.`
  }
  const asked = program.discovery.trace
    .map(step => step.asked.replace(/\?.*/, ''))
    .filter(text => text.includes(subject.domain) && !text.startsWith('MX'))
  const places = [...new Set(asked)].slice(0, 2)
  return places.length === 0
    ? `${title} cannot look up this address.`
    : `Respond to what it requests: ${places.join(' or ')}.`
}
