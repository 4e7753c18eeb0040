/**
 * YAML text → checked table, or every fault at once with its place in the file.
 */
import { findFaults } from './check.ts'
import { type Fault, pathText } from './fault.ts'
import type { Finding } from './finding.ts'
import { findMismatches } from './mismatch.ts'
import { offsetOf } from './offset.ts'
import { createPlaces } from './place.ts'
import type { Settings } from './schema.ts'
import { type Flaw, parse } from './syntax.ts'
import { createTable, type Table } from './table.ts'

export interface Loaded {
  /** Undefined where a finding is an error. */
  readonly table: Table | undefined
  readonly findings: readonly Finding[]
  /** @returns a fault that was found elsewhere with its place in the file */
  readonly locate: (fault: Fault) => Finding
}

/** @param file the name that findings carry */
export function load(text: string, file: string): Loaded {
  // Why: programs of Windows begin a file with a byte order mark, and editors count columns without it.
  const content = text.replace(/^\ufeff/, '')
  const placeOf = createPlaces(content)
  const { document, value, flaws } = parse(content)
  const faults = hasErrors(flaws) ? [] : faultsOf(value)
  const located = ({ severity, path, message, ofKey = false }: Fault) => ({
    severity,
    offset: offsetOf(document, path, ofKey),
    path: pathText(path),
    message
  })
  const toFinding = ({ severity, offset, path, message }: Flaw & { readonly path: string }): Finding => ({
    severity,
    file,
    ...placeOf(offset),
    path,
    message
  })
  const findings = [...flaws.map(flaw => ({ ...flaw, path: '' })), ...faults.map(located)]
    .sort((a, b) => a.offset - b.offset)
    .map(toFinding)
  return {
    table: hasErrors(findings) ? undefined : createTable(value as Settings),
    findings,
    locate: fault => toFinding(located(fault))
  }
}

function faultsOf(value: unknown): Fault[] {
  const mismatches = findMismatches(value)
  return mismatches.length > 0 ? mismatches : findFaults(value as Settings)
}

function hasErrors(problems: readonly { readonly severity: 'error' | 'warning' }[]): boolean {
  return problems.some(({ severity }) => severity === 'error')
}
