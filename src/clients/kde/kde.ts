/**
 * KMail's account wizard. It asks the ISPDB first, never sends the address, and stops at the first answer with status 200,
 * whatever is in it.
 */
import type { Client, FoundAccount } from '../model/client.ts'
import { createDiscover } from '../model/create-discover.ts'
import type { Mailbox } from '../model/mailbox.ts'
import type { Tracer } from '../model/tracer.ts'
import { readConfig } from './document.ts'

export const kde: Client = {
  name: 'kde',
  title: 'KMail',
  source: 'KDE/kmail-account-wizard 8163b65 (2026-07)',
  discover: createDiscover(search)
}

async function search(mailbox: Mailbox, tracer: Tracer): Promise<FoundAccount | string> {
  const { domain } = mailbox
  // Observed: KDE/kmail-account-wizard 8163b65, src/ispdbservice.cpp: requestConfig: in the order of SearchServerType.
  const urls = [
    `https://autoconfig.thunderbird.net/v1.1/${domain}`,
    `https://autoconfig.${domain}/mail/config-v1.1.xml`,
    `http://autoconfig.${domain}/mail/config-v1.1.xml`,
    `https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`
  ]
  for (const asked of urls) {
    const { response, url } = await tracer.follow(
      // Observed: Qt 6 QNetworkAccessManager: its own User-Agent; 50 redirects, none from https to http.
      { method: 'GET', url: asked, headers: { 'user-agent': 'Mozilla/5.0' } },
      { most: 50, mayFollow: ({ from, to }) => from.protocol === to.protocol || to.protocol === 'https:' }
    )
    // Observed: …/ispdbservice.cpp: `HttpStatusCodeAttribute) != 200` alone leads to the next URL.
    if (response?.status !== 200) continue
    const read = readConfig(response.body, mailbox)
    if (typeof read === 'string') {
      tracer.note(`ends the search: ${read}`)
      return `asks for the servers: ${read}`
    }
    tracer.note(`used, logs in with ${read.login}`)
    return { incoming: read.incoming, outgoing: read.outgoing, from: url }
  }
  return 'asks for the servers'
}
