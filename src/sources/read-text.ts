/**
 * A file's text, or in words why it cannot be read.
 */
import { readFileSync } from 'node:fs'

export type Read = { readonly text: string } | { readonly reason: string }

export function readText(file: string): Read {
  try {
    return { text: readFileSync(file, 'utf8') }
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    return { reason: reasons[code] ?? message }
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder'
}
