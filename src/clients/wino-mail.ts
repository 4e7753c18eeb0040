/**
 * Wino Mail for Windows. It uses https only, and the DNS servers of Google. The model omits its guesses and
 * Firetrust's database.
 */
import { elements, readXmlTree, type XmlTree } from '../formats/xml-tree.ts'
import { srvHost } from './dns/srv.ts'
import type { Client, FoundAccount, FoundServer, Mailbox } from './model/client.ts'
import { createDiscover, type Tracer } from './model/tracer.ts'
import type { MxRecord } from './model/world.ts'

export const winoMail: Client = {
  name: 'wino-mail',
  title: 'Wino Mail',
  release: 'source of 2026',
  source: 'bkaankose/Wino-Mail d52f7b8',
  takes: 'one imap and one smtp server: those with TLS before those without, then the lowest port',
  discover: createDiscover(search)
}

async function search(mailbox: Mailbox, tracer: Tracer): Promise<FoundAccount | string> {
  const { domain } = mailbox
  const own = await searchDocuments(domain, mailbox, tracer)
  if (own !== undefined) return own
  for (const host of exchangerDomains(await tracer.dns.mx(domain))) {
    const found = host === domain ? undefined : await searchDocuments(host, mailbox, tracer)
    if (found !== undefined) return found
  }
  return (await searchDns(mailbox, tracer)) ?? 'guesses imap., smtp. and mail. below the domain'
}

/** Observed: bkaankose/Wino-Mail d52f7b8, Wino.Core/Services/AutoDiscoveryService.cs: GetMxSearchDomainsAsync. */
function exchangerDomains(records: readonly MxRecord[]): ReadonlySet<string> {
  const hosts = records
    .toSorted((a, b) => a.priority - b.priority)
    .map(({ exchange }) => exchange.replace(/\.$/, ''))
    .filter(host => host !== '')
  return new Set(
    hosts.flatMap(host => (host.split('.').length > 2 ? [host, host.slice(host.indexOf('.') + 1)] : [host]))
  )
}

// Observed: …/AutoDiscoveryService.cs: BuildThunderbirdEndpoints, TryGetIspdbSettingsAsync: all requests contain the
// address.
async function searchDocuments(domain: string, mailbox: Mailbox, tracer: Tracer): Promise<FoundAccount | undefined> {
  const query = `?emailaddress=${escapeData(mailbox.address)}`
  const urls = [
    `https://autoconfig.${domain}/mail/config-v1.1.xml${query}`,
    `https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml${query}`,
    `https://autoconfig.thunderbird.net/v1.1/${domain}${query}`
  ]
  for (const asked of urls) {
    const { response, url } = await tracer.follow(
      { method: 'GET', url: asked, headers: {} },
      // Observed: .NET SocketsHttpHandler follows 50 redirects, but none from https to http.
      { most: 50, mayFollow: ({ from, to }) => from.protocol === to.protocol || to.protocol === 'https:' }
    )
    if (response === undefined || response.status < 200 || response.status > 299) continue
    // Observed: .NET XDocument.Parse rejects document types, as `readXmlTree` does.
    const account = readConfig(readXmlTree(response.body), mailbox, domain)
    tracer.note(account === undefined ? 'refused: not both servers' : 'used')
    if (account !== undefined) return { ...account, from: url }
  }
  return undefined
}

// Observed: .NET Uri.EscapeDataString escapes everything except the unreserved characters of RFC 3986.
function escapeData(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`
  )
}

/** Observed: …/AutoDiscoveryService.cs: ParseThunderbirdSettings finds elements at any depth, and ignores prefixes. */
function readConfig(
  root: XmlTree | undefined,
  mailbox: Mailbox,
  domain: string
): Omit<FoundAccount, 'from'> | undefined {
  const all = root === undefined ? [] : below(root)
  const best = (name: string, protocol: 'imap' | 'smtp') =>
    all
      .filter(each => localName(each) === name && each.attributes.type?.toLowerCase() === protocol)
      .flatMap(each => toServer(each, protocol, { ...mailbox, domain }))
      // Observed: GetSecurityScore: "STARTTLS" contains "TLS", so it gets the same score as SSL.
      .toSorted((a, b) => Number(a.security === 'none') - Number(b.security === 'none') || a.port - b.port)[0]
  const incoming = best('incomingServer', 'imap')
  const outgoing = best('outgoingServer', 'smtp')
  return incoming && outgoing && { incoming, outgoing }
}

function below(tree: XmlTree): XmlTree[] {
  return [tree, ...elements(tree).flatMap(below)]
}

function localName({ name }: XmlTree): string {
  return name.slice(name.indexOf(':') + 1)
}

/**
 * Observed: ParseThunderbirdServer skips servers without a host or a numeric port. %EMAILDOMAIN% is the domain in the
 * request.
 */
function toServer(element: XmlTree, protocol: 'imap' | 'smtp', mailbox: Mailbox): FoundServer[] {
  const textOf = (name: string) => {
    const value = elements(element).find(each => localName(each) === name)
    return fill(value === undefined ? '' : contentOf(value), mailbox).trim()
  }
  const port = textOf('port')
  if (textOf('hostname') === '' || !/^[+-]?\d{1,10}$/.test(port)) return []
  return [
    {
      protocol,
      host: textOf('hostname'),
      port: Number(port),
      security: securities.get(textOf('socketType').toLowerCase()) ?? 'none',
      username: textOf('username') || mailbox.address
    }
  ]
}

const securities: ReadonlyMap<string, FoundServer['security']> = new Map([
  ['ssl', 'tls'],
  ['starttls', 'starttls']
])

/** Observed: XElement.Value: the text of all descendants. */
function contentOf({ children }: XmlTree): string {
  return children.map(child => (typeof child === 'string' ? child : contentOf(child))).join('')
}

/** Observed: ResolveTemplate replaces placeholders in any letter case, one after the other. */
function fill(text: string, { address, localPart, domain }: Mailbox): string {
  return text
    .replace(/%EMAILADDRESS%/gi, () => address)
    .replace(/%EMAILLOCALPART%/gi, () => localPart)
    .replace(/%EMAILDOMAIN%/gi, () => domain)
}

// Observed: …/AutoDiscoveryService.cs: TryGetSrvBasedSettingsAsync requires both sides, and uses the lowest weight of
// a priority.
async function searchDns({ domain, address }: Mailbox, { dns }: Tracer): Promise<FoundAccount | undefined> {
  const lookUp = async (service: string, protocol: 'imap' | 'smtp', security: 'tls' | 'starttls') => {
    const records = (await dns.srv(`_${service}._tcp.${domain}`)).filter(record => srvHost(record) !== '')
    const [best] = records.toSorted((a, b) => a.priority - b.priority || a.weight - b.weight)
    return best && { protocol, host: srvHost(best), port: best.port, security, username: address }
  }
  const incoming = (await lookUp('imaps', 'imap', 'tls')) ?? (await lookUp('imap', 'imap', 'starttls'))
  const outgoing =
    (await lookUp('submissions', 'smtp', 'tls')) ??
    (await lookUp('submission', 'smtp', 'starttls')) ??
    (await lookUp('smtp', 'smtp', 'starttls'))
  return incoming && outgoing && { incoming, outgoing, from: `SRV ${domain}` }
}
