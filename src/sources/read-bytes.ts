/**
 * A file's bytes, or in words why it cannot be read.
 */
import { readFileSync } from 'node:fs'

export function readBytes(file: string): { readonly bytes: Buffer } | { readonly reason: string } {
  try {
    return { bytes: readFileSync(file) }
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
