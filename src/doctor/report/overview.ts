/**
 * The report about all domains of a settings table: the verdict, one row for each domain, and each cause once.
 */
import { type CommonCause, commonCauses, type DomainFindings } from '../common-causes.ts'
import { isGrave } from '../finding.ts'
import { bad, doubtful, faint, good, type Line, type Piece } from './line.ts'
import { severities } from './verdict.ts'

/** The result of one domain. */
export interface DomainResult extends DomainFindings {
  /** Why it could not be examined; undefined if it was. */
  readonly failure: string | undefined
}

export interface Overview {
  /** The settings table. */
  readonly file: string
  readonly results: readonly DomainResult[]
  /** Duration of all examinations in milliseconds. */
  readonly ms: number
}

export interface OverviewOptions {
  /** Whether to show notes, too. */
  readonly isVerbose?: boolean
}

/** `failed`: it could not be examined. */
export type DomainVerdict = 'failed' | 'faulty' | 'warning' | 'ok'

const marks = {
  failed: bad('failed'),
  faulty: bad('faulty'),
  warning: doubtful('warning'),
  ok: good('ok')
} satisfies Record<DomainVerdict, Piece>

const order: readonly DomainVerdict[] = ['failed', 'faulty', 'warning', 'ok']

export function overview({ file, results, ms }: Overview, { isVerbose = false }: OverviewOptions = {}): Line[] {
  const rows = results.map(toDomainRow)
  const causes = commonCauses(results).filter(cause => isVerbose || isGrave(cause))
  const width = Math.max('domain'.length, ...rows.map(({ domain }) => Math.min(domain.length, longestDomain)))
  const sorted = rows.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict))
  return [
    [{ style: 'heading', text: file }, `, ${counted(rows.length, 'domain')}`],
    ...section('Verdict', [[...totals(rows), ` examined in ${(ms / 1000).toFixed(1)} s.`], ...firstLines(causes)]),
    ...section('Domains', [
      [faint(`verdict ${'domain'.padEnd(width)} errors warnings first cause`)],
      ...sorted.map((row): Line => {
        const [errors, warnings] = row.verdict === 'failed' ? ['–', '–'] : [row.errors, row.warnings]
        const counts = `${String(errors).padStart(6)} ${String(warnings).padStart(8)}`
        return [marks[row.verdict], `${row.domain.padEnd(width)} ${counts} `, faint(row.firstCause ?? '')]
      })
    ]),
    ...section('Causes', causes.flatMap(causeLines))
  ]
}

/** In characters. Why limited: one long domain must not push all other columns aside. */
const longestDomain = 40

export interface DomainRow {
  readonly domain: string
  readonly verdict: DomainVerdict
  readonly errors: number
  readonly warnings: number
  /** What to look at first; undefined if nothing is wrong. */
  readonly firstCause: string | undefined
}

/** @param result with the most severe findings first */
export function toDomainRow({ domain, findings, failure }: DomainResult): DomainRow {
  const [first] = findings.filter(isGrave)
  const errors = findings.filter(({ severity }) => severity === 'error').length
  const warnings = findings.filter(({ severity }) => severity === 'warning').length
  const verdict = failure !== undefined ? 'failed' : errors > 0 ? 'faulty' : warnings > 0 ? 'warning' : 'ok'
  const cause = first && (first.subject === domain ? first.message : `${first.subject}: ${first.message}`)
  return { domain, verdict, errors, warnings, firstCause: failure ?? cause }
}

function totals(rows: readonly DomainRow[]): Line {
  const count = (verdict: DomainVerdict) => rows.filter(row => row.verdict === verdict).length
  const [failed, faulty, warned, well] = [count('failed'), count('faulty'), count('warning'), count('ok')]
  if (well === rows.length) return [good('ok'), `No problems at ${counted(well, 'domain')};`]
  const parts = [
    ...(faulty === 0 ? [] : [`${faulty} with errors`]),
    ...(warned === 0 ? [] : [`${warned} with warnings`]),
    ...(failed === 0 ? [] : [`${failed} not examined`]),
    `${well} without a problem`
  ]
  return [bad('faulty'), `${counted(rows.length, 'domain')}: ${parts.join(', ')};`]
}

function firstLines(causes: readonly CommonCause[]): Line[] {
  const grave = causes.filter(isGrave)
  const shown = grave.slice(0, grave.length > 2 ? 1 : 2)
  const left = grave.length - shown.length
  return [
    ...shown.map(({ severity, subject, message, remedy, domains }): Line => {
      const where = domains.length === 1 ? '' : ` (${domains.length} domains)`
      return [severities[severity], `${subject}${where}: ${message} ${remedy}`]
    }),
    ...(left === 0 ? [] : [[' '.repeat(8), faint(`and ${left} more below`)]])
  ]
}

/** Domains that are named for a cause. The table names all of them. */
const mostNamed = 5

function causeLines({ severity, rule, subject, others = [], ...cause }: CommonCause): Line[] {
  const { domains, message, affects, remedy } = cause
  const indent = ' '.repeat(8)
  const more = domains.length > mostNamed ? ` and ${domains.length - mostNamed} more` : ''
  return [
    [severities[severity], `${subject} `, faint(rule)],
    ...others.map((other): Line => [indent, other]),
    [indent, message],
    ...(domains.length === 1 ? [] : [[indent, `Domains: ${domains.slice(0, mostNamed).join(', ')}${more}.`]]),
    ...(affects.length === 0 ? [] : [[indent, `Affects: ${affects.join(', ')}.`]]),
    [indent, `Remedy: ${remedy}`]
  ]
}

function section(title: string, lines: readonly Line[]): Line[] {
  if (lines.length === 0) return []
  return [[], [{ style: 'heading', text: title }], ...lines.map((line): Line => ['  ', ...line])]
}

function counted(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`
}

/** @returns the overview as JSON: each domain in the order of the table, and each cause once */
export function toJsonOverview({ file, results, ms }: Overview): object {
  const rows = results.map(toDomainRow)
  return {
    ...{ file, ms: Math.round(ms), isWell: rows.every(({ verdict }) => verdict === 'ok') },
    domains: rows.map(({ firstCause = null, ...row }) => ({ ...row, firstCause })),
    causes: commonCauses(results)
  }
}
