/**
 * aerc. SRV records take precedence over documents, and the status of responses is ignored. The model omits its last step:
 * connecting to the standard ports of common host names.
 */
import { withoutDoctype } from '../formats/xml.ts'
import { elements, ownText, readXmlTree, type XmlTree } from '../formats/xml-tree.ts'
import { srvHost } from './dns/srv.ts'
import type { Client, FoundAccount, FoundServer, Mailbox } from './model/client.ts'
import { createDiscover, type Tracer } from './model/tracer.ts'
import type { SrvRecord } from './model/world.ts'

export const aerc: Client = {
  name: 'aerc',
  title: 'aerc',
  release: 'source of 2026-08',
  source: 'rjarry/aerc fab0531 (2026-08)',
  takes: 'SRV records before documents; the first imap server and the last value of each element of outgoingServer',
  discover: createDiscover(search)
}

async function search(mailbox: Mailbox, tracer: Tracer): Promise<FoundAccount | string> {
  const query = `?emailaddress=${queryEscape(mailbox.address)}`
  // Observed: rjarry/aerc fab0531, lib/autoconfig/autoconfig.go: getFromAutoconfig: both URLs contain the address.
  const own = [
    `https://autoconfig.${mailbox.domain}/mail/config-v1.1.xml${query}`,
    `https://${mailbox.domain}/.well-known/autoconfig/mail/config-v1.1.xml${query}`
  ]
  // Observed: rjarry/aerc fab0531, lib/autoconfig/mozilla.go: getFromMozilla.
  const central = [`https://autoconfig.thunderbird.net/v1.1/${mailbox.domain}`]
  // Observed: rjarry/aerc fab0531, lib/autoconfig/get.go: GetConfig searches in this order. Why: the model searches
  // one after the other instead of in parallel, because the first result is used regardless of the others.
  return (
    (await searchDns(mailbox, tracer)) ??
    (await searchDocuments(own, mailbox, tracer)) ??
    (await searchDocuments(central, mailbox, tracer)) ??
    'tries the usual ports of imap, smtp and mail below the domain, then of its mail exchanger'
  )
}

