/**
 * The file with the password of the console.
 */
import { type PasswordFile, readPasswordFile } from '../../sources/password-file.ts'

/**
 * Characters. Why: `mostWrong` lets strangers try 72,000 passwords a day, and the console has the settings of all domains.
 */
export const leastLength = 12

/** @returns the password, or why the file cannot be used */
export function readConsolePassword(path: string): PasswordFile {
  const read = readPasswordFile(path)
  const isEmpty = 'password' in read && read.password === ''
  return isEmpty ? { problem: 'found an empty file, expected a password' } : read
}
