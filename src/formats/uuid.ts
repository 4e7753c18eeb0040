/**
 * Name-based UUIDs, version 5: RFC 9562 5.5.
 */
import { hash } from 'node:crypto'

// Spec: RFC 9562 6.6, namespace URL.
const urlNamespace = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex')

/** @returns the UUID of a URL, in capital letters as Apple's tools write them; the same URL gives the same UUID */
export function uuidOfUrl(url: string): string {
  const digest = hash('sha1', Buffer.concat([urlNamespace, Buffer.from(url)]), 'buffer')
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x50, 6)
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = digest.toString('hex', 0, 16).toUpperCase()
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
