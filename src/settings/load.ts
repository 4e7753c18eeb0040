/**
 * YAML text → checked table, or every fault at once with its place in the file.
 */
import { readFileSync } from 'node:fs'
import { LineCounter, parseDocument } from 'yaml'
import { findFaults } from './check.ts'
import { type Finding, pathText } from './finding.ts'
import { findMismatches } from './mismatch.ts'
import { offsetOf } from './offset.ts'
import type { Settings } from './schema.ts'
import { createTable, type Table } from './table.ts'

export interface Loaded {
  /** Undefined where a finding is an error. */
  readonly table: Table | undefined
  readonly findings: readonly Finding[]
}

/** @throws the error of the file system where the file cannot be read */
export function loadFile(file: string): Loaded {
  return load(readFileSync(file, 'utf8'), file)
}

/** @param file the name that findings carry */
export function load(text: string, file: string): Loaded {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, schema: 'core', strict: true, prettyErrors: false })
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  if (document.errors.length > 0) {
    const findings = document.errors.map(
      ({ pos, message }) => ({ severity: 'error', ...at(pos[0]), path: '', message }) as const
    )
    return { table: undefined, findings }
  }
  let value: unknown
  try {
    value = document.toJS()
  } catch (error) {
    // Why: yaml refuses alias bombs only when it resolves them.
    return { table: undefined, findings: [{ severity: 'error', ...at(0), path: '', message: String(error) }] }
  }
  const settings = value as Settings
  const mismatches = findMismatches(value)
  const faults = mismatches.length > 0 ? mismatches : findFaults(settings)
  const findings = faults
    .map(({ severity, path, message, ofKey = false }) => ({
      severity,
      ...at(offsetOf(document, path, ofKey)),
      path: pathText(path),
      message
    }))
    .sort((a, b) => a.line - b.line || a.column - b.column)
  const broken = findings.some(({ severity }) => severity === 'error')
  return { table: broken ? undefined : createTable(settings), findings }
}
