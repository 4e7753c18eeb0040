/**
 * Thunderbird for Android, and K-9 Mail, which is the same program. It never sends the address. The model assumes that the
 * person accepts settings from http and from a mail exchanger without DNSSEC.
 */
import { withoutDoctype } from '../formats/xml.ts'
import { elements, ownText, readXmlTree, type XmlTree } from '../formats/xml-tree.ts'
import { isOauthHostOfThunderbirdAndroid } from '../settings/oauth-hosts.ts'
import { exchangerDomains } from './dns/exchanger-domains.ts'
import {
  type Client,
  type Discovery,
  type FoundServer,
  type Mailbox,
  orRefusal,
  Refusal,
  toMailbox
} from './model/client.ts'
import { type Outcome, refused, type SearchResult, type Servers, takeFirst } from './model/parallel-search.ts'
import { createTracer, type Tracer } from './model/tracer.ts'
import type { World } from './model/world.ts'
import { isHostName } from './thunderbird/values.ts'

export const thunderbirdAndroid: Client = {
  name: 'thunderbird-android',
  title: 'Thunderbird for Android, K-9 Mail',
  release: 'source of 2026-08-20',
  source: 'thunderbird/thunderbird-android a59bd67 (2026-08-20)',
  takes:
    'the first imap and the first smtp server of the last emailProvider; one invalid value invalidates the document',
  discover
}

async function discover(address: string, world: World): Promise<Discovery> {
  const mailbox = toMailbox(address)
  // Observed: EmailAddressParser.kt accepts only ASCII, and no dots at the ends of a local part or next to each other.
  if (mailbox === undefined || !/^[!-~]+$/.test(address) || /^\.|\.\.|\.@/.test(address)) {
    return { account: undefined, reason: 'not a mail address in ASCII', trace: [] }
  }
  const { domain } = mailbox
  const autoconfig = `autoconfig.${domain}/mail/config-v1.1.xml`
  const wellKnown = `${domain}/.well-known/autoconfig/mail/config-v1.1.xml`
  // Observed: ProviderAutoconfigUrlProvider.kt, RealAutoDiscoveryRegistry.kt, PriorityParallelRunner.kt: all run in
  // parallel, and the first one in this order that finds settings is used.
  const urls = [`https://${autoconfig}`, `https://${wellKnown}`, `http://${autoconfig}`, `http://${wellKnown}`]
  const results = await Promise.all([
    ...[...urls, databaseUrl(domain)].map(url => fetchOne(url, mailbox, world)),
    searchExchanger(mailbox, world)
  ])
  return takeFirst(results)
}

// Observed: IspDbAutoconfigUrlProvider.kt.
function databaseUrl(domain: string): string {
  return `https://autoconfig.thunderbird.net/v1.1/${domain}`
}

async function fetchOne(url: string, mailbox: Mailbox, world: World): Promise<SearchResult> {
  const tracer = createTracer(world)
  return { tracers: [tracer], outcome: await fetchAndRead(url, mailbox, tracer) }
}

async function fetchAndRead(url: string, mailbox: Mailbox, tracer: Tracer): Promise<Outcome | undefined> {
  // Observed: OkHttpFetcher.kt: isSuccessful accepts any type; RetryAndFollowUpInterceptor.kt follows 20 redirects, including to http.
  const { response } = await tracer.follow({ method: 'GET', url, headers: {} }, { most: 20 })
  if (response === undefined || response.status < 200 || response.status > 299) return undefined
  const config = orRefusal(() => readClientConfig(response.body, mailbox))
  if (config instanceof Refusal) return refused(tracer, config.message)
  const { logsIn, incoming, outgoing } = config
  // Observed: GetAutoDiscovery.kt: these settings are already selected, and no others are tried.
  if (!logsIn) return refused(tracer, 'only OAuth2, for an unknown host', true)
  return { tracer, found: { incoming, outgoing, from: url }, isFinal: false }
}

// Observed: MxLookupAutoconfigDiscovery.kt, PostMxLookupAutoconfigUrlProvider.kt: URLs are requested one after the other.
async function searchExchanger(mailbox: Mailbox, world: World): Promise<SearchResult> {
  const tracer = createTracer(world)
  const hosts = exchangerDomains(await tracer.dns.mx(mailbox.domain), mailbox.domain)
  const urls = hosts.flatMap(host => [`https://autoconfig.${host}/mail/config-v1.1.xml`, databaseUrl(host)])
  let outcome: Outcome | undefined
  for (const url of urls) {
    outcome = await fetchAndRead(url, mailbox, tracer)
    if (outcome !== undefined && (outcome.isFinal || typeof outcome.found !== 'string')) break
  }
  return { tracers: [tracer], outcome }
}

