/**
 * What is wrong with a domain, which mail programs it affects, and what to do. The texts contain foreign data, so they must
 * be escaped before they are printed.
 */

export interface Finding {
  /** Such as `certificate.expired`. docs/reference/doctor.md lists all rules. */
  readonly rule: string
  /** `info`: it affects no program, but an administrator may want to know. */
  readonly severity: Severity
  /** A host, a URL, a DNS name, a server or a mail program. */
  readonly subject: string
  /** Further subjects with the same cause. */
  readonly others?: readonly string[]
  /** One sentence that says what is wrong. */
  readonly message: string
  /** One sentence that says what the administrator can do. */
  readonly remedy: string
  /** Names of the affected mail programs: they find no settings, or have to look elsewhere. */
  readonly clients: readonly string[]
}

export type Severity = 'error' | 'warning' | 'info'

export function isGrave({ severity }: Finding): boolean {
  return severity !== 'info'
}

const order: readonly Severity[] = ['error', 'warning', 'info']

/** @returns the most severe first, otherwise in the same order */
export function bySeverity<Each extends Finding>(findings: readonly Each[]): Each[] {
  return findings.toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity))
}

/**
 * @returns findings with the same rule, message and remedy as one, which names the other subjects. Why: hosts of a domain
 * usually lead to one server, and its fault would be reported for each of them.
 */
export function mergeSame(findings: readonly Finding[]): Finding[] {
  const groups = Map.groupBy(findings, ({ rule, severity, message, remedy }) =>
    JSON.stringify([rule, severity, message, remedy])
  )
  return [...groups.values()].flatMap(same => {
    const others = same.slice(1).map(({ subject }) => subject)
    if (others.length === 0) return same
    const clients = [...new Set(same.flatMap(finding => finding.clients))]
    return same.slice(0, 1).map(finding => ({ ...finding, others, clients }))
  })
}

/** @param time milliseconds since 1970, or NaN from an invalid certificate. @returns for example `2026-11-24` */
export function dateOf(time: number): string {
  return Number.isNaN(time) ? 'an unknown day' : new Date(time).toISOString().slice(0, 10)
}
