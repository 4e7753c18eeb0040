/**
 * The report for people, as lines of pieces. The caller chooses colours and escapes foreign text.
 */
import type { Probe, ServiceProbe } from '../../probes/probe.ts'
import type { Finding } from '../finding.ts'
import { dateOf } from '../finding.ts'
import { placeOf } from '../look/advertisement.ts'
import { lastOf, urlOf, type Visit } from '../look/examination.ts'
import type { Evidence, Verdict } from '../rules/evidence.ts'
import { type DnsRow, dnsRows } from './dns-rows.ts'

export type Style = 'good' | 'bad' | 'doubtful' | 'faint' | 'heading'

export type Piece = string | { readonly style: Style; readonly text: string }

export type Line = readonly Piece[]

export interface ReportOptions {
  readonly findings: readonly Finding[]
  /** Duration of the whole examination in milliseconds. */
  readonly ms: number
}

export function report(evidence: Evidence, { findings, ms }: ReportOptions): Line[] {
  return [
    ...opening(evidence),
    ...section('DNS', dnsRows(evidence).map(dnsLine)),
    ...section('Discovery', evidence.visits.filter(isShown).map(visitLine)),
    ...section('Programs', evidence.verdicts.flatMap(verdictLines)),
    ...section('Servers', [...evidence.servers.map(serverLine), ...evidence.services.map(serviceLine)]),
    ...section('Verdict', [...findings.flatMap(finding => findingLines(finding, evidence)), ...closing(findings, ms)])
  ]
}

function opening({ subject: { domain, address, isAddressTyped } }: Evidence): Line[] {
  const asked = isAddressTyped ? '' : '; a neutral address because none was given'
  return [[{ style: 'heading', text: domain }, `, examined as ${address}${asked}`]]
}

function section(title: string, lines: readonly Line[]): Line[] {
  if (lines.length === 0) return []
  return [[], [{ style: 'heading', text: title }], ...lines.map((line): Line => ['  ', ...line])]
}

const good = (text: string): Piece => ({ style: 'good', text: text.padEnd(8) })
const bad = (text: string): Piece => ({ style: 'bad', text: text.padEnd(8) })
const doubtful = (text: string): Piece => ({ style: 'doubtful', text: text.padEnd(8) })
const faint = (text: string): Piece => ({ style: 'faint', text })

function dnsLine({ name, records, faults }: DnsRow): Line {
  const mark = faults.length > 0 ? bad('failed') : records.length > 0 ? good('ok') : faint('–'.padEnd(8))
  const shown = [...records.filter(text => !text.startsWith('TXT "v=spf1')), ...faults]
  return [mark, `${name.padEnd(38)} `, faint(shown.join(', ') || 'nothing')]
}

/** Why: requests for documents that cannot exist are of interest only in findings. */
function isShown({ asked }: Visit): boolean {
  return !asked.isNonsense
}

function visitLine(visit: Visit): Line {
  const { asked, redirects, isLoop } = visit
  const { response, fault, tls, ms } = lastOf(visit)
  const status = response === undefined ? '–' : String(response.status)
  const mark = isLoop ? bad('loop') : markOf(response?.status, fault?.kind)(status)
  const target = response?.headers.location
  const facts = [
    ...(fault === undefined ? [] : [fault.message]),
    ...(target === undefined ? [] : [`to ${target}`]),
    ...(redirects.length > 0
      ? [`after ${redirects.length} redirect${redirects.length === 1 ? '' : 's'}, at ${lastOf(visit).request.url}`]
      : []),
    ...(response?.headers['content-type'] === undefined ? [] : [response.headers['content-type']]),
    ...(tls === undefined ? [] : [`certificate until ${dateOf(tls.validTo)}`]),
    `${Math.round(ms)} ms`
  ]
  return [mark, `${asked.request.method} ${urlOf(visit)} `, faint(facts.join(', '))]
}

function markOf(status: number | undefined, fault: string | undefined): (text: string) => Piece {
  if (status === undefined) return fault === 'no-host' || fault === 'refused' ? text => faint(text.padEnd(8)) : bad
  if (status === 404 || status === 405) return text => faint(text.padEnd(8))
  return status < 400 ? good : bad
}

