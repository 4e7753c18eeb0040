/**
 * The way from plain http to https.
 */
import { type Document, document } from '../dialects/document.ts'
import { type Account, toSite } from '../settings/question/account.ts'
import type { Table } from '../settings/table.ts'

export interface RedirectTarget {
  /** What the host alone resolves to. */
  readonly account: Account | undefined
  /** The Host header as sent. */
  readonly host: string | undefined
  readonly table: Table
  /** The answer depends on the host alone, so the redirect prefers it. */
  readonly staysAtHost?: boolean | undefined
}

/**
 * Redirects to `http.publicUrl` if it is set, because customers' host names may have no certificate, and otherwise to the
 * requested host if it is served. A redirect to any requested host could lead anywhere.
 * @returns undefined if there is no such host
 */
export function httpsRedirect(path: string, target: RedirectTarget): Document | undefined {
  const { account, host, table, staysAtHost = false } = target
  const own = account && toSite(host)
  const requested = own && `https://${own}`
  const publicUrl = table.settings.http?.publicUrl
  const origin = staysAtHost ? (requested ?? publicUrl) : (publicUrl ?? requested)
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
