/**
 * An error as a person at a terminal reads it.
 */
import type { SignpostError } from '../errors.ts'
import { printable } from '../settings/load/finding.ts'

/** @returns one line, but one for each finding of a settings table and for each advice. Control characters are escaped. */
export function errorText({ code, message }: SignpostError): string {
  // Why: names of files and words of a stranger's document may stand in it. Findings are escaped where they are made.
  if (code === 'AC_SETTINGS_INVALID') return message
  return `signpost: ${code === 'AC_NO_SETTINGS' ? message : printable(message)}`
}