// Observed: this is Go's url.QueryEscape.
function queryEscape(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`
  )
}

// Observed: rjarry/aerc fab0531, lib/autoconfig/dns-srv.go: getFromProviderDNS.
async function searchDns({ domain }: Mailbox, { dns }: Tracer): Promise<FoundAccount | undefined> {
  const ask = async (service: string, rest: Pick<FoundServer, 'protocol' | 'security'>) => {
    const best = highest(await dns.srv(`_${service}._tcp.${domain}`))
    if (best === undefined || srvHost(best) === '' || best.port === 0) return undefined
    const server: FoundServer = { ...rest, host: srvHost(best), port: best.port, username: undefined }
    return server
  }
  // Observed: …/dns-srv.go: JMAP comes first, STARTTLS before implicit TLS, and _smtps instead of _submissions.
  const jmap = await ask('jmap', { protocol: 'jmap', security: 'tls' })
  const imap =
    (await ask('imap', { protocol: 'imap', security: 'starttls' })) ??
    (await ask('imaps', { protocol: 'imap', security: 'tls' }))
  const smtp =
    (await ask('submission', { protocol: 'smtp', security: 'starttls' })) ??
    (await ask('smtps', { protocol: 'smtp', security: 'tls' }))
  const incoming = jmap ?? imap
  return incoming && { incoming, outgoing: smtp, from: `SRV ${domain}` }
}

// Observed: …/dns-srv.go: getHighestSRV sorts by priority, but then uses the greatest weight of all records.
function highest(records: readonly SrvRecord[]): SrvRecord | undefined {
  const [first, ...others] = records.toSorted((a, b) => a.priority - b.priority)
  return first && others.reduce((best, record) => (record.weight > best.weight ? record : best), first)
}

async function searchDocuments(
  urls: readonly string[],
  mailbox: Mailbox,
  tracer: Tracer
): Promise<FoundAccount | undefined> {
  // Observed: …/autoconfig.go: `cc := new(ClientConfig)` is before the loop, so that values of one document remain
  // for the next one.
  let config = emptyConfig
  for (const asked of urls) {
    // Observed: Go net/http sends at most ten requests, which means nine redirects.
    const headers = { 'user-agent': 'Go-http-client/1.1' }
    const { response, url } = await tracer.follow({ method: 'GET', url: asked, headers }, { most: 9 })
    if (response === undefined) continue
    config = decode(config, response.body)
    const read = readAccount(config, mailbox, url)
    tracer.note(typeof read === 'string' ? `refused: ${read}` : 'used')
    if (typeof read !== 'string') return read
  }
  return undefined
}

function decode(before: ClientConfig, body: string): ClientConfig {
  // Observed: Go encoding/xml: without a CharsetReader, only UTF-8 is supported.
  const encoding = /^\s*<\?xml[^>]*\sencoding\s*=\s*["']([^"']*)/.exec(body)?.[1]
  if (encoding !== undefined && encoding.toLowerCase() !== 'utf-8') return before
  const root = readXmlTree(withoutDoctype(body))
  return root?.name === 'clientConfig' ? decodeClientConfig(before, root) : before
}

function readAccount({ incoming, outgoing }: ClientConfig, mailbox: Mailbox, from: string): FoundAccount | string {
  const imap = incoming.find(({ type }) => type.toLowerCase() === 'imap')
  if (imap === undefined) return 'no imap server'
  if (!isInteger(imap.port) || !isInteger(outgoing.port)) return 'a port that is not a number'
  return { incoming: toServer(imap, 'imap', mailbox), outgoing: toServer(outgoing, 'smtp', mailbox), from }
}

// Observed: Go strconv.Atoi allows no white space.
function isInteger(text: string): boolean {
  return /^[+-]?\d+$/.test(text)
}

function toServer(server: Server, protocol: 'imap' | 'smtp', { address }: Mailbox): FoundServer {
  return {
    protocol,
    host: server.hostname,
    port: Number(server.port),
    // Observed: …/autoconfig.go: `inenc := EncryptionSTARTTLS`, then plain and ssl are matched in any letter case.
    security: securities[server.socketType.toLowerCase()] ?? 'starttls',
    // Observed: …/autoconfig.go: the whole value is compared in any letter case, and there is no other placeholder.
    username: server.username.toLowerCase() === '%emailaddress%' ? address : server.username
  }
}

const securities: Readonly<Record<string, FoundServer['security']>> = { plain: 'none', ssl: 'tls' }

/** clientConfig in the Go structures of aerc after Unmarshal (encoding/xml). */
export interface ClientConfig {
  readonly incoming: readonly Server[]
  readonly outgoing: Server
}

/** All fields are Go strings, which are empty by default. */
export interface Server {
  readonly type: string
  readonly hostname: string
  readonly port: string
  readonly socketType: string
  readonly username: string
}

const noServer: Server = { type: '', hostname: '', port: '', socketType: '', username: '' }

export const emptyConfig: ClientConfig = { incoming: [], outgoing: noServer }

/**
 * Observed: rjarry/aerc fab0531, lib/autoconfig/autoconfig.go: Unmarshal appends to IncomingServer, which is a slice.
 * EmailProvider and OutgoingServer are single structures, which each element of that name overwrites.
 */
export function decodeClientConfig(before: ClientConfig, root: XmlTree): ClientConfig {
  const providers = elements(root, 'emailProvider')
  const incoming = providers.flatMap(provider => elements(provider, 'incomingServer'))
  const outgoing = providers.flatMap(provider => elements(provider, 'outgoingServer'))
  return {
    incoming: [...before.incoming, ...incoming.map(element => decodeServer(noServer, element))],
    outgoing: outgoing.reduce(decodeServer, before.outgoing)
  }
}

function decodeServer(before: Server, element: XmlTree): Server {
  const last = (name: keyof Server) => elements(element, name).map(ownText).at(-1) ?? before[name]
  return {
    type: element.attributes.type ?? before.type,
    hostname: last('hostname'),
    port: last('port'),
    socketType: last('socketType'),
    username: last('username')
  }
}
