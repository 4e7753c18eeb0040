/**
 * A file's text, or in words why it cannot be read.
 */
import { readBytes } from './read-bytes.ts'

export type Read = { readonly text: string } | { readonly reason: string }

export function readText(file: string): Read {
  const read = readBytes(file)
  return 'reason' in read ? read : { text: read.bytes.toString() }
}
