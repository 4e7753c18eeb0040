/**
 * One file of a settings table: the main file, or one that it includes.
 */
import type { Settings } from '../schema.ts'
import { error, type Fault, type Finding, type Path, pathText, warning } from './finding.ts'
import { createOffsets, createPositions } from './position.ts'
import { findMismatches, isMapping, schemaFor } from './schema-check.ts'
import { parse } from './syntax.ts'
import { isDoubtful, usablePart } from './usable-part.ts'

export interface SettingsFile {
  /** The name in findings. */
  readonly file: string
  /** What matches the schema. */
  readonly settings: Partial<Settings>
  /** Syntax errors and mismatches with the schema. */
  readonly findings: readonly Finding[]
  /** Whether `settings` lacks something that is in the file. */
  readonly isPartial: boolean
  /** Whether it is a mapping without `providers`. */
  readonly lacksProviders: boolean
  /** @param path in `settings`. @returns the path in the file */
  pathOf(path: Path): Path
  /** Adds the position to a fault. Its path is that in the file. */
  locate(fault: Fault): Finding
  /** @returns whether a fault, with its path in the file, may only be there because `settings` is partial */
  isDoubtful(fault: Fault): boolean
}

export interface FileOptions {
  /** The main file, if this is another one. */
  readonly includedBy?: string | undefined
}

/** @param file the file name in findings */
export function parseSettingsFile(text: string, file: string, { includedBy }: FileOptions = {}): SettingsFile {
  // Why: Windows programs write a byte order mark at the start of a file, and editors do not count it as a column.
  const content = text.replace(/^\ufeff/, '')
  const positionOf = createPositions(content)
  const { document, value, flaws } = parse(content)
  const offsetOf = createOffsets(document)
  const toFinding = (
    { severity, message }: Pick<Fault, 'severity' | 'message'>,
    offset: number,
    path: Path
  ): Finding => ({
    severity,
    file,
    ...positionOf(offset),
    path: pathText(path),
    message
  })
  const locate = (fault: Fault) => toFinding(fault, offsetOf(fault.path, fault.ofKey === true), fault.path)
  const syntax = flaws.map(flaw => toFinding(flaw, flaw.offset, []))
  const isUnused = includedBy !== undefined && isEmpty(value)
  const unused = isUnused ? [warning([], 'has no effect: the file has no providers')] : []
  const mismatches = value === undefined || isUnused ? [] : findMismatches(value, { includedBy })
  const { part, pathOf } = mismatches.length === 0 ? wholeOf(value) : usablePart(value, schemaFor({ includedBy }))
  return {
    file,
    settings: isMapping(part) ? part : {},
    findings: [...syntax, ...[...unused, ...mismatches].map(locate)],
    isPartial: value === undefined || mismatches.length > 0,
    lacksProviders: isMapping(value) && !Object.hasOwn(value, 'providers'),
    pathOf,
    locate,
    isDoubtful: fault => isDoubtful(fault, mismatches)
  }
}

/** @param reason why the file cannot be read */
export function unreadableFile(file: string, reason: string): SettingsFile {
  const empty = parseSettingsFile('', file, { includedBy: file })
  return { ...empty, findings: [empty.locate(error([], reason))], isPartial: true }
}

/** Why: people comment out everything in a file, and an editor may create an empty one first. */
function isEmpty(value: unknown): boolean {
  return value === null || (isMapping(value) && Object.keys(value).every(isExtension))
}

/** Why not a copy of everything: the table may have a million domains. */
function wholeOf(value: unknown) {
  const part = isMapping(value) ? Object.fromEntries(Object.entries(value).filter(([key]) => !isExtension(key))) : value
  return { part, pathOf: (path: Path) => path }
}

function isExtension(key: string): boolean {
  return key.startsWith('x-')
}
