/**
 * What is wrong with a domain, who is hurt by it and what to do. Its texts come from strangers in part: whoever prints them
 * escapes them.
 */
export interface Finding {
  /** `certificate.expired`; README lists them. */
  readonly rule: string
  /** `info`: nobody is hurt, and an administrator may want to know. */
  readonly severity: Severity
  /** A host, a URL, a DNS name, a server, a program. */
  readonly subject: string
  /** One sentence: what is wrong. */
  readonly message: string
  /** One sentence: what the administrator can do. */
  readonly remedy: string
  /** Names of the mail programs that meet it: they do not find their settings, or have to look elsewhere. */
  readonly clients: readonly string[]
}

export type Severity = 'error' | 'warning' | 'info'

export function isGrave({ severity }: Finding): boolean {
  return severity !== 'info'
}

const order: readonly Severity[] = ['error', 'warning', 'info']

/** @returns the gravest first, and otherwise in the order that they have */
export function bySeverity(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity))
}
