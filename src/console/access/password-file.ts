/**
 * The file with the password of the console.
 */
import { readText } from '../../sources/read-file.ts'

/**
 * Characters. Why: `mostWrong` lets strangers try 72,000 passwords a day, and the console has the settings of all domains.
 */
export const leastLength = 12

export type PasswordFile = { readonly password: string } | { readonly problem: string }

/**
 * @returns the text of the file without the line end after it, or why it cannot be used. Why without the file name: people put the
 * password itself there.
 */
export function readPasswordFile(path: string): PasswordFile {
  const read = readText(path)
  if ('reason' in read) return { problem: `cannot read the file: ${read.reason}` }
  const password = read.text.replace(/\r?\n$/, '')
  return password === '' ? { problem: 'found an empty file, expected a password' } : { password }
}