function verdictLines({ program, verdict, reason }: Verdict): Line[] {
  const { client, discovery } = program
  const title = client.title.padEnd(34)
  const { account, trace } = discovery
  const asked = `asked ${trace.length}`
  if (account !== undefined) {
    const servers = [account.incoming, account.outgoing]
      .filter(server => server !== undefined)
      .map(placeOf)
      .join(', ')
    const mark = verdict === 'same' ? good('ok') : doubtful('differs')
    return [
      [mark, `${title} ${servers} `, faint(`from ${account.from.replace(/\?.*/, '')}, ${asked}`)],
      ...(reason === '' ? [] : [[' '.repeat(43), reason]])
    ]
  }
  return [
    [bad('nothing'), `${title} ${reason}`],
    ...trace
      .slice(0, mostSteps)
      .map((step): Line => [' '.repeat(43), faint(`${step.asked.replace(/\?.*/, '')}: ${step.result}`)]),
    ...(trace.length > mostSteps ? [[' '.repeat(43), faint(`and ${trace.length - mostSteps} more`)]] : [])
  ]
}

const mostSteps = 4

function serverLine({ server, tls, capabilities, authentication, logIn, faults, ms }: Probe): Line {
  const facts = [
    ...(tls === undefined ? [] : [`${tls.protocol}, certificate for ${tls.daysLeft} more days`]),
    ...(authentication.length === 0 ? [] : [`takes ${authentication.join(', ')}`]),
    ...(logIn === 'not tried' ? [] : [`login ${logIn}`]),
    ...(capabilities.length === 0 ? [] : [`${capabilities.length} capabilities`]),
    `${Math.round(ms)} ms`
  ]
  return [markOfFaults(faults), `${placeOf(server)} `, faint(facts.join(', '))]
}

function serviceLine({ service, status, capabilities, faults, ms }: ServiceProbe): Line {
  const facts = [...(status === undefined ? [] : [String(status)]), ...capabilities.slice(0, 5), `${Math.round(ms)} ms`]
  return [markOfFaults(faults), `${service.protocol} ${service.url} `, faint(facts.join(', '))]
}

function markOfFaults(faults: Probe['faults']): Piece {
  if (faults.some(({ severity }) => severity === 'error')) return bad('faulty')
  return faults.some(({ severity }) => severity === 'warning') ? doubtful('warning') : good('ok')
}

const severities = {
  error: bad('error'),
  warning: doubtful('warning'),
  info: faint('note'.padEnd(8))
} satisfies Record<Finding['severity'], Piece>

function findingLines({ severity, rule, subject, message, remedy, clients }: Finding, { verdicts }: Evidence): Line[] {
  const indent = ' '.repeat(8)
  // Why: a program that uses a broken server still found the advertised settings.
  const isOfServer = rule.startsWith('server.')
  const titles = (isHurt: boolean) =>
    verdicts
      .filter(({ program }) => clients.includes(program.client.name))
      .filter(({ verdict }) => (isOfServer || verdict !== 'same') === isHurt)
      .map(({ program }) => program.client.title)
      .join(', ')
  const [hurt, others] = [titles(true), titles(false)]
  return [
    [severities[severity], `${subject} `, faint(rule)],
    [indent, message],
    ...(hurt === '' ? [] : [[indent, `Affects: ${hurt}.`]]),
    ...(others === '' ? [] : [[indent, `Works around it: ${others}.`]]),
    [indent, `Remedy: ${remedy}`]
  ]
}

function closing(findings: readonly Finding[], ms: number): Line[] {
  const count = (severity: Finding['severity'], word: string) => {
    const number = findings.filter(finding => finding.severity === severity).length
    return number === 0 ? [] : [`${number} ${word}${number === 1 ? '' : 's'}`]
  }
  const grave = [...count('error', 'error'), ...count('warning', 'warning')]
  const notes = count('info', 'note')
  const seconds = ` in ${(ms / 1000).toFixed(1)} s.`
  return [
    grave.length === 0
      ? [good('ok'), `No problems${notes.length === 0 ? '' : `, with ${notes[0]}`}; examined`, seconds]
      : [bad('faulty'), [...grave, ...notes].join(', '), ';', ' examined', seconds]
  ]
}
