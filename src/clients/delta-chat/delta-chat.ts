/**
 * Delta Chat. It uses only https, and GET for autodiscover. It reads the first document that it can parse and tries
 * all its servers in order. A document without servers ends the search as well. The model omits its table of
 * hard-coded servers.
 */
import { expand } from '../../settings/names/placeholder.ts'
import { type Client, type FoundAccount, type FoundServer, isAscii, type Mailbox } from '../model/client.ts'
import { createDiscover, type Tracer } from '../model/tracer.ts'
import { type Listed, readAutodiscover, readClientConfig, type Socket } from './documents.ts'

export const deltaChat: Client = {
  name: 'delta-chat',
  title: 'Delta Chat',
  release: '2.57, source of 2026-08; compared with 2.57.0',
  source: 'chatmail/core 4888889 (2026-08)',
  takes: 'every server in order, until one accepts the password',
  discover: createDiscover(search)
}

interface Found {
  readonly servers: readonly Listed[]
  readonly from: string
}

async function search(typed: Mailbox, tracer: Tracer): Promise<FoundAccount | string> {
  // Observed: Delta Chat core 2.57 does not connect to any web server, and looks up the servers in the DNS as raw
  // UTF-8.
  if (!isAscii(typed.typedDomain)) return 'sends no request, because the domain is not in ASCII'
  const mailbox = normalize(typed)
  const { address, domain } = mailbox
  const isp = (url: string) => () => searchClientConfig(url, mailbox, tracer)
  const exchange = (url: string) => () => searchAutodiscover(url, tracer)
  // Observed: chatmail/core 4888889, src/configure.rs: get_autoconfig uses this order, and only the first URL
  // contains the address.
  const sources = [
    isp(`https://autoconfig.${domain}/mail/config-v1.1.xml?emailaddress=${percentEncode(address)}`),
    isp(`https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`),
    exchange(`https://${domain}/autodiscover/autodiscover.xml`),
    exchange(`https://autodiscover.${domain}/autodiscover/autodiscover.xml`),
    isp(`https://autoconfig.thunderbird.net/v1.1/${domain}`)
  ]
  for (const source of sources) {
    const found = await source()
    if (found !== undefined) return toAccount(found, mailbox)
  }
  return guesses
}

const guesses = 'tries the domain, and imap., smtp. and mail. below it'

// Observed: chatmail/core 4888889, deltachat-contact-tools: addr_normalize converts to lower case, including the
// local part.
function normalize(typed: Mailbox): Mailbox {
  return { ...typed, address: typed.address.toLowerCase(), localPart: typed.localPart.toLowerCase() }
}

// Observed: …/configure.rs: NON_ALPHANUMERIC_WITHOUT_DOT. The dot is not escaped because murena.io copied `%2E` into
// the user name (issue 6119).
function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[-_!~*'()]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`
  )
}

async function searchClientConfig(url: string, mailbox: Mailbox, tracer: Tracer): Promise<Found | undefined> {
  const read = await fetchText(url, tracer)
  if (read === undefined) return undefined
  const servers = readClientConfig(read.body)
  tracer.note(remark(servers))
  return servers && { servers: servers.map(server => fill(server, mailbox)), from: read.url }
}

// Observed: chatmail/core 4888889, src/configure/auto_mozilla.rs: fill_placeholders is applied to host and user
// names.
function fill(server: Listed, { address, localPart, domain }: Mailbox): Listed {
  const values = { '%EMAILADDRESS%': address, '%EMAILLOCALPART%': localPart, '%EMAILDOMAIN%': domain }
  return { ...server, host: expand(server.host, values), username: expand(server.username, values) }
}

async function searchAutodiscover(first: string, tracer: Tracer): Promise<Found | undefined> {
  let url = first
  // Observed: chatmail/core 4888889, src/configure/auto_outlook.rs: outlk_autodiscover reads at most ten documents.
  for (let documents = 0; documents < 10; documents++) {
    const read = await fetchText(url, tracer)
    if (read === undefined) return undefined
    const content = readAutodiscover(read.body)
    if (content === undefined || Array.isArray(content)) {
      tracer.note(remark(content))
      return content && { servers: content, from: read.url }
    }
    tracer.note('RedirectUrl')
    url = content.redirectUrl
  }
  return undefined
}

function remark(servers: readonly Listed[] | undefined): string {
  if (servers === undefined) return 'refused: a syntax error'
  return servers.length === 0 ? 'ends the search without a server' : 'used'
}

interface Text {
  readonly body: string
  readonly url: string
}

async function fetchText(asked: string, tracer: Tracer): Promise<Text | undefined> {
  if (!isFetchable(asked)) return undefined
  // Observed: chatmail/core 4888889, src/net/http.rs: fetch_url uses HTTP/1.1 with the URL as the target and `host`
  // as the only header. It sends at most ten requests. Location is used unchanged, so a relative one fails ("URL has
  // no scheme").
  const { response, url } = await tracer.follow(
    { method: 'GET', url: asked, headers: {}, target: 'absolute' },
    { most: 9, mayFollow: ({ location }) => isFetchable(location) }
  )
  const isSuccess = response !== undefined && response.status >= 200 && response.status <= 299
  return isSuccess ? { body: response.body, url } : undefined
}

function isFetchable(url: string): boolean {
  return /^https?:\/\//i.test(url) && URL.canParse(url)
}

function toAccount({ servers, from }: Found, mailbox: Mailbox): FoundAccount | string {
  const first = (protocol: Listed['protocol']) => {
    const listed = servers.find(server => server.protocol === protocol)
    return listed && toServer(listed, mailbox)
  }
  const incoming = first('imap')
  const outgoing = first('smtp')
  // Observed: …/configure.rs: get_configured_param guesses the servers of a protocol that has none.
  if (incoming === undefined || outgoing === undefined) return guesses
  return { incoming, outgoing, from }
}

/** Observed: chatmail/core, src/configure/server_params.rs: expand_param_vector. */
function toServer({ protocol, host, port, socket, username }: Listed, { address }: Mailbox): FoundServer {
  return { protocol, host, username: username === '' ? address : username, ...endsWith(protocol, port, socket) }
}

/**
 * Observed: …/server_params.rs: expand_ports: with neither a port nor a security, STARTTLS is tried first; with a
 * port, TLS and then STARTTLS. Why the port decides: a server on 143 or 587 answers the TLS handshake in plain text,
 * so that only STARTTLS remains.
 */
function endsWith(protocol: Listed['protocol'], port: number, socket: Socket): Pick<FoundServer, 'port' | 'security'> {
  const usual = protocol === 'imap' ? { ssl: 993, other: 143 } : { ssl: 465, other: 587 }
  if (socket === 'ssl') return { port: port || usual.ssl, security: 'tls' }
  if (socket === 'plain') return { port: port || usual.other, security: 'none' }
  if (socket === 'automatic' && port !== 0 && port !== usual.other) return { port, security: 'tls' }
  return { port: port || usual.other, security: 'starttls' }
}