export interface AndroidConfig extends Servers {
  /** False if one of the servers accepts only OAuth2. */
  readonly logsIn: boolean
}

/**
 * Observed: thunderbird-android a59bd67, RealAutoconfigParser.kt: the program supports imap and smtp. One error in one of
 * these servers makes it reject the whole document.
 * @throws `Refusal`
 */
export function readClientConfig(body: string, mailbox: Mailbox): AndroidConfig {
  const root = readXmlTree(withoutDoctype(body))
  if (root?.name !== 'clientConfig') throw new Refusal('no clientConfig')
  // Observed: all of them are read, and the last one is used.
  const config = elements(root, 'emailProvider')
    .map(provider => readProvider(provider, mailbox))
    .at(-1)
  if (config === undefined) throw new Refusal('no emailProvider')
  return config
}

function readProvider(provider: XmlTree, mailbox: Mailbox): AndroidConfig {
  const { id = '' } = provider.attributes
  if (!isHostName(id.trim())) throw new Refusal(`an id that is not a host name: ${id}`)
  const domains = elements(provider, 'domain').map(element => replace(readText(element), mailbox).trim())
  const read = (name: string, protocol: 'imap' | 'smtp') =>
    elements(provider, name)
      .filter(({ attributes }) => attributes.type === protocol)
      .map(element => readServer(element, protocol, mailbox))
  const [incoming] = read('incomingServer', 'imap')
  const [outgoing] = read('outgoingServer', 'smtp')
  if (!domains.some(isHostName)) throw new Refusal('no domain')
  if (incoming === undefined) throw new Refusal('no imap server')
  if (outgoing === undefined) throw new Refusal('no smtp server')
  return { incoming: incoming.server, outgoing: outgoing.server, logsIn: incoming.logsIn && outgoing.logsIn }
}

function readServer(element: XmlTree, protocol: 'imap' | 'smtp', mailbox: Mailbox) {
  const values = new Map<string, string>()
  const methods: string[] = []
  for (const value of valuesOf(element)) {
    const text = readText(value)
    if (value.name === 'authentication') methods.push(text)
    else values.set(value.name, checked(value.name, text, mailbox))
  }
  const required = (name: string) => {
    const value = values.get(name)
    if (value === undefined) throw new Refusal(`${protocol} without ${name}`)
    return value
  }
  const usable = methods.filter(method => knownMethods.has(method))
  if (usable.length === 0) throw new Refusal(`${protocol} without a usable authentication`)
  const server: FoundServer = {
    protocol,
    host: required('hostname'),
    port: Number(required('port')),
    security: required('socketType') === 'SSL' ? 'tls' : 'starttls',
    username: required('username')
  }
  // Observed: GetAutoDiscovery.kt: OAuth2 is removed for unknown hosts.
  return { server, logsIn: isOauthHostOfThunderbirdAndroid(server.host) || usable.some(method => method !== 'OAuth2') }
}

const valueNames = new Set(['hostname', 'port', 'socketType', 'username', 'authentication'])
const knownMethods = new Set(['OAuth2', 'password-cleartext', 'password-encrypted'])

/** Observed: readElement also reads known elements inside unknown ones. */
function valuesOf(element: XmlTree): XmlTree[] {
  return elements(element).flatMap(inner => (valueNames.has(inner.name) ? [inner] : valuesOf(inner)))
}

/** Observed: texts are not trimmed, and Hostname.kt does not accept spaces. @throws `Refusal` */
function checked(name: string, text: string, mailbox: Mailbox): string {
  if (name === 'username') return replace(text, mailbox)
  if (name === 'hostname' && isHostName(replace(text, mailbox))) return replace(text, mailbox)
  if (name === 'port' && /^[+-]?\d+$/.test(text) && Number(text) > 0 && Number(text) <= 65535) return text
  if (name === 'socketType' && (text === 'SSL' || text === 'STARTTLS')) return text
  throw new Refusal(`${name} ${text}`)
}

function readText(element: XmlTree): string {
  if (elements(element).length > 0) throw new Refusal(`an element in ${element.name}`)
  return ownText(element)
}

/** Observed: replaceVariables, in this order. */
function replace(text: string, { address, localPart, domain }: Mailbox): string {
  return text
    .replaceAll('%EMAILDOMAIN%', () => domain)
    .replaceAll('%EMAILLOCALPART%', () => localPart)
    .replaceAll('%EMAILADDRESS%', () => address)
}
