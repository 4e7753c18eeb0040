/**
 * The report for people, as lines of pieces. The caller chooses colours and escapes foreign text.
 */
import type { DavService } from '../../clients/dav/dav-client.ts'
import type { Probe, ServiceProbe } from '../../probes/probe.ts'
import type { Finding } from '../finding.ts'
import { dateOf } from '../finding.ts'
import { placeOf } from '../look/advertisement.ts'
import { type DavProgram, davServicesOf } from '../look/dav-programs.ts'
import { lastOf, urlOf, type Visit } from '../look/examination.ts'
import type { Evidence, Verdict } from '../rules/evidence.ts'
import { type DnsRow, dnsRows } from './dns-rows.ts'
import { bad, doubtful, faint, good, isNotable, type Line, type Piece } from './line.ts'
import { findingLines, summaryLines } from './verdict.ts'

export interface ReportOptions {
  readonly findings: readonly Finding[]
  /** Duration of the whole examination in milliseconds. */
  readonly ms: number
  /** Whether to show what is fine, too. */
  readonly isVerbose?: boolean
}

export function report(evidence: Evidence, { findings, ms, isVerbose = false }: ReportOptions): Line[] {
  const verdict = [...opening(evidence), ...section('Verdict', summaryLines(findings, ms))]
  if (!isVerbose && findings.some(({ rule }) => rule === 'dns.no-such-domain')) return verdict
  const shown = (lines: readonly Line[]) => (isVerbose ? lines : notableOf(lines))
  return [
    ...verdict,
    ...section(
      'Findings',
      findings.flatMap(finding => findingLines(finding, evidence))
    ),
    ...section('DNS', shown(dnsRows(evidence).map(dnsLine))),
    ...section('Discovery', shown(evidence.visits.filter(isShown).map(visitLine))),
    ...section('Programs', evidence.verdicts.flatMap(verdictLines)),
    ...section(
      'Calendars and contacts',
      evidence.davPrograms.map(program => davLine(program, davServicesOf(evidence)))
    ),
    ...section('Servers', [...evidence.servers.map(serverLine), ...evidence.services.map(serviceLine)])
  ]
}

/** @returns the lines that ask for attention, and the number of the others */
function notableOf(lines: readonly Line[]): Line[] {
  const notable = lines.filter(isNotable)
  const left = lines.length - notable.length
  return left === 0 ? notable : [...notable, [faint(`${left} without a problem (--verbose shows them)`)]]
}

function opening({ subject: { domain, address, isAddressTyped } }: Evidence): Line[] {
  const asked = isAddressTyped ? '' : '; a neutral address because none was given'
  return [[{ style: 'heading', text: domain }, `, examined as ${address}${asked}`]]
}

function section(title: string, lines: readonly Line[]): Line[] {
  if (lines.length === 0) return []
  return [[], [{ style: 'heading', text: title }], ...lines.map((line): Line => ['  ', ...line])]
}

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

function davLine({ client, discovery }: DavProgram, services: readonly DavService[]): Line {
  const found = services.map(service => `${service} ${discovery[service] ?? 'nothing'}`)
  const isWhole = services.every(service => discovery[service] !== undefined)
  const asked = `asked ${discovery.trace.length}`
  return [isWhole ? good('ok') : doubtful('lacks'), `${client.title.padEnd(46)} ${found.join(', ')} `, faint(asked)]
}

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
