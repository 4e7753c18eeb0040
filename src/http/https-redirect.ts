/**
 * The way from plain http to https.
 */
import { type Document, document } from '../dialects/document.ts'
import { type Account, toSite } from '../settings/account.ts'
import type { Table } from '../settings/table.ts'

export interface RedirectTarget {
  /** What the host alone resolves to. */
  readonly account: Account | undefined
  /** The Host header as sent. */
  readonly host: string | undefined
  readonly table: Table
}

/**
 * Why to a host that is served, or the configured one: a Location made from any Host leads wherever it likes.
 * @returns undefined where there is nowhere to lead to
 */
export function httpsRedirect(path: string, { account, host, table }: RedirectTarget): Document | undefined {
  const own = account && toSite(host)
  const origin = own === undefined ? table.settings.http?.publicUrl : `https://${own}`
  if (origin === undefined) return undefined
  // Spec: MS-OXDISCO 3.1.5.4 and every EWS library: 302, absolute, https.
  const headers = {
    location: `${origin}${encodePath(path)}`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff'
  }
  return document(302, headers, '')
}

/**
 * Spec: RFC 3986 2: other characters are no part of a URL. Node accepts some of them in a request, and some
 * programs would show them as markup.
 */
function encodePath(path: string): string {
  return path.replace(/[^!#-;=?-[\]_a-z~]/g, character => `%${Buffer.from(character, 'latin1').toString('hex')}`)
}
