/**
 * Faults as lines that a test can compare: `error providers[0].id: found …`.
 */
import { type Fault, pathText } from '../../../src/settings/load/finding.ts'

export function linesOf(faults: readonly Fault[]): string[] {
  return faults.map(({ severity, path, message }) => `${severity} ${pathText(path)}: ${message}`)
}
