/**
 * Reads a source that `signpost import` is given: a file, a folder, standard input, a URL or a live domain.
 */
import { existsSync } from 'node:fs'
import { importBytes, importPath } from '../importers/import-path.ts'
import type { Imported } from '../importers/imported.ts'
import { discover } from '../importers/live/discovery.ts'
import { importUrl } from '../importers/live/import-url.ts'
import { type Address, toAddress } from '../settings/question/address.ts'
import { toDomain } from '../settings/question/domain.ts'
import type { Call } from './command.ts'
import { withDiscovery } from './options/discovery-access.ts'
import { networkOptions } from './options/network-options.ts'

/** @returns undefined if a domain publishes no settings. @throws AC_IMPORT_UNREADABLE, AC_IMPORT_UNKNOWN */
export async function importSource(source: string, call: Call): Promise<Imported | undefined> {
  if (source === '-') return importBytes(await call.terminal.input(), 'standard input')
  // Why first: files in Mozilla's database are named after domains.
  if (existsSync(source)) return importPath(source)
  const options = networkOptions(call)
  if (/^https?:\/\//i.test(source)) return await withDiscovery(options, ({ world }) => importUrl(source, world))
  const address = discoveryAddress(source)
  return address === undefined || isFileName(source)
    ? importPath(source)
    : await withDiscovery(options, network => discover(address, network))
}

/** Why: a misspelt file name must not be looked up as a domain. */
function isFileName(text: string): boolean {
  return !text.includes('.') || /\.(?:xml|json|mobileconfig|plist|sqlite3?|db|ya?ml)$/i.test(text)
}

/**
 * @param text a domain or an address
 * @returns the address to ask with. Spec: RFC 5321 4.5.1 requires every domain to have the mailbox postmaster.
 */
export function discoveryAddress(text: string): Address | undefined {
  const domain = toDomain(text)
  return toAddress(domain === undefined ? text : `postmaster@${domain}`)
}
