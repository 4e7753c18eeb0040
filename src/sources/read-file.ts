/**
 * A file's text, or in words why it cannot be read.
 */
import { readBytes } from './read-bytes.ts'

export type Read = { readonly text: string } | { readonly reason: string }

/** Keys, certificates, passwords. Why: all certificate authorities of a system take 0.3 MiB. */
const mostBytes = 4 * 1024 * 1024

/** Why: a table of a million domains takes 60 MiB. */
const mostSettingsBytes = 256 * 1024 * 1024

export function readText(file: string): Read {
  return toText(readBytes(file, mostBytes))
}

/** As `readText`, for settings tables. */
export function readSettings(file: string): Read {
  return toText(readBytes(file, mostSettingsBytes))
}

function toText(read: ReturnType<typeof readBytes>): Read {
  return 'reason' in read ? read : { text: read.bytes.toString() }
}
