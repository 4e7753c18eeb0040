/**
 * What the two ways of Outlook to find settings have in common: one Autodiscover request, and where its answer leads.
 */
import type { FoundAccount } from '../model/client.ts'
import type { Search } from '../model/create-discover.ts'
import type { Mailbox } from '../model/mailbox.ts'
import { orRefusal, Refusal } from '../model/refusal.ts'
import type { Tracer } from '../model/tracer.ts'
import { readAutodiscover } from './document.ts'
import { outlookRequest } from './request.ts'

/** Whose settings are asked for; the log-in is the address that was typed. */
export interface Wanted {
  readonly mailbox: Mailbox
  readonly typed: string
}

/** The account, why there is none, or another mailbox to ask for. */
export type Found = FoundAccount | string | Mailbox

export const autodiscoverPath = '/autodiscover/autodiscover.xml'

// Spec: RedirectUrl (POX), RedirectAddr (POX): "stop redirecting after 10 redirects".
const mostRedirects = 10

/** @param search begun anew with every mailbox that it is sent to */
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

/** @returns undefined where there is no Autodiscover service */
export async function postAutodiscover(url: string, wanted: Wanted, tracer: Tracer): Promise<Found | undefined> {
  let next = url
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    // Observed: "Handling Autodiscover error messages": after 301 and 302 the request is sent again; with any other status
    // than 200 it is no Autodiscover service.
    const { response, url: from } = await tracer.follow(outlookRequest(next, wanted.mailbox), {
      most: mostRedirects,
      mayFollow: ({ to }) => to.protocol === 'https:'
    })
    if (response?.status !== 200) return undefined
    const answer = orRefusal(() => readAutodiscover(response.body, wanted.typed))
    if (answer instanceof Refusal) {
      tracer.note(`refused: ${answer.message}`)
      return answer.message
    }
    if (answer.kind === 'settings') {
      tracer.note(answer.isSpa ? 'used, to log in by SPA (NTLM)' : 'used')
      return { ...answer.servers, from }
    }
    tracer.note('redirected')
    if (answer.kind === 'address') return answer.mailbox
    next = answer.url
  }
  return 'more than 10 redirects'
}
