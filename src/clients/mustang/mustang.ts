/**
 * Mustang, which is published as Parula. The model uses the first server of a document, and omits what the program
 * guesses.
 */
import { parseObject } from '../../json.ts'
import { type Client, type FoundAccount, type Mailbox, orRefusal, Refusal } from '../model/client.ts'
import type { Servers } from '../model/parallel-search.ts'
import { createDiscover, type Tracer } from '../model/tracer.ts'
import type { HttpRequest } from '../model/world.ts'
import { readAutodiscover, readClientConfig } from './documents.ts'

export const mustang: Client = {
  name: 'mustang',
  title: 'Mustang, Parula',
  release: 'source of 2026',
  source: 'mustang-im/mustang 227ae5a',
  takes:
    'the first imap or pop3 server and the first smtp server, if a <domain> is the domain as typed; after Autodiscover, it uses the incoming host for sending',
  discover: createDiscover(search)
}

async function search(mailbox: Mailbox, tracer: Tracer): Promise<FoundAccount | string> {
  // Observed: mustang-im/mustang 227ae5a, app/logic/Mail/AutoConfig/findConfig.ts, fetchConfig.ts: all run in
  // parallel, with this priority. Why the model uses this order: the first result is used, regardless of the others.
  const domain = mailbox.typedDomain.toLowerCase()
  return (
    (await searchDocuments(domain, `?emailaddress=${mailbox.address}`, mailbox, tracer)) ??
    (await searchExchanger(mailbox, tracer)) ??
    (await searchJson(mailbox, tracer)) ??
    (await searchAutodiscover(mailbox, tracer)) ??
    'guesses imap., smtp. and mail. below the domain'
  )
}

/** Observed: fetchConfig.ts: fetchConfigFromISP comes first, then fetchConfigFromISPDB. */
async function searchDocuments(
  domain: string,
  query: string,
  mailbox: Mailbox,
  tracer: Tracer
): Promise<FoundAccount | undefined> {
  const read = (body: string) => readClientConfig(body, domain, mailbox)
  const own = [
    `https://autoconfig.${domain}/mail/config-v1.1.xml${query}`,
    `https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`,
    `http://autoconfig.${domain}/mail/config-v1.1.xml`
  ]
  return (
    (await readFirst(own.map(get), read, tracer)) ??
    (await readFirst([get(`https://v1.ispdb.net/${domain}`)], read, tracer))
  )
}

function get(url: string): HttpRequest {
  return { method: 'GET', url, headers: {} }
}

/** Observed: PriorityAbortable chooses among fetched texts, not parsed ones: only the first response is read. */
async function readFirst(
  requests: readonly HttpRequest[],
  read: (body: string) => Servers,
  tracer: Tracer
): Promise<FoundAccount | undefined> {
  for (const request of requests) {
    const body = await fetchText(request, tracer)
    if (body === undefined) continue
    const servers = orRefusal(() => read(body.text))
    tracer.note(servers instanceof Refusal ? `refused: ${servers.message}` : 'used')
    return servers instanceof Refusal ? undefined : { ...servers, from: body.url }
  }
  return undefined
}

/** Observed: ky accepts any 2xx, after 20 redirects to both schemes. An empty text is a failure. */
async function fetchText(request: HttpRequest, tracer: Tracer) {
  const { response, url } = await tracer.follow(request, { most: 20, postBecomesGet: true })
  if (response === undefined || response.status < 200 || response.status > 299 || response.body === '') return undefined
  return { text: response.body, url }
}

/**
 * Observed: fetchConfig.ts: fetchConfigForMX uses the first record and its last two labels, or three below .uk and
 * .au. It sends no address.
 */
async function searchExchanger(mailbox: Mailbox, tracer: Tracer): Promise<FoundAccount | undefined> {
  const [first] = await tracer.dns.mx(mailbox.domain)
  const labels = first?.exchange.replace(/\.$/, '').toLowerCase().split('.') ?? []
  if (labels.length < 2) return undefined
  const count = ['uk', 'au'].some(name => name === labels.at(-1)) ? 3 : 2
  return await searchDocuments(labels.slice(-count).join('.'), '', mailbox, tracer)
}

/** Observed: exchangeConfig.ts: exchangeAutoDiscoverV2JSON requests EWS before ActiveSync. */
async function searchJson({ address, domain }: Mailbox, tracer: Tracer): Promise<FoundAccount | undefined> {
  for (const start of [
    `https://autodiscover.${domain}/autodiscover/autodiscover.json`,
    `https://autodiscover.${domain}/AutoDiscover/AutoDiscover.json`,
    `https://${domain}/AutoDiscover/AutoDiscover.json`
  ]) {
    for (const [name, protocol] of [
      ['Ews', 'exchange'],
      ['ActiveSync', 'activesync']
    ] as const) {
      const body = await fetchText(get(`${start}/v1.0/${address}?Protocol=${name}`), tracer)
      const url = body && urlOf(body.text)
      if (url === undefined) continue
      tracer.note('used')
      const incoming = { protocol, host: url.hostname, port: 443, security: 'tls', username: undefined } as const
      return { incoming, outgoing: undefined, from: url.href }
    }
  }
  return undefined
}

function urlOf(text: string): URL | undefined {
  const { ErrorMessage, Url } = parseObject(text)
  const url = typeof Url === 'string' ? URL.parse(Url) : null
  return ErrorMessage === undefined && url?.protocol === 'https:' ? url : undefined
}

/**
 * Observed: exchangeConfig.ts: exchangeAutoDiscoverV1XML does not escape the address. Each response is read
 * independently of the others.
 */
async function searchAutodiscover(mailbox: Mailbox, tracer: Tracer): Promise<FoundAccount | undefined> {
  const { address, domain } = mailbox
  const path = '/autodiscover/autodiscover.xml'
  const body = `<?xml version="1.0" encoding="utf-8"?>
    <Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006">
      <Request>
        <EMailAddress>${address}</EMailAddress>
        <AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a</AcceptableResponseSchema>
      </Request>
    </Autodiscover>`
  const headers = { 'content-type': 'text/xml; charset=utf-8' }
  for (const origin of [`https://autodiscover.${domain}`, `https://${domain}`, `http://autodiscover.${domain}`]) {
    const request = { method: 'POST', url: `${origin}${path}`, headers, body } as const
    const found = await readFirst([request], text => readAutodiscover(text, mailbox), tracer)
    if (found !== undefined) return found
  }
  return undefined
}
