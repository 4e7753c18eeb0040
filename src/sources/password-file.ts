/**
 * Passwords from files.
 */
import { readText } from './read-file.ts'

export type PasswordFile = { readonly password: string } | { readonly problem: string }

/**
 * @returns the text of the file without the line end after it, or why it cannot be read. Why without the file name: people put the
 * password itself there.
 */
export function readPasswordFile(path: string): PasswordFile {
  const read = readText(path)
  return 'reason' in read
    ? { problem: `cannot read the file: ${read.reason}` }
    : { password: read.text.replace(/\r?\n$/, '') }
}
