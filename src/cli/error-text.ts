/**
 * An error as a person at a terminal reads it.
 */
import type { SignpostError } from '../errors.ts'
import { printable } from '../settings/load/finding.ts'

/** @returns one line; findings of a settings table as they are, one on a line. Control characters are escaped. */
export function errorText({ code, message }: SignpostError): string {
  // Why: names of files and words of a stranger's document may stand in it. Findings are escaped where they are made.
  return code === 'AC_SETTINGS_INVALID' ? message : `signpost: ${printable(message)}`
}
