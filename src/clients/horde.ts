/**
 * Horde, modelled on its library for autoconfiguration. It uses plain http only, and searches for receiving and
 * sending separately. The model uses the first server. The program uses the first that answers, and guesses if none
 * does.
 */
import { withoutDoctype } from '../formats/xml.ts'
import { elements, ownText, readXmlTree, type XmlTree } from '../formats/xml-tree.ts'
import { expand } from '../settings/names/placeholder.ts'
import { toUnicode } from '../settings/question/domain.ts'
import { inSrvOrder, srvHost } from './dns/srv.ts'
import type { Client, FoundAccount, FoundServer, Mailbox } from './model/client.ts'
import { createDiscover, type Tracer } from './model/tracer.ts'
import type { SrvRecord } from './model/world.ts'

/** What differs between releases. */
interface Release {
  /** Mozilla's database, to which a domain is added. */
  readonly database: string
}

const newest: Release = { database: 'https://autoconfig.thunderbird.net/v1.1/' }

// Observed: Horde_Mail_Autoconfig 1.0.3, Horde/Mail/Autoconfig/Driver/Thunderbird.php has this URL in $ispdb.
const old: Release = { database: 'https://live.mozillamessaging.com/autoconfig/v1.1/' }

export const horde: Client = {
  name: 'horde',
  title: 'Horde',
  release: 'source of 2026; compared with 1.0.3',
  source: 'horde/Mail_Autoconfig 481eb1c and 08859ca (2026)',
  takes: 'SRV records before documents; the first imap or pop3 server and the first smtp server, never without TLS',
  changes: ['After 1.0.3: it asks for Mozilla’s database at another host, autoconfig.thunderbird.net.'],
  discover: createDiscover((mailbox, tracer) => search(mailbox, tracer, newest))
}

/** Horde of Debian 12. Why not among `clients`: doctor assumes the newest release of each program. */
export const hordeOfDebian12: Client = {
  ...horde,
  name: 'horde-1.0.3',
  title: 'Horde 1.0.3',
  release: '1.0.3',
  source: 'Horde_Mail_Autoconfig 1.0.3 (Debian 12)',
  discover: createDiscover((mailbox, tracer) => search(mailbox, tracer, old))
}

interface Found {
  readonly server: FoundServer
  readonly from: string
}

interface Side {
  readonly services: readonly string[]
  readonly element: 'incomingServer' | 'outgoingServer'
  readonly types: readonly FoundServer['protocol'][]
}

const receiving: Side = {
  services: ['imap', 'imaps', 'pop3', 'pop3s'],
  element: 'incomingServer',
  types: ['imap', 'pop3']
}
const sending: Side = { services: ['submission'], element: 'outgoingServer', types: ['smtp'] }

async function search(typed: Mailbox, tracer: Tracer, release: Release): Promise<FoundAccount | string> {
  // Observed: horde/Mail, lib/Horde/Mail/Rfc822/Address.php: bare_address returns the host in lower case, with
  // U-labels.
  const mailbox = { ...typed, address: `${typed.localPart}@${toUnicode(typed.domain)}` }
  const incoming = await searchSide(receiving, { mailbox, tracer, release })
  const outgoing = await searchSide(sending, { mailbox, tracer, release })
  if (incoming === undefined || outgoing === undefined) return 'guesses imap., smtp. and mail. below the domain'
  return { incoming: incoming.server, outgoing: outgoing.server, from: incoming.from }
}

interface Searched {
  readonly mailbox: Mailbox
  readonly tracer: Tracer
  readonly release: Release
}

// Observed: horde/Mail_Autoconfig 481eb1c, lib/Horde/Mail/Autoconfig.php: getDrivers sorts by priority.
async function searchSide(side: Side, searched: Searched): Promise<Found | undefined> {
  const domains = domainAndParents(searched.mailbox.domain)
  const named = await searchDns(side, domains, searched)
  if (named !== undefined) return named
  for (const domain of domains) {
    const published = await searchDocuments(side, domain, searched)
    if (published !== undefined) return published
  }
  return undefined
}

/** Observed: …/Autoconfig.php: _parseEmail starts with host_idn and removes one label after the other, down to two. */
function domainAndParents(domain: string): string[] {
  const labels = domain.split('.')
  return labels.slice(0, Math.max(1, labels.length - 1)).map((_, index) => labels.slice(index).join('.'))
}

// Observed: …/Driver/Srv.php: _srvSearch sorts all services of all domains by priority.
async function searchDns(
  side: Side,
  domains: readonly string[],
  { mailbox, tracer: { dns } }: Searched
): Promise<Found | undefined> {
  const records: (SrvRecord & { readonly name: string; readonly service: string })[] = []
  for (const domain of domains) {
    for (const service of side.services) {
      const name = `_${service}._tcp.${domain}`
      records.push(...(await dns.srv(name)).map(record => ({ ...record, name, service })))
    }
  }
  const [best] = inSrvOrder(records)
  if (best === undefined) return undefined
  const { service, name, port } = best
  const protocol = service === 'submission' ? 'smtp' : service.startsWith('imap') ? 'imap' : 'pop3'
  const security = service.endsWith('s') ? 'tls' : 'starttls'
  // Observed: …/Autoconfig.php: _getConfig tries the address, then its local part, at servers without a user
  // name.
  const server: FoundServer = { protocol, host: srvHost(best), port, security, username: mailbox.address }
  return { server, from: `SRV ${name}` }
}

// Observed: …/Driver/Thunderbird.php: _process sends the address only to the first.
async function searchDocuments(
  side: Side,
  domain: string,
  { mailbox, tracer, release }: Searched
): Promise<Found | undefined> {
  const urls = [
    `http://autoconfig.${domain}/mail/config-v1.1.xml?emailaddress=${encodeURIComponent(mailbox.address)}`,
    `http://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`,
    `${release.database}${domain}`
  ]
  for (const asked of urls) {
    // Observed: horde/Http, lib/Horde/Http/Request/Base.php follows five redirects. Only a 404 is skipped without
    // being read.
    const { response, url } = await tracer.follow({ method: 'GET', url: asked, headers: {} }, { most: 5 })
    if (response === undefined || response.status === 404) continue
    const server = readServer(response.body, side, mailbox)
    tracer.note(server === undefined ? `refused: no ${side.types.join(' or ')} server` : 'used')
    if (server !== undefined) return { server, from: url }
  }
  return undefined
}

function readServer(body: string, { element, types }: Side, mailbox: Mailbox): FoundServer | undefined {
  const root = readXmlTree(withoutDoctype(body))
  const provider = root && elements(root, 'emailProvider')[0]
  for (const server of provider ? elements(provider, element) : []) {
    const protocol = types.find(type => type === server.attributes.type)
    if (protocol !== undefined) return toServer(server, protocol, mailbox)
  }
  return undefined
}

function toServer(element: XmlTree, protocol: FoundServer['protocol'], mailbox: Mailbox): FoundServer {
  const textOf = (name: string) => elements(element, name).slice(0, 1).map(ownText).join('')
  const values = { '%EMAILADDRESS%': mailbox.address, '%EMAILLOCALPART%': mailbox.localPart }
  return {
    protocol,
    host: textOf('hostname'),
    port: Number.parseInt(textOf('port'), 10) || 0,
    // Observed: …/Server/Imap.php: valid: without `insecure`, everything but implicit TLS requires STARTTLS.
    security: textOf('socketType').toLowerCase() === 'ssl' ? 'tls' : 'starttls',
    username: textOf('username') === '' ? mailbox.address : expand(textOf('username'), values)
  }
}
