/**
 * Discovers the settings that a live domain publishes. The source with most details comes first: Thunderbird autoconfig,
 * PACC, Outlook autodiscover, SRV records, servers with the usual names.
 */
import { hasDigest } from '../../clients/himalaya/pacc.ts'
import type { FoundAccount, FoundServer } from '../../clients/model/client.ts'
import { createTracer } from '../../clients/model/tracer.ts'
import type { HttpResponse, World } from '../../clients/model/world.ts'
import { outlookClassic } from '../../clients/outlook/classic.ts'
import { thunderbird } from '../../clients/thunderbird/thunderbird.ts'
import { type DecodingFault, decodeText } from '../../formats/text-encoding.ts'
import { xmlMistake } from '../../formats/xml-mistakes.ts'
import { createPositions } from '../../settings/load/position.ts'
import type { Address } from '../../settings/question/address.ts'
import { toDomain } from '../../settings/question/domain.ts'
import type { ServerSettings } from '../../settings/schema.ts'
import { importAutoconfig } from '../formats/autoconfig/autoconfig.ts'
import { importPacc } from '../formats/pacc.ts'
import { srvServers } from '../formats/srv.ts'
import { refusal } from '../import-log.ts'
import {
  type Dropped,
  describeDropped,
  type Imported,
  type ImportedProvider,
  type ImportedServer
} from '../imported.ts'
import { usernamePattern } from '../username-pattern.ts'
import { createLenientWorld, sourceOf } from './lenient-world.ts'
import { findUsualServers, type IsMailServer } from './usual-names.ts'

export interface DiscoveryNetwork {
  readonly world: World
  readonly isMailServer: IsMailServer
}

/**
 * @param address any address at the domain
 * @returns undefined if nothing is found; without providers if there are only documents that mail programs refuse
 */
export async function discover(address: Address, network: DiscoveryNetwork): Promise<Imported | undefined> {
  const lenient = createLenientWorld(network.world)
  const imported = await discoverServers(address, { ...network, world: lenient.world })
  const { account } = imported === undefined ? {} : await outlookClassic.discover(address.text, lenient.world)
  const all = withRefusals(imported, lenient.refusals)
  if (all === undefined || account?.incoming.protocol !== 'exchange') return all
  const autodiscover = { value: { redirect: account.from }, origin: { source: account.from } }
  return { ...all, providers: withFirst(all.providers, first => ({ ...first, autodiscover })) }
}

/** Why not those that the import reports itself: it has decoded the document, and knows the same and more. */
function withRefusals(imported: Imported | undefined, refusals: readonly Dropped[]): Imported | undefined {
  if (refusals.length === 0) return imported
  const { providers, dropped } = imported ?? { providers: [], dropped: [] }
  const known = new Set(dropped.map(describeDropped))
  return { providers, dropped: [...dropped, ...refusals.filter(each => !known.has(describeDropped(each)))] }
}

async function discoverServers(
  address: Address,
  { world, isMailServer }: DiscoveryNetwork
): Promise<Imported | undefined> {
  const { domain } = address
  const srv = await srvServers(domain, world.dns)
  for (const find of [findAutoconfig, findPacc, findAutodiscover]) {
    const imported = await find(address, world)
    if (imported !== undefined) return completed(imported, srv)
  }
  if (srv.some(({ value: { protocol } }) => protocol === 'imap' || protocol === 'pop3')) {
    return providerOf(domain, srv, `Found by the SRV records of ${domain}.`)
  }
  const usual = await findUsualServers(domain, await bestExchangers(domain, world), isMailServer)
  return usual.length === 0 ? undefined : providerOf(domain, [...usual, ...srv], 'Found by trying the usual names.')
}

async function findAutoconfig(address: Address, world: World): Promise<Imported | undefined> {
  const { account } = await thunderbird.discover(address.text, world)
  if (account === undefined || isAutodiscover(account)) return undefined
  // Why requested again: the document contains more than the program used.
  const { response } = await createTracer(world).follow({ method: 'GET', url: account.from, headers: {} }, { most: 20 })
  const imported = response && readAutoconfig(response, sourceOf(account.from))
  if (imported === undefined || imported.providers.length === 0) return undefined
  return noted(withRules(ofDomain(imported, address.domain), address), account.from)
}

/** Why messages: U+FFFD replaces what cannot be decoded, and an undefined reference becomes part of a text. */
function readAutoconfig({ bytes, body }: HttpResponse, source: string): Imported | undefined {
  const decoded = bytes === undefined ? { text: body } : decodeText(bytes)
  const text = 'fault' in decoded ? body : decoded.text
  const imported = importAutoconfig(text, source)
  const mistake = xmlMistake(text)
  const damages = [
    ...('fault' in decoded ? [undecodable(decoded, source)] : []),
    ...(mistake === undefined ? [] : [refusal(mistake, text, source)])
  ]
  return imported && { ...imported, dropped: [...imported.dropped, ...damages] }
}

function undecodable({ fault, before }: DecodingFault, source: string): Dropped {
  return { origin: { source, ...createPositions(before)(before.length) }, what: 'text', why: fault }
}

