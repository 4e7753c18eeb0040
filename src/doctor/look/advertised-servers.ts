/**
 * The servers that are advertised for a domain, each once, as input for the probes.
 */
import { isIP } from 'node:net'
import { inSrvOrder, srvHost } from '../../clients/dns/srv.ts'
import { elements, ownText, readXmlTree, type XmlTree } from '../../formats/xml-tree.ts'
import type { ServerToProbe, ServiceToProbe } from '../../probes/probe.ts'
import { toDomain } from '../../settings/question/domain.ts'
import type { Authentication } from '../../settings/schema.ts'
import { type AdvertisedServer, type Advertisement, placeOf } from './advertisement.ts'
import { srvName } from './dns-records.ts'
import { answerOf, type Examination, isAuthentic, lastOf, type Program, type Visit } from './examination.ts'
import { redirectOf } from './follow-redirects.ts'

/** Why limited: doctor connects to all servers in foreign documents, which may contain any number. */
const mostServers = 16
const mostServices = 8

type Seen = Pick<Examination, 'visits' | 'dns' | 'programs' | 'subject'>

export function advertisedServers(seen: Seen, advertisements: readonly Advertisement[]): ServerToProbe[] {
  const { programs, visits, subject } = seen
  const methods = methodsOf(visits)
  const vouched = vouchedFor(seen, advertisements)
  const found = new Map<string, ServerToProbe>()
  for (const server of [...advertisements.flatMap(({ servers }) => servers), ...programs.flatMap(serversOf)]) {
    const probed = toProbed(server, methods, subject.address)
    const place = placeOf(server)
    if (probed === undefined || found.has(place)) continue
    found.set(place, vouched.has(`${probed.host}:${probed.port}`) ? probed : { ...probed, isUnvouched: true })
  }
  return [...found.values()].slice(0, mostServers)
}

/** @returns `host:port` of the servers in documents that only the domain itself can have sent */
function vouchedFor({ visits, subject }: Seen, advertisements: readonly Advertisement[]): Set<string> {
  const authentic = advertisements.filter(({ isAuthentic }) => isAuthentic)
  const first = authentic.flatMap(({ servers }) => servers.map(({ host, port }) => `${host.toLowerCase()}:${port}`))
  const documented = methodsOf(visits.filter(visit => isAuthentic(visit, subject)))
  return new Set([...first, ...documented.keys()])
}

function serversOf({ discovery: { account } }: Program): AdvertisedServer[] {
  return [account?.incoming, account?.outgoing].filter(server => server !== undefined)
}

function toProbed(
  { protocol, host, port, security, username }: AdvertisedServer,
  methods: ReadonlyMap<string, readonly Authentication[]>,
  address: string
): ServerToProbe | undefined {
  if (protocol === 'jmap' || protocol === 'activesync' || protocol === 'exchange') return undefined
  const name = isIP(host) > 0 ? host : toDomain(host)
  if (name === undefined || port < 1 || port > 65535) return undefined
  const authentication = methods.get(`${name}:${port}`) ?? ['password']
  return { protocol, host: name, port, security, authentication, username: username ?? address }
}

/** @returns the authentication methods in autoconfig documents, by `host:port` */
function methodsOf(visits: readonly Visit[]): ReadonlyMap<string, readonly Authentication[]> {
  const documents = visits.filter(({ asked }) => asked.family === 'autoconfig' && !asked.isNonsense)
  const bodies = new Set(
    documents.map(visit => lastOf(visit).response).map(response => (response?.status === 200 ? response.body : ''))
  )
  const servers = [...bodies].flatMap(body => {
    const root = readXmlTree(body)
    const providers = root === undefined ? [] : elements(root, 'emailProvider')
    return providers.flatMap(provider => [
      ...elements(provider, 'incomingServer'),
      ...elements(provider, 'outgoingServer')
    ])
  })
  return new Map(
    servers.map(server => [`${textOf(server, 'hostname').toLowerCase()}:${textOf(server, 'port')}`, methods(server)])
  )
}

function textOf(server: XmlTree, name: string): string {
  return elements(server, name).slice(0, 1).map(ownText).join('').trim()
}

function methods(server: XmlTree): Authentication[] {
  return elements(server, 'authentication').flatMap(element => words.get(ownText(element).trim()) ?? [])
}

const words = new Map<string, Authentication>([
  ['password-cleartext', 'password'],
  ['plain', 'password'],
  ['password-encrypted', 'encrypted-password'],
  ['secure', 'encrypted-password'],
  ['OAuth2', 'oauth2'],
  ['GSSAPI', 'gssapi'],
  ['NTLM', 'ntlm'],
  ['TLS-client-cert', 'client-certificate'],
  ['none', 'none']
])

/** @returns calendars, contacts, JMAP and ActiveSync from well-known URLs, from the DNS, and from what programs found */
export function advertisedServices({ visits, dns, programs, subject: { domain } }: Seen): ServiceToProbe[] {
  const pointers = visits.flatMap(visit => {
    const { family } = visit.asked
    const target = redirectOf(visit.first)
    if (family !== 'caldav' && family !== 'carddav' && family !== 'jmap') return []
    return target === undefined ? [] : [{ protocol: family, url: target }]
  })
  const named = (['caldav', 'carddav', 'jmap'] as const).flatMap(protocol => {
    const service = protocol === 'jmap' ? protocol : (`${protocol}s` as const)
    const [best] = inSrvOrder(answerOf(dns, 'SRV', srvName(service, domain)).records)
    if (best === undefined) return []
    const path = protocol === 'jmap' ? '/.well-known/jmap' : pathOf(dns, srvName(service, domain), protocol)
    return toService(protocol, `https://${srvHost(best)}:${best.port}${path}`)
  })
  const taken = programs.flatMap(({ discovery: { account } }) =>
    account?.incoming.protocol === 'activesync' ? toService('activesync', account.from) : []
  )
  const all = new Map([...pointers, ...named, ...taken].map(service => [`${service.protocol} ${service.url}`, service]))
  return [...all.values()].slice(0, mostServices)
}

/** Spec: RFC 6764 4: a TXT record contains the path. */
function pathOf(dns: Examination['dns'], name: string, protocol: string): string {
  const record = answerOf(dns, 'TXT', name).records.find(text => text.startsWith('path=/'))
  return record?.slice('path='.length) ?? `/.well-known/${protocol}`
}

function toService(protocol: ServiceToProbe['protocol'], url: string): ServiceToProbe[] {
  return URL.canParse(url) ? [{ protocol, url: new URL(url).href }] : []
}
