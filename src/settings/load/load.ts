/**
 * YAML text → checked table, or every fault at once with its place in the file.
 */
import { findFaults } from '../check/check.ts'
import type { Settings } from '../schema.ts'
import { createTable, type Table } from '../table.ts'
import { type Fault, type Finding, pathText, warning } from './finding.ts'
import { createOffsets, createPlaces } from './position.ts'
import { findMismatches } from './schema-check.ts'
import { type Flaw, parse } from './syntax.ts'

export interface Loaded {
  /** Undefined where a finding is an error. */
  readonly table: Table | undefined
  readonly findings: readonly Finding[]
  /** @returns a fault that was found elsewhere with its place in the file */
  readonly locate: (fault: Fault) => Finding
}

export interface LoadOptions {
  /** Reads a picture that the table names. Default: there is none. */
  readonly readLogo?: ReadLogo
}

/** @returns the picture as a data: URL, or in words why it cannot be shown */
export type ReadLogo = (name: string) => { readonly url: string } | { readonly reason: string }

/** @param file the name that findings carry */
export function load(text: string, file: string, { readLogo }: LoadOptions = {}): Loaded {
  // Why: programs of Windows begin a file with a byte order mark, and editors count columns without it.
  const content = text.replace(/^\ufeff/, '')
  const placeOf = createPlaces(content)
  const { document, value, flaws } = parse(content)
  const offsetOf = createOffsets(document)
  const faults = hasErrors(flaws) ? [] : faultsOf(value)
  const sound = !hasErrors(flaws) && !hasErrors(faults)
  const { logos, missing } = sound && readLogo ? logosOf(value as Settings, readLogo) : noLogos
  const located = ({ severity, path, message, ofKey = false }: Fault) => ({
    severity,
    offset: offsetOf(path, ofKey),
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
  const findings = [...flaws.map(flaw => ({ ...flaw, path: '' })), ...[...faults, ...missing].map(located)]
    .sort((a, b) => a.offset - b.offset)
    .map(toFinding)
  return {
    table: sound ? createTable(value as Settings, logos) : undefined,
    findings,
    locate: fault => toFinding(located(fault))
  }
}

interface Logos {
  /** data: URLs by name. */
  readonly logos: ReadonlyMap<string, string>
  /** Why not errors: mail programs are answered as well without a picture for people. */
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
