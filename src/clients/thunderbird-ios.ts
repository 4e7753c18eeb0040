/**
 * Thunderbird for iOS. A single unknown value, or an incomplete <oAuth2>, makes it reject the whole document. The
 * model uses the first imap and the first smtp server.
 */
import { withoutDoctype } from '../formats/xml.ts'
import { elements, ownText, readXmlTree, type XmlTree } from '../formats/xml-tree.ts'
import { expand } from '../settings/names/placeholder.ts'
import { exchangerDomains } from './dns/exchanger-domains.ts'
import { type Client, type FoundAccount, type FoundServer, type Mailbox, orRefusal, Refusal } from './model/client.ts'
import { createDiscover, type Tracer } from './model/tracer.ts'

export const thunderbirdIos: Client = {
  name: 'thunderbird-ios',
  title: 'Thunderbird for iOS',
  release: 'source of 2026, not published yet',
  source: 'toddheasley/thunderbird-ios 34c019b and 328c5e1',
  takes: 'the first imap and the first smtp server, if it knows every value of the document and <oAuth2> is complete',
  discover: createDiscover(search)
}

// Observed: toddheasley/thunderbird-ios 328c5e1, Core/Sources/Autoconfiguration/URLSession.swift: autoconfig uses the
// order of Source.
async function search(mailbox: Mailbox, tracer: Tracer): Promise<FoundAccount | string> {
  const { domain, address } = mailbox
  const own = await searchUrls(domain, `?emailaddress=${encodeURIComponent(address)}`, mailbox, tracer)
  if (own !== undefined) return own
  const [base] = exchangerDomains(await tracer.dns.mx(domain), '').slice(-1)
  // Observed: URLSession.swift: the base domain of the exchanger replaces the address, also in placeholders.
  const asDomain = { ...mailbox, address: base ?? '', localPart: '', domain: base ?? '' }
  const theirs = base === undefined ? undefined : await searchUrls(base, '', asDomain, tracer)
  return theirs ?? 'asks for the servers'
}

async function searchUrls(
  domain: string,
  query: string,
  mailbox: Mailbox,
  tracer: Tracer
): Promise<FoundAccount | undefined> {
  for (const asked of [
    `https://autoconfig.${domain}/mail/config-v1.1.xml${query}`,
    `https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`,
    `https://autoconfig.thunderbird.net/v1.1/${domain}`
  ]) {
    // Observed: Foundation URLSession follows 20 redirects. App Transport Security does not allow http.
    const rules = { most: 20, mayFollow: ({ to }: { readonly to: URL }) => to.protocol === 'https:' }
    const { response, url } = await tracer.follow({ method: 'GET', url: asked, headers: {} }, rules)
    if (response?.status !== 200) continue
    const account = orRefusal(() => readConfig(response.body, mailbox, url))
    tracer.note(account instanceof Refusal ? `refused: ${account.message}` : 'used')
    if (!(account instanceof Refusal)) return account
  }
  return undefined
}

/**
 * Observed: XMLToJSONParser.swift, EmailProvider.swift, OAuth2.swift, 34c019b: the document is rejected if any value
 * cannot be decoded.
 */
function readConfig(body: string, mailbox: Mailbox, from: string): FoundAccount {
  const root = readXmlTree(withoutDoctype(body))
  if (root?.name !== 'clientConfig') throw new Refusal('no clientConfig')
  const provider = elements(root, 'emailProvider').at(-1)
  if (provider === undefined) throw new Refusal('no emailProvider')
  for (const name of ['displayName', 'displayShortName', 'domain']) required(provider, name, mailbox)
  for (const oauth of elements(root, 'oAuth2')) {
    for (const name of ['authURL', 'tokenURL', 'issuer', 'scope']) required(oauth, name, mailbox)
  }
  const servers = elements(provider)
    .filter(({ name }) => name === 'incomingServer' || name === 'outgoingServer')
    .map(server => readServer(server, mailbox))
  const incoming = servers.find(({ protocol }) => protocol === 'imap')
  const outgoing = servers.find(({ protocol }) => protocol === 'smtp')
  if (incoming === undefined || outgoing === undefined) throw new Refusal('no imap or no smtp server')
  return { incoming, outgoing, from }
}

function readServer(server: XmlTree, mailbox: Mailbox): FoundServer {
  const { type = '' } = server.attributes
  const protocol = (['imap', 'pop3', 'smtp'] as const).find(each => each === type)
  if (protocol === undefined) throw new Refusal(`a server of type ${type}`)
  const unknown = elements(server, 'authentication')
    .map(method => textOf(method, mailbox))
    .find(method => method !== '' && !methods.has(method))
  if (unknown !== undefined) throw new Refusal(`authentication ${unknown}`)
  const socketType = required(server, 'socketType', mailbox)
  const security = securities.get(socketType)
  if (security === undefined) throw new Refusal(`socketType ${socketType}`)
  const port = required(server, 'port', mailbox)
  if (!/^[+-]?\d+$/.test(port)) throw new Refusal(`port ${port}`)
  const [host, username] = [required(server, 'hostname', mailbox), required(server, 'username', mailbox)]
  return { protocol, host, port: Number(port), security, username }
}

const methods = new Set(['client-IP-address', 'OAuth2', 'password-cleartext', 'password-encrypted', 'smtp-after-pop'])

const securities: ReadonlyMap<string, FoundServer['security']> = new Map([
  ['SSL', 'tls'],
  ['STARTTLS', 'starttls']
])

/** @returns the last value of the name. @throws `Refusal` */
function required(tree: XmlTree, name: string, mailbox: Mailbox): string {
  const values = elements(tree, name).map(element => textOf(element, mailbox))
  const value = values.filter(text => text !== '').at(-1)
  if (value === undefined) throw new Refusal(`${tree.name} without ${name}`)
  return value
}

function textOf(element: XmlTree, { address, localPart, domain }: Mailbox): string {
  const values = { '%EMAILADDRESS%': address, '%EMAILLOCALPART%': localPart, '%EMAILDOMAIN%': domain }
  return expand(ownText(element).trim(), values)
}
