/**
 * New Outlook, Outlook for Mac and for phones, and the simplified setup of classic Outlook: Microsoft's service
 * detects the account with Autodiscover version 2. The model omits its list of large providers and its guesses from
 * MX records.
 */
import { parseObject } from '../../json.ts'
import type { Client, FoundAccount, Mailbox } from '../model/client.ts'
import { createDiscover, type Tracer } from '../model/tracer.ts'
import { autodiscoverPath, type Found, followMailboxes, postAutodiscover, type Wanted } from './search.ts'

export const outlookCloud: Client = {
  name: 'outlook-cloud',
  title: 'Outlook (detected by Microsoft)',
  release: 'as seen in its requests',
  source: 'requests in mjl-/mox 200, mailcow/mailcow-dockerized 2300 and 2653, gronke/email-autodiscover 4',
  takes: 'an ActiveSync server; otherwise IMAP or POP3 and SMTP of Autodiscover, or an Exchange server',
  discover: createDiscover(followMailboxes(search))
}

async function search(wanted: Wanted, tracer: Tracer): Promise<Found> {
  const { mailbox } = wanted
  const activeSync = await askProtocol('ActiveSync', mailbox, tracer)
  if (activeSync !== undefined) {
    tracer.note('used')
    return toAccount(activeSync)
  }
  // Observed: mailcow/mailcow-dockerized 2653: the v is in lower case. After that it requests the XML, even if there
  // was no JSON.
  const xml = await askProtocol('Autodiscoverv1', mailbox, tracer)
  const url = xml?.href ?? `https://autodiscover.${mailbox.domain}${autodiscoverPath}`
  return (await postAutodiscover(url, wanted, tracer)) ?? 'nothing found'
}

/** @returns the URL for the protocol; undefined if the response has none */
async function askProtocol(protocol: string, { address, domain }: Mailbox, tracer: Tracer): Promise<URL | undefined> {
  const query = `Email=${encodeURIComponent(address)}&Protocol=${protocol}&RedirectCount=1`
  const url = `https://autodiscover.${domain}/autodiscover/autodiscover.json?${query}`
  const { response } = await tracer.follow(
    { method: 'GET', url, headers: {} },
    { most: 10, mayFollow: ({ to }) => to.protocol === 'https:' }
  )
  if (response?.status !== 200) return undefined
  const answer = readAnswer(response.body)
  if (answer?.protocol.toLowerCase() === protocol.toLowerCase()) return answer.url
  tracer.note(`refused: no https URL for ${protocol}`)
  return undefined
}

function readAnswer(body: string): { readonly protocol: string; readonly url: URL } | undefined {
  const { Protocol, Url } = parseObject(body)
  if (typeof Protocol !== 'string' || typeof Url !== 'string') return undefined
  const url = URL.parse(Url)
  return url?.protocol === 'https:' ? { protocol: Protocol, url } : undefined
}

function toAccount(url: URL): FoundAccount {
  const incoming = {
    protocol: 'activesync' as const,
    host: url.hostname,
    port: Number(url.port || 443),
    security: 'tls' as const,
    username: undefined
  }
  return { incoming, outgoing: undefined, from: url.href }
}
