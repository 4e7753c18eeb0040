/**
 * Mailspring. It never sends the address. The model omits its tables of large providers.
 */
import { withoutDoctype } from '../formats/xml.ts'
import { elements, ownText, readXmlTree, type XmlTree } from '../formats/xml-tree.ts'
import { srvHost } from './dns/srv.ts'
import { type Client, type FoundAccount, type FoundServer, type Mailbox, orRefusal, Refusal } from './model/client.ts'
import { createDiscover, type Tracer } from './model/tracer.ts'

export const mailspring: Client = {
  name: 'mailspring',
  title: 'Mailspring',
  release: 'source of 2026',
  source: 'Foundry376/Mailspring d93a0d7 and 3da5841 (2026)',
  takes: 'the first imap and the first smtp server; the address or the local part as login name',
  changes: [
    'Since d93a0d7 (2026): documents of the domain.',
    'Since 3da5841 (2026): SRV records. Earlier releases guess imap. and smtp. below the domain.'
  ],
  discover: createDiscover(search)
}

async function search(mailbox: Mailbox, tracer: Tracer): Promise<FoundAccount | string> {
  const { domain } = mailbox
  // Observed: Foundry376/Mailspring d93a0d7, app/internal_packages/onboarding/lib/onboarding-helpers.ts:
  // TryThunderbirdAutoconfig requests these two, without a query.
  const urls = [
    `https://autoconfig.${domain}/mail/config-v1.1.xml`,
    `https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`
  ]
  for (const asked of urls) {
    const { response, url } = await tracer.follow({ method: 'GET', url: asked, headers: {} }, { most: 20 })
    if (response === undefined || response.status < 200 || response.status > 299) continue
    const root = readXmlTree(withoutDoctype(response.body))
    const isEmpty = response.body.trim() === ''
    tracer.note(root === undefined && !isEmpty ? 'refused: not XML' : 'read')
    if (root === undefined && !isEmpty) continue
    const read = orRefusal(() => readConfig(root, mailbox, url))
    if (read instanceof Refusal) return read.message
    if (read !== undefined) return read
    // Observed: …/onboarding-helpers.ts: `autoConfig === false`: the second URL is requested only if the first
    // response is not XML.
    break
  }
  return searchDns(mailbox, tracer)
}

/** @returns undefined if the document contains no account, so that the program looks up SRV records */
function readConfig(root: XmlTree | undefined, mailbox: Mailbox, from: string): FoundAccount | string | undefined {
  const provider = root && pickProvider(root, mailbox.domain)
  if (provider === undefined) return undefined
  const incomingServers = elements(provider, 'incomingServer')
  const outgoingServers = elements(provider, 'outgoingServer')
  if (incomingServers.length === 0 || outgoingServers.length === 0) return undefined
  const incoming = ofType(incomingServers, 'imap')
  const outgoing = ofType(outgoingServers, 'smtp')
  if (incoming === undefined || outgoing === undefined) return 'no imap or no smtp server: leaves the port empty'
  return { incoming: toServer(incoming, 'imap', mailbox), outgoing: toServer(outgoing, 'smtp', mailbox), from }
}

// Observed: …/onboarding-helpers.ts: `Array.isArray(provider)`: of several providers, it uses the one whose id is the
// domain.
function pickProvider(root: XmlTree, domain: string): XmlTree | undefined {
  const [first, ...others] = elements(root, 'emailProvider')
  if (others.length === 0) return first
  return elements(root, 'emailProvider').find(provider => attributeOf(provider, 'id') === domain)
}

function ofType(servers: readonly XmlTree[], type: string): XmlTree | undefined {
  return servers.find(server => attributeOf(server, 'type') === type)
}

// Observed: …/onboarding-helpers.ts: `p.$.id`, `incomingServer.$.type`: xml2js omits `$` for elements without
// attributes.
function attributeOf({ name, attributes }: XmlTree, attribute: string): string | undefined {
  if (Object.keys(attributes).length === 0) throw new Refusal(`fails: <${name}> without attributes`)
  return attributes[attribute]
}

// Observed: …/onboarding-helpers.ts: extractServerDetails.
function toServer(element: XmlTree, protocol: 'imap' | 'smtp', { address, localPart, domain }: Mailbox): FoundServer {
  const host = textOf(element, 'hostname')
  // Observed: …/onboarding-helpers.ts: finalizeAndValidateAccount: `imap_host.trim()`, `imap_port /= 1`.
  if (host === undefined) throw new Refusal('fails: a hostname that is not a text')
  const port = Number(textOf(element, 'port') || Number.NaN)
  if (Number.isNaN(port)) throw new Refusal('fails: a port that is not a number')
  return {
    protocol,
    host: host.trim() === '' ? `${protocol}.${domain}` : host.trim(),
    port,
    security: securities[textOf(element, 'socketType') ?? ''] ?? 'starttls',
    username: textOf(element, 'username') === '%EMAILLOCALPART%' ? localPart : address
  }
}

const securities: Readonly<Record<string, FoundServer['security']>> = {
  SSL: 'tls',
  STARTTLS: 'starttls',
  plain: 'none'
}

/**
 * @returns empty if the element is missing, undefined if xml2js does not convert it to a text: an element with
 * attributes or child elements becomes an object, and a repeated one a list
 */
function textOf(element: XmlTree, name: string): string | undefined {
  const [first, ...others] = elements(element, name)
  if (first === undefined) return ''
  const isText = others.length === 0 && Object.keys(first.attributes).length === 0 && elements(first).length === 0
  return isText ? ownText(first) : undefined
}

// Observed: Foundry376/Mailspring 3da5841, app/internal_packages/onboarding/specs/onboarding-helpers-spec.ts:
// implicit TLS comes before STARTTLS, the lowest priority is first, "." is skipped, and a side without records is
// guessed.
async function searchDns({ domain }: Mailbox, { dns }: Tracer): Promise<FoundAccount | string> {
  const ask = async (service: string, rest: Pick<FoundServer, 'protocol' | 'security'>) => {
    const records = (await dns.srv(`_${service}._tcp.${domain}`)).filter(record => srvHost(record) !== '')
    const [best] = records.toSorted((a, b) => a.priority - b.priority)
    return best && { ...rest, host: srvHost(best), port: best.port, username: undefined }
  }
  const incoming =
    (await ask('imaps', { protocol: 'imap', security: 'tls' })) ??
    (await ask('imap', { protocol: 'imap', security: 'starttls' }))
  const outgoing =
    (await ask('submissions', { protocol: 'smtp', security: 'tls' })) ??
    (await ask('submission', { protocol: 'smtp', security: 'starttls' }))
  if (incoming === undefined && outgoing === undefined) return `guesses imap.${domain} and smtp.${domain}`
  const guess = (protocol: 'imap' | 'smtp', port: number): FoundServer => {
    return { protocol, host: `${protocol}.${domain}`, port, security: 'tls', username: undefined }
  }
  return { incoming: incoming ?? guess('imap', 993), outgoing: outgoing ?? guess('smtp', 465), from: `SRV ${domain}` }
}
