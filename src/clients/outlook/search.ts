/**
 * Common steps of both Outlook models: sending an Autodiscover request (MS-OXDSCLI 3.1.5) and following its response.
 */

import { escapeXml } from '../../formats/xml.ts'
import { type FoundAccount, type Mailbox, orRefusal, Refusal } from '../model/client.ts'
import type { Search, Tracer } from '../model/tracer.ts'
import type { HttpRequest } from '../model/world.ts'
import { readAutodiscover } from './document.ts'

/** The mailbox whose settings are requested. The login is the address that was typed. */
export interface Wanted {
  readonly mailbox: Mailbox
  readonly typed: string
}

/** The account, the reason why there is none, or another mailbox to search for. */
export type Found = FoundAccount | string | Mailbox

export const autodiscoverPath = '/autodiscover/autodiscover.xml'

// Spec: RedirectUrl (POX), RedirectAddr (POX): "stop redirecting after 10 redirects".
const mostRedirects = 10

/** @param search is repeated with each mailbox to which it is redirected */
export function followMailboxes(search: (wanted: Wanted, tracer: Tracer) => Promise<Found>): Search {
  return async (mailbox, tracer) => {
    let wanted = mailbox
    for (let redirects = 0; redirects <= mostRedirects; redirects++) {
      const found = await search({ mailbox: wanted, typed: mailbox.address }, tracer)
      if (typeof found === 'string' || 'incoming' in found) return found
      wanted = found
    }
    return 'more than 10 redirects'
  }
}

/** @returns undefined if there is no Autodiscover service */
export async function postAutodiscover(url: string, wanted: Wanted, tracer: Tracer): Promise<Found | undefined> {
  let next = url
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    // Observed: "Handling Autodiscover error messages": after 301 and 302, the request is sent again. Any other status than
    // 200 means that there is no Autodiscover service.
    const { response, url: from } = await tracer.follow(outlookRequest(next, wanted.mailbox), {
      most: mostRedirects,
      mayFollow: ({ to }) => to.protocol === 'https:'
    })
    if (response?.status === 401 && isElsewhere(from, wanted.mailbox)) {
      tracer.note('used: an Exchange server that requires a login')
      return exchangeAt(from)
    }
    if (response?.status !== 200) return undefined
    const answer = orRefusal(() => readAutodiscover(response.body, wanted.typed))
    if (answer instanceof Refusal) {
      tracer.note(`refused: ${answer.message}`)
      return answer.message
    }
    if (answer.kind === 'settings') {
      tracer.note(answer.isSpa ? 'used: logs in with SPA (NTLM)' : 'used')
      return { ...answer.servers, from }
    }
    tracer.note('redirected')
    if (answer.kind === 'address') return answer.mailbox
    next = answer.url
  }
  return 'more than 10 redirects'
}

/**
 * Why only elsewhere: at the usual hosts, a 401 may also come from a web server that protects all its paths. If the
 * domain itself names a host in a redirect, in JSON or in the DNS, a 401 comes from an Exchange server, which always
 * requires a login.
 */
export function isElsewhere(url: string, { domain }: Pick<Mailbox, 'domain'>): boolean {
  const { hostname } = new URL(url)
  return hostname !== domain && hostname !== `autodiscover.${domain}`
}

function exchangeAt(from: string): FoundAccount {
  const { hostname, port } = new URL(from)
  const incoming = {
    protocol: 'exchange' as const,
    host: hostname,
    port: Number(port || 443),
    security: 'tls' as const,
    username: undefined
  }
  return { incoming, outgoing: undefined, from }
}

export function outlookRequest(url: string, { address }: Pick<Mailbox, 'address'>): HttpRequest {
  return {
    method: 'POST',
    url,
    // Observed: "POX Autodiscover request for Exchange".
    headers: {
      'content-type': 'text/xml; charset=utf-8',
      'x-mapihttpcapability': '1',
      'x-clientcanhandle': 'Negotiate,ExHttpInfo'
    },
    body: `<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006">
  <Request>
    <EMailAddress>${escapeXml(address)}</EMailAddress>
    <AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a</AcceptableResponseSchema>
  </Request>
</Autodiscover>`
  }
}
