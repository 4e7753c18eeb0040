/**
 * Outlook for Windows with its own wizard: versions 2007 to 2016, and later ones with
 * DisableOffice365SimplifiedAccountCreation. The model omits the earlier steps (local files, the directory of a Windows domain,
 * and Microsoft 365) and assumes that the person accepts all hosts.
 */
import { inSrvOrder, srvHost } from '../dns/srv.ts'
import type { Client } from '../model/client.ts'
import { createDiscover, type Tracer } from '../model/tracer.ts'
import { autodiscoverPath, type Found, followMailboxes, postAutodiscover, type Wanted } from './search.ts'

export const outlookClassic: Client = {
  name: 'outlook-classic',
  title: 'Outlook (own wizard)',
  release: '2007 to 2021, as documented',
  source: 'MS-OXDISCO, MS-OXDSCLI, support.microsoft.com 3211279',
  takes: 'IMAP or POP3 and SMTP of Autodiscover, or an Exchange server',
  discover: createDiscover(followMailboxes(search))
}

async function search(wanted: Wanted, tracer: Tracer): Promise<Found> {
  const { domain } = wanted.mailbox
  // Observed: support.microsoft.com 3211279: "Outlook 2016 implementation of Autodiscover".
  const steps = [
    async () => `https://${domain}${autodiscoverPath}`,
    async () => `https://autodiscover.${domain}${autodiscoverPath}`,
    () => redirectFrom(`http://autodiscover.${domain}${autodiscoverPath}`, tracer),
    () => hostOfSrv(domain, tracer)
  ]
  let refusal = 'nothing found'
  for (const step of steps) {
    const url = await step()
    const found = url === undefined ? undefined : await postAutodiscover(url, wanted, tracer)
    if (found === undefined) continue
    if (typeof found !== 'string') return found
    refusal = found
  }
  return refusal
}

/**
 * Spec: MS-OXDISCO 3.1.5: a GET without credentials, which is useful only if the response is a 302. @returns the
 * target of the redirect
 */
async function redirectFrom(url: string, tracer: Tracer): Promise<string | undefined> {
  const response = await tracer.exchange({ method: 'GET', url, headers: {} })
  const location = response?.headers.location
  if (response?.status !== 302 || location === undefined) return undefined
  // Observed: ews-javascript-api 0.15, AutodiscoverService.ts: LegacyPathRegex requires lower case and https.
  if (URL.canParse(location) && isLegacyPath(location)) {
    tracer.note('redirected')
    return location
  }
  tracer.note('refused: not an https URL that ends in /autodiscover/autodiscover.xml')
  return undefined
}

/**
 * Observed: LegacyPathRegex: `^https://[^?#]*\/autodiscover\/([^/?#]+\/)*autodiscover\.xml`. Why part by part: the
 * pattern takes quadratic time.
 */
function isLegacyPath(location: string): boolean {
  const [, path] = /^https:\/\/([^?#]*)/.exec(location) ?? []
  let isInside = false
  for (const part of path?.split('/').slice(1) ?? []) {
    if (isInside && part.startsWith('autodiscover.xml')) return true
    isInside = part !== '' && (isInside || part === 'autodiscover')
  }
  return false
}

/** Observed: exchangelib, discovery.py ignores ports other than 443. */
async function hostOfSrv(domain: string, { dns }: Tracer): Promise<string | undefined> {
  const records = await dns.srv(`_autodiscover._tcp.${domain}`)
  const [best] = inSrvOrder(records.filter(({ port }) => port === 443))
  return best && `https://${srvHost(best)}${autodiscoverPath}`
}
