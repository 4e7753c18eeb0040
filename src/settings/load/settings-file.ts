/**
 * One file of a settings table: the main file, or one that it includes.
 */
import { isObject } from '../../json.ts'
import type { Settings } from '../schema.ts'
import { error, type Fault, type Finding, type Path, pathText, warning } from './finding.ts'
import { correctKeys } from './misspelt-keys.ts'
import { createOffsets, createPositions } from './position.ts'
import { findMismatches, type Mismatch, schemaFor } from './schema-check.ts'
import { parse } from './syntax.ts'
import { type Unusable, unusableValues, usablePart } from './usable-part.ts'

export interface SettingsFile {
  /** The name in findings. */
  readonly file: string
  /** What matches the schema. Required keys without a usable value have an empty one. */
  readonly settings: Partial<Settings>
  /** Syntax errors and mismatches with the schema. */
  readonly findings: readonly Finding[]
  /** What `settings` lacks. Paths are those in the file. */
  readonly unusable: Unusable
  /** Whether it is a mapping without `providers`. */
  readonly lacksProviders: boolean
  /** @param path in `settings`. @returns the path in the file */
  pathOf(path: Path): Path
  /** Adds the position to a fault. Its path is that in the file. */
  locate(fault: Fault): Finding
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
  const { document, value: written, flaws } = parse(content)
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
  const syntax = flaws.map(flaw => toFinding(flaw, flaw.offset, []))
  const isUnused = includedBy !== undefined && isEmpty(written)
  const unused = isUnused ? [warning([], 'has no effect: the file has no providers')] : []
  const { value, misspelt, mismatches, writtenPathOf } =
    written === undefined || isUnused ? matching(written) : compareWithSchema(written, { includedBy })
  const { part, pathOf } = mismatches.length === 0 ? wholeOf(value) : usablePart(value, schemaFor({ includedBy }))
  const unusable = unusableValues(
    value === undefined ? [[]] : mismatches.flatMap(each => (each.unusable === undefined ? [] : [each.unusable]))
  )
  const locateWritten = (fault: Fault) => toFinding(fault, offsetOf(fault.path, fault.ofKey === true), fault.path)
  const locate = (fault: Fault) => locateWritten({ ...fault, path: writtenPathOf(fault.path) })
  return {
    file,
    settings: isObject(part) ? part : {},
    findings: [...syntax, ...misspelt.map(locateWritten), ...[...unused, ...mismatches].map(locate)],
    unusable,
    lacksProviders: isObject(value) && !Object.hasOwn(value, 'providers') && !unusable.has(['providers']),
    pathOf,
    locate
  }
}

interface Compared {
  /** With the right keys instead of misspelt ones. */
  readonly value: unknown
  /** Paths are those in the file. */
  readonly misspelt: readonly Fault[]
  readonly mismatches: readonly Mismatch[]
  /** @param path in `value`. @returns the path in the file */
  writtenPathOf(path: Path): Path
}

function matching(value: unknown): Compared {
  return { value, misspelt: [], mismatches: [], writtenPathOf: path => path }
}

function compareWithSchema(written: unknown, options: FileOptions): Compared {
  const mismatches = findMismatches(written, options)
  // Why: correcting copies the value, and a table without misspelt keys may be large.
  if (!mismatches.some(({ ofKey }) => ofKey)) return { ...matching(written), mismatches }
  const { value, faults, pathOf } = correctKeys(written, schemaFor(options))
  return { value, misspelt: faults, mismatches: findMismatches(value, options), writtenPathOf: pathOf }
}

/** @param reason why the file cannot be read */
export function unreadableFile(file: string, reason: string): SettingsFile {
  const empty = parseSettingsFile('', file, { includedBy: file })
  return { ...empty, findings: [empty.locate(error([], reason))], unusable: unusableValues([[]]) }
}

/** Why: people comment out everything in a file, and an editor may create an empty one first. */
function isEmpty(value: unknown): boolean {
  return value === null || (isObject(value) && Object.keys(value).every(isExtension))
}

/** Why not a copy of everything: the table may have a million domains. */
function wholeOf(value: unknown) {
  const part = isObject(value) ? Object.fromEntries(Object.entries(value).filter(([key]) => !isExtension(key))) : value
  return { part, pathOf: (path: Path) => path }
}

function isExtension(key: string): boolean {
  return key.startsWith('x-')
}
