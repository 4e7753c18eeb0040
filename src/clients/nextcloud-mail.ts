/**
 * Nextcloud Mail. A document with only one of the two sides ends the search.
 */
import { withoutDoctype } from '../formats/xml.ts'
import { elements, ownText, readXmlTree, type XmlTree } from '../formats/xml-tree.ts'
import { expand } from '../settings/names/placeholder.ts'
import { toUnicode } from '../settings/question/domain.ts'
import type { Client, FoundAccount, FoundServer, Mailbox } from './model/client.ts'
import { createDiscover, type Tracer } from './model/tracer.ts'
import type { MxRecord } from './model/world.ts'

export const nextcloudMail: Client = {
  name: 'nextcloud-mail',
  title: 'Nextcloud Mail',
  release: 'source of 2026',
  source: 'nextcloud/mail e5734fe (2026)',
  takes: 'the first imap and the first smtp server of the first emailProvider',
  discover: createDiscover(search)
}

async function search(typed: Mailbox, tracer: Tracer): Promise<FoundAccount | string> {
  const mailbox = normalize(typed)
  const own = await query(mailbox.domain, mailbox, tracer)
  if (own !== undefined) return toAccount(own)
  for (const domain of exchangerDomains(await tracer.dns.mx(mailbox.domain))) {
    // Why: the model knows only public suffixes of one label.
    const config = domain.includes('.') ? await query(domain, mailbox, tracer) : undefined
    if (config !== undefined) return toAccount(config)
  }
  return 'asks for the servers'
}

/**
 * Observed: horde/Mail, lib/Horde/Mail/Rfc822/Address.php returns the host in lower case with U-labels, whichever
 * form was typed. IspDb.php uses this address in the query and as %EMAILADDRESS% (seen in a running nextcloud/mail
 * e5734fe).
 */
function normalize(typed: Mailbox): Mailbox {
  return { ...typed, address: `${typed.localPart}@${toUnicode(typed.domain)}` }
}

/**
 * Observed: nextcloud/mail e5734fe, lib/Service/AutoConfig/IspDb.php: query uses the first record of the DNS
 * response with any priority, and then the same name without its first label, unless that is a public suffix.
 * src/components/AccountForm.vue: detectConfig: after that, the last two labels of the best exchanger.
 */
function exchangerDomains(records: readonly MxRecord[]): ReadonlySet<string> {
  const [first] = records
  const [best] = records.toSorted((a, b) => a.priority - b.priority)
  if (first === undefined || best === undefined) return new Set()
  const exchanger = first.exchange.replace(/\.$/, '')
  const lastTwo = best.exchange.replace(/\.$/, '').toLowerCase().split('.').slice(-2).join('.')
  return new Set([exchanger, exchanger.slice(exchanger.indexOf('.') + 1), lastTwo])
}

interface Configuration {
  readonly imap: FoundServer | undefined
  readonly smtp: FoundServer | undefined
  readonly from: string
}

function toAccount({ imap, smtp, from }: Configuration): FoundAccount | string {
  if (imap === undefined || smtp === undefined) return 'asks for the server that is missing in the document'
  return { incoming: imap, outgoing: smtp, from }
}

// Observed: …/IspDb.php: getUrls, query replaces `{EMAIL}` with the address, unescaped.
async function query(domain: string, mailbox: Mailbox, tracer: Tracer): Promise<Configuration | undefined> {
  const path = `/mail/config-v1.1.xml?emailaddress=${mailbox.address}`
  const urls = [
    `https://autoconfig.${domain}${path}`,
    `https://${domain}/.well-known/autoconfig${path}`,
    `https://autoconfig.thunderbird.net/v1.1/${domain}`,
    `http://autoconfig.${domain}${path}`,
    `http://${domain}/.well-known/autoconfig${path}`
  ]
  for (const asked of urls) {
    const { response, url } = await tracer.follow(
      // Observed: nextcloud/server lib/private/Http/Client/Client.php: buildRequestOptions.
      { method: 'GET', url: asked, headers: { 'user-agent': 'Nextcloud Server Crawler', 'accept-encoding': 'gzip' } },
      // Observed: Guzzle 7 RedirectMiddleware follows five redirects, to http and https.
      { most: 5, mayFollow: ({ to }) => to.protocol === 'http:' || to.protocol === 'https:' }
    )
    if (response === undefined || response.status < 200 || response.status > 299) continue
    const config = readConfig(response.body, url, mailbox)
    tracer.note(config === undefined ? 'refused: no imap or smtp server' : 'used')
    if (config !== undefined) return config
  }
  return undefined
}

// Observed: …/IspDb.php: queryUrl uses the first imap and the first smtp server of the first emailProvider.
function readConfig(body: string, from: string, mailbox: Mailbox): Configuration | undefined {
  const root = readXmlTree(withoutDoctype(body))
  const provider = root && elements(root, 'emailProvider')[0]
  if (provider === undefined) return undefined
  const first = (name: string, protocol: 'imap' | 'smtp') => {
    const element = elements(provider, name).find(({ attributes }) => attributes.type === protocol)
    return element && toServer(element, protocol, mailbox)
  }
  const imap = first('incomingServer', 'imap')
  const smtp = first('outgoingServer', 'smtp')
  return imap === undefined && smtp === undefined ? undefined : { imap, smtp, from }
}

// Observed: …/IspDb.php: convertServerElement replaces placeholders only in the user name, casts the port to `(int)`,
// and does not read authentication.
function toServer(element: XmlTree, protocol: 'imap' | 'smtp', mailbox: Mailbox): FoundServer {
  const { address, localPart, domain } = mailbox
  const values = { '%EMAILADDRESS%': address, '%EMAILLOCALPART%': localPart, '%EMAILDOMAIN%': toUnicode(domain) }
  return {
    protocol,
    host: textOf(element, 'hostname'),
    port: Number.parseInt(textOf(element, 'port'), 10) || 0,
    // Observed: …/IspDb.php: mapSocketTypeToSecurity ignores letter case. `tls` means STARTTLS there, and unknown
    // values mean no TLS.
    security: securities.get(textOf(element, 'socketType').toLowerCase()) ?? 'none',
    username: expand(textOf(element, 'username'), values)
  }
}

const securities: ReadonlyMap<string, FoundServer['security']> = new Map([
  ['ssl', 'tls'],
  ['starttls', 'starttls'],
  ['tls', 'starttls']
])

// Observed: PHP SimpleXML returns the first element of that name, and its text without that of child elements.
function textOf(element: XmlTree, name: string): string {
  return elements(element, name).slice(0, 1).map(ownText).join('')
}
