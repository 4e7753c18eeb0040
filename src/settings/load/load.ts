/**
 * Loads YAML text into a checked table, or reports all problems at once with their positions in the file.
 */
import { findFaults } from '../check/check.ts'
import type { Settings } from '../schema.ts'
import { createTable, type Table } from '../table.ts'
import { type Fault, type Finding, pathText, warning } from './finding.ts'
import { createOffsets, createPositions } from './position.ts'
import { findMismatches } from './schema-check.ts'
import { type Flaw, parse } from './syntax.ts'

export interface Loaded {
  /** Undefined if a finding is an error. */
  readonly table: Table | undefined
  readonly findings: readonly Finding[]
  /** Adds the position in the file to a fault that was found later. */
  readonly locate: (fault: Fault) => Finding
}

export interface LoadOptions {
  /** Reads a logo that the table names. Default: no logos. */
  readonly readLogo?: ReadLogo
}

/** @returns the logo as a data: URL, or the reason why it cannot be shown */
export type ReadLogo = (name: string) => { readonly url: string } | { readonly reason: string }

/** @param file the file name in findings */
export function load(text: string, file: string, { readLogo }: LoadOptions = {}): Loaded {
  // Why: Windows programs write a byte order mark at the start of a file, and editors do not count it as a column.
  const content = text.replace(/^\ufeff/, '')
  const positionOf = createPositions(content)
  const { document, value, flaws } = parse(content)
  const offsetOf = createOffsets(document)
  const faults = hasErrors(flaws) ? [] : faultsOf(value)
  const isUsable = !hasErrors(flaws) && !hasErrors(faults)
  const { logos, missing } = isUsable && readLogo ? logosOf(value as Settings, readLogo) : noLogos
  const located = ({ severity, path, message, ofKey = false }: Fault) => ({
    severity,
    offset: offsetOf(path, ofKey),
    path: pathText(path),
    message
  })
  const toFinding = ({ severity, offset, path, message }: Flaw & { readonly path: string }): Finding => ({
    severity,
    file,
    ...positionOf(offset),
    path,
    message
  })
  const findings = [...flaws.map(flaw => ({ ...flaw, path: '' })), ...[...faults, ...missing].map(located)]
    .sort((a, b) => a.offset - b.offset)
    .map(toFinding)
  return {
    table: isUsable ? createTable(value as Settings, logos) : undefined,
    findings,
    locate: fault => toFinding(located(fault))
  }
}

interface Logos {
  /** data: URLs by file name. */
  readonly logos: ReadonlyMap<string, string>
  /** Why: these are only warnings, because mail programs do not need the logo. */
  readonly missing: readonly Fault[]
}

const noLogos: Logos = { logos: new Map(), missing: [] }

function logosOf({ providers }: Settings, readLogo: ReadLogo): Logos {
  const logos = new Map<string, string>()
  const missing: Fault[] = []
  for (const [index, { brand }] of providers.entries()) {
    if (brand?.logo === undefined) continue
    const read = readLogo(brand.logo)
    if ('url' in read) logos.set(brand.logo, read.url)
    else missing.push(warning(['providers', index, 'brand', 'logo'], `${read.reason}: the page shows the name instead`))
  }
  return { logos, missing }
}

function faultsOf(value: unknown): Fault[] {
  const mismatches = findMismatches(value)
  return mismatches.length > 0 ? mismatches : findFaults(value as Settings)
}

function hasErrors(problems: readonly { readonly severity: 'error' | 'warning' }[]): boolean {
  return problems.some(({ severity }) => severity === 'error')
}
