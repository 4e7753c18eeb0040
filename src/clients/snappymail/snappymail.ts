/**
 * SnappyMail. Administrators use it to fill in the settings of a domain. It requests the URL of the early drafts,
 * never the usual one on the autoconfig host.
 */
import { inSrvOrder, srvHost } from '../dns/srv.ts'
import type { Client, FoundAccount, FoundServer, Mailbox } from '../model/client.ts'
import { createDiscover, type Tracer } from '../model/tracer.ts'
import type { HttpRequest, SrvRecord } from '../model/world.ts'
import { type Config, type Entry, readAutodiscover, readClientConfig } from './documents.ts'

export const snappymail: Client = {
  name: 'snappymail',
  title: 'SnappyMail',
  release: 'source of 2026, after 2.38.2',
  source: 'the-djmaze/snappymail ba49691 (2026)',
  takes:
    'the first servers, if they are imap and smtp; the local part as login name unless it is exactly %EMAILADDRESS%',
  discover: createDiscover(search)
}

interface Found {
  readonly config: Config
  readonly from: string
}

async function search(typed: Mailbox, tracer: Tracer): Promise<FoundAccount | string> {
  // Observed: the-djmaze/snappymail ba49691,
  // snappymail/v/0.0.0/app/libraries/RainLoop/Providers/Domain/Autoconfig.php: discover starts with
  // IDN::emailToAscii.
  const mailbox = { ...typed, address: `${typed.localPart}@${typed.domain}` }
  // Observed: …/Autoconfig.php: discover: the first source with any result is used, even if the result has no servers.
  const found = (await searchClientConfig(mailbox, tracer)) ?? (await searchAutodiscover(mailbox.domain, tracer))
  if (found === undefined) return searchDns(mailbox.domain, tracer)
  return found === 'fails' ? 'fails: a single Protocol' : toAccount(found, mailbox)
}

// Observed: …/Autoconfig.php: resolve uses this order, and only the first URL contains the address.
async function searchClientConfig({ address, domain }: Mailbox, tracer: Tracer): Promise<Found | undefined> {
  const urls = [
    `https://autoconfig.${domain}/.well-known/mail-v1.xml?emailaddress=${urlencode(address)}`,
    `https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`,
    `http://autoconfig.${domain}/mail/config-v1.1.xml`,
    `https://autoconfig.thunderbird.net/v1.1/${domain}`
  ]
  for (const url of urls) {
    const answer = await fetchText({ method: 'GET', url, headers: {} }, tracer)
    if (answer === undefined) continue
    const config = readClientConfig(answer.body)
    tracer.note(config === undefined ? 'refused: no emailProvider' : 'used')
    if (config !== undefined) return { config, from: answer.url }
  }
  return undefined
}

// Observed: PHP urlencode.
function urlencode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*~]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`
  )
}

// Observed: …/Autoconfig.php: autodiscover tries the SRV records, then three hosts.
async function searchAutodiscover(domain: string, tracer: Tracer): Promise<Found | 'fails' | undefined> {
  const named = inSrvOrder(await tracer.dns.srv(`_autodiscover._tcp.${domain}`)).map(originOf)
  const usual = [`https://${domain}`, `https://autodiscover.${domain}`, `http://autodiscover.${domain}`]
  for (const origin of [...named, ...usual]) {
    const found = await postAutodiscover(origin, domain, tracer)
    if (found !== undefined) return found
  }
  return undefined
}

function originOf(record: SrvRecord): string {
  const host = srvHost(record)
  const { port } = record
  if (port === 80) return `http://${host}`
  return port === 443 ? `https://${host}` : `https://${host}:${port}`
}

async function postAutodiscover(origin: string, domain: string, tracer: Tracer): Promise<Found | 'fails' | undefined> {
  const url = `${origin}/autodiscover/autodiscover.xml`
  // Observed: …/Autoconfig.php: autodiscover_resolve sends an invented address, so that LoginName shows what it
  // consists of.
  const address = `autodiscover@${domain}`
  const body = `<?xml version="1.0" encoding="utf-8" ?>
\t\t<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006">
\t\t\t<Request>
\t\t\t\t<AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a</AcceptableResponseSchema>
\t\t\t\t<EMailAddress>${address}</EMailAddress>
\t\t\t</Request>
\t\t</Autodiscover>`
  const headers = { 'content-type': 'application/xml' }
  const answer = await fetchText({ method: 'POST', url, headers, body }, tracer)
  if (answer === undefined) return undefined
  const config = readAutodiscover(answer.body, address)
  if (config === 'fails') {
    tracer.note('ends the search: a single Protocol')
    return config
  }
  tracer.note(config === undefined ? 'refused: no Protocol' : 'used')
  return config && { config, from: answer.url }
}

interface Text {
  readonly body: string
  readonly url: string
}

async function fetchText(request: HttpRequest, tracer: Tracer): Promise<Text | undefined> {
  if (!URL.canParse(request.url)) return undefined
  // Observed: PHP, ext/standard/http_fopen_wrapper.c: PHP_URL_REDIRECT_MAX is 20 requests. It follows relative
  // redirects and those to other schemes, and changes a POST into a GET. A status of 400 or more is a failure.
  const { response, url } = await tracer.follow(request, { most: 19, postBecomesGet: true })
  return response === undefined || response.status >= 400 ? undefined : { body: response.body, url }
}

// Observed: …/Autoconfig.php: srv: outgoingServer is a single server, but the dialog expects a list and ignores it.
async function searchDns(domain: string, { dns }: Tracer): Promise<string> {
  for (const service of ['submissions', 'submission']) {
    if (inSrvOrder(await dns.srv(`_${service}._tcp.${domain}`)).length === 0) continue
    for (const incoming of ['imaps', 'imap']) {
      if (inSrvOrder(await dns.srv(`_${incoming}._tcp.${domain}`)).length > 0) return 'fails: SRV records'
    }
    break
  }
  return 'leaves it to the administrator'
}

// Observed: the-djmaze/snappymail, admin.js, autoconfig of the dialog for a domain: `incomingServer[0]`, `outgoingServer[0]`.
function toAccount({ config, from }: Found, mailbox: Mailbox): FoundAccount | string {
  const { incoming, outgoing } = config
  if (incoming === undefined || outgoing === undefined) return 'fails: the first servers are not imap and smtp'
  return { incoming: toServer('imap', incoming, mailbox), outgoing: toServer('smtp', outgoing, mailbox), from }
}

function toServer(protocol: 'imap' | 'smtp', entry: Entry, { address, localPart }: Mailbox): FoundServer {
  return {
    protocol,
    host: entry.hostname,
    port: Number.parseInt(entry.port, 10) || 0,
    // Observed: admin.js: values other than STARTTLS and SSL mean no TLS.
    security: securities.get(entry.socketType) ?? 'none',
    // Observed: admin.js: imapShortLogin: every value except exactly %EMAILADDRESS% means the local part.
    username: entry.username === '%EMAILADDRESS%' ? address : localPart
  }
}

const securities: ReadonlyMap<string, FoundServer['security']> = new Map([
  ['STARTTLS', 'starttls'],
  ['SSL', 'tls']
])