/** Why: a document for a request with an address can contain the final login names of this address. */
function withRules({ providers, ...rest }: Imported, address: Address): Imported {
  const toRule = (username: string | undefined) => username && (usernamePattern(username, address) ?? username)
  return {
    ...rest,
    providers: providers.map(({ servers, ...provider }) => ({
      ...provider,
      servers: servers.map(server => ({ ...server, username: toRule(server.username) }))
    }))
  }
}

async function findPacc({ domain }: Address, world: World): Promise<Imported | undefined> {
  const url = `https://ua-auto-config.${domain}/.well-known/user-agent-configuration.json`
  const response = await createTracer(world).exchange({ method: 'GET', url, headers: {} })
  const imported = response?.status === 200 ? importPacc(response.body, { source: url, domain }) : undefined
  if (imported === undefined || response === undefined) return undefined
  const isKnown = hasDigest(await world.dns.txt(`_ua-auto-config.${domain}`), response.body)
  return noted(imported, url, isKnown ? [] : ['The DNS has no digest of it, so mail programs would not trust it.'])
}

async function findAutodiscover(address: Address, world: World): Promise<Imported | undefined> {
  const outlook = await outlookClassic.discover(address.text, world)
  const hasServers = outlook.account !== undefined && outlook.account.incoming.protocol !== 'exchange'
  const { account } = hasServers ? outlook : await thunderbird.discover(address.text, world)
  return account && noted({ providers: [importAccount(account, address)], dropped: [] }, account.from)
}

function isAutodiscover({ from }: FoundAccount): boolean {
  return sourceOf(from).toLowerCase().endsWith('/autodiscover.xml')
}

function noted({ providers, dropped }: Imported, from: string, more: readonly string[] = []): Imported {
  const notes = [`Found at ${sourceOf(from)}.`, ...more]
  if (from.startsWith('http:')) notes.push('It was sent without encryption, so it may have been changed on the way.')
  return {
    providers: providers.map(provider => ({ ...provider, notes: [...(provider.notes ?? []), ...notes] })),
    dropped
  }
}

/** Why: a document from the domain of a mail exchanger lists the domains of that provider. */
function ofDomain(imported: Imported, domain: string): Imported {
  const has = ({ domains }: ImportedProvider) => domains.some(({ value }) => toDomain(value) === domain)
  if (imported.providers.some(has)) return imported
  const removed = imported.providers
    .slice(0, 1)
    .flatMap(({ domains }) => domains)
    .map(({ value, origin }) => ({ origin, what: `domain ${value}`, why: `the import is for ${domain}` }))
  const own = withFirst(imported.providers, first => ({
    ...first,
    id: domain,
    domains: [{ value: domain, origin: first.origin }]
  }))
  return { providers: own, dropped: [...imported.dropped, ...removed] }
}

/** Adds servers from SRV records for protocols that the document does not contain. */
function completed({ providers, dropped }: Imported, srv: readonly ImportedServer[]): Imported {
  const known = new Set(providers.flatMap(({ servers }) => servers.map(({ value }) => value.protocol)))
  const missing = srv.filter(({ value }) => !known.has(value.protocol))
  const added = missing.map(server => ({ ...server, note: `Found by its SRV record ${server.origin.source}.` }))
  return { providers: withFirst(providers, first => ({ ...first, servers: [...first.servers, ...added] })), dropped }
}

function withFirst(
  providers: readonly ImportedProvider[],
  change: (provider: ImportedProvider) => ImportedProvider
): ImportedProvider[] {
  return providers.map((provider, index) => (index === 0 ? change(provider) : provider))
}

function providerOf(domain: string, servers: readonly ImportedServer[], note: string): Imported {
  const origin = { source: domain }
  return {
    providers: [{ origin, id: domain, domains: [{ value: domain, origin }], servers, notes: [note] }],
    dropped: []
  }
}

/** @returns the preferred mail exchanger of the domain */
async function bestExchangers(domain: string, { dns }: World): Promise<string[]> {
  const records = (await dns.mx(domain)).toSorted((a, b) => a.priority - b.priority)
  return records.slice(0, 1).map(({ exchange }) => exchange.replace(/\.$/, ''))
}

/** Imports the account that the model of a mail program found. @param address owner of the account */
export function importAccount({ incoming, outgoing, from }: FoundAccount, address: Address): ImportedProvider {
  const origin = { source: from.replace(/\?.*/, '') }
  const toServer = (server: FoundServer): ImportedServer[] => {
    const { protocol, host, port, security, username } = server
    if (protocol === 'jmap' || protocol === 'activesync' || protocol === 'exchange') return []
    const value: ServerSettings = {
      protocol,
      host,
      port,
      security,
      ...(security === 'none' && { allowPlaintext: true })
    }
    return [{ value, origin, username: username && usernamePattern(username, address) }]
  }
  return {
    origin,
    id: address.domain,
    domains: [{ value: address.domain, origin }],
    servers: [incoming, ...(outgoing === undefined ? [] : [outgoing])].flatMap(toServer)
  }
}
