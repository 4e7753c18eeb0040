/**
 * The findings in the report: first what is wrong in three lines, then each finding with the affected programs.
 */
import { type Finding, isGrave } from '../finding.ts'
import type { Evidence } from '../rules/evidence.ts'
import { bad, doubtful, faint, good, type Line, type Piece } from './line.ts'

/** @returns three lines at most. @param ms duration of the whole examination in milliseconds */
export function summaryLines(findings: readonly Finding[], ms: number): Line[] {
  const grave = findings.filter(isGrave)
  const shown = grave.slice(0, grave.length > 2 ? 1 : 2)
  const left = grave.length - shown.length
  return [
    totals(findings, ms),
    ...shown.map(({ severity, subject, others, message, remedy }): Line => {
      return [severities[severity], `${subject}${andOthers(others)}: ${message} ${remedy}`]
    }),
    ...(left === 0 ? [] : [[' '.repeat(8), faint(`and ${left} more below`)]])
  ]
}

/** @returns for example ` and 2 more` */
function andOthers(others: readonly string[] = []): string {
  return others.length === 0 ? '' : ` and ${others.length} more`
}

/** The mark that begins the line of a finding. */
export const severities = {
  error: bad('error'),
  warning: doubtful('warning'),
  info: faint('note'.padEnd(8))
} satisfies Record<Finding['severity'], Piece>

export function findingLines(finding: Finding, evidence: Evidence): Line[] {
  const { severity, rule, subject, others = [], message, remedy } = finding
  const indent = ' '.repeat(8)
  const { hurt, unhurt } = affectedPrograms(finding, evidence)
  return [
    [severities[severity], `${subject} `, faint(rule)],
    ...others.map((other): Line => [indent, other]),
    [indent, message],
    ...(hurt.length === 0 ? [] : [[indent, `Affects: ${hurt.join(', ')}.`]]),
    ...(unhurt.length === 0 ? [] : [[indent, `Works around it: ${unhurt.join(', ')}.`]]),
    [indent, `Remedy: ${remedy}`]
  ]
}

/** Titles of the affected mail programs. */
export interface AffectedPrograms {
  /** They find no settings, or different ones. */
  readonly hurt: readonly string[]
  /** They find the same settings as most programs. */
  readonly unhurt: readonly string[]
}

export function affectedPrograms({ rule, clients }: Finding, { verdicts }: Evidence): AffectedPrograms {
  // Why: a program that uses a broken server still found the advertised settings.
  const isOfServer = rule.startsWith('server.')
  const titles = (isHurt: boolean) =>
    verdicts
      .filter(({ program }) => clients.includes(program.client.name))
      .filter(({ verdict }) => (isOfServer || verdict !== 'same') === isHurt)
      .map(({ program }) => program.client.title)
  return { hurt: titles(true), unhurt: titles(false) }
}

function totals(findings: readonly Finding[], ms: number): Line {
  const count = (severity: Finding['severity'], word: string) => {
    const number = findings.filter(finding => finding.severity === severity).length
    return number === 0 ? [] : [`${number} ${word}${number === 1 ? '' : 's'}`]
  }
  const grave = [...count('error', 'error'), ...count('warning', 'warning')]
  const notes = count('info', 'note')
  const seconds = ` in ${(ms / 1000).toFixed(1)} s.`
  return grave.length === 0
    ? [good('ok'), `No problems${notes.length === 0 ? '' : `, with ${notes[0]}`}; examined`, seconds]
    : [bad('faulty'), [...grave, ...notes].join(', '), ';', ' examined', seconds]
}
