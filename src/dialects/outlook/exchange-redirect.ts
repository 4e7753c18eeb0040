/**
 * Sends Outlook and ActiveSync to the Autodiscover service of Exchange: `autodiscover.redirect` in the table.
 */
import { expand } from '../../settings/names/placeholder.ts'
import type { Provider } from '../../settings/provider.ts'
import type { Writer } from '../dialect.ts'
import { type Document, document } from '../document.ts'

/** @returns undefined if the provider does not redirect */
export function compileExchangeRedirect({ exchangeUrl }: Provider): Writer | undefined {
  if (exchangeUrl === undefined) return undefined
  return ({ domain }) => redirect(expand(exchangeUrl, { '%EMAILDOMAIN%': domain }))
}

/**
 * Spec: MS-OXDSCLI 3.2.5: a server that redirects to another URL SHOULD send 302, upon which clients repeat their POST there
 * (example 4.1); MS-OXDISCO 3.1.5.4: only 302 counts after a GET over plain http. Why not a RedirectUrl in XML: ActiveSync
 * has no such element (its Redirect is an address, MS-ASCMD), and Thunderbird ignores it.
 */
export function redirect(location: string): Document {
  return document(302, { location, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }, '')
}
