/**
 * What a foreign source is, by its name, and what is in it.
 */
import { existsSync } from 'node:fs'
import { importPath } from '../importers/import-path.ts'
import type { Imported } from '../importers/imported.ts'
import { discover } from '../importers/live/discovery.ts'
import { importUrl } from '../importers/live/import-url.ts'
import { type Address, toAddress } from '../settings/address.ts'
import { toDomain } from '../settings/domain.ts'
import { inSurroundings } from './network-access.ts'
import type { NetworkOptions } from './network-options.ts'

/** @returns undefined where a domain tells nothing. @throws AC_IMPORT_UNREADABLE, AC_IMPORT_UNKNOWN */
export async function importSource(source: string, options: NetworkOptions): Promise<Imported | undefined> {
  // Why first: Mozilla's database names its files as domains.
  if (existsSync(source)) return importPath(source)
  if (/^https?:\/\//i.test(source)) return await inSurroundings(options, ({ world }) => importUrl(source, world))
  const address = toSubject(source)
  return address === undefined || isFileName(source)
    ? importPath(source)
    : await inSurroundings(options, surroundings => discover(address, surroundings))
}

/** Why: what is misspelt is no domain to ask strangers about. */
function isFileName(text: string): boolean {
  return !text.includes('.') || /\.(?:xml|mobileconfig|plist|sqlite3?|db|ya?ml)$/i.test(text)
}

/** @returns an address of the domain to ask with. Spec: RFC 5321 4.5.1: the one mailbox that every domain has */
export function toSubject(text: string): Address | undefined {
  const domain = toDomain(text)
  return toAddress(domain === undefined ? text : `postmaster@${domain}`)
}
