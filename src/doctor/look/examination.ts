/**
 * Everything that was observed about a domain: facts without a judgement.
 */
import type { Client, Discovery } from '../../clients/model/client.ts'
import type { NativeScript } from '../../clients/model/native-script.ts'
import type { Exchange } from '../../network/http-exchange.ts'
import type { DnsAnswer, RecordType } from '../../network/resolver.ts'
import type { Probe, ServiceProbe } from '../../probes/probe.ts'
import type { DavProgram } from './dav-programs.ts'
import type { DiscoveryRequest } from './discovery-requests.ts'
import type { Subject } from './examined-domain.ts'

export interface Examination {
  readonly subject: Subject
  readonly dns: readonly DnsAnswer[]
  readonly visits: readonly Visit[]
  readonly programs: readonly Program[]
  /** Programs for calendars and contacts; none if the domain advertises neither. */
  readonly davPrograms: readonly DavProgram[]
  /** What the programs do with the domain in its own script; undefined if it is in ASCII. */
  readonly nativeScript?: NativeScript | undefined
  readonly servers: readonly Probe[]
  readonly services: readonly ServiceProbe[]
  /** The OAuth servers in documents. */
  readonly oauth: readonly OauthServer[]
  /** Milliseconds since 1970. */
  readonly now: number
  /** Timeout of a single answer in milliseconds. */
  readonly timeoutMs: number
  /** Whether the time was over before the examination was complete. */
  readonly isCut: boolean
  readonly allowPrivate: boolean
}

/** The exchange for a discovery URL, and those for its redirects. */
export interface Visit {
  readonly asked: DiscoveryRequest
  readonly first: Exchange
  /** One for each redirect that was followed. */
  readonly redirects: readonly Exchange[]
  /** Whether the redirects form a loop or are too many. */
  readonly isLoop: boolean
}

export interface Program {
  readonly client: Client
  readonly discovery: Discovery
}

/** What one document says about OAuth. Empty texts count as missing. */
export interface AnnouncedOauth {
  /** The URL of the document, without its query. */
  readonly from: string
  readonly issuer: string
  readonly scope: string | undefined
  readonly authorizationUrl: string | undefined
  readonly tokenUrl: string | undefined
  readonly clientId: string | undefined
  /** Whether the format has a place for a client identifier. */
  readonly mayHaveClientId: boolean
}

export interface OauthServer {
  readonly announced: AnnouncedOauth
  /** The last request for the metadata; undefined if the issuer is not a URL that could have any. */
  readonly exchange: Exchange | undefined
}

/** @returns the answer for a name; one without records if it was not looked up */
export function answerOf<Type extends RecordType>(
  dns: readonly DnsAnswer[],
  type: Type,
  name: string
): DnsAnswer<Type> {
  const answer = dns.find(each => each.type === type && each.name === name)
  return (answer ?? { name, type, records: [], fault: undefined, isMissing: false }) as DnsAnswer<Type>
}

/** @returns the last exchange, after all redirects */
export function lastOf({ first, redirects }: Visit): Exchange {
  return redirects.at(-1) ?? first
}

/** @returns the URL for people, without its query */
export function urlOf({ asked }: Visit): string {
  return asked.request.url.replace(/\?.*/, '')
}

/**
 * Whether a response can only have come from the domain itself: all exchanges used https, and the host belongs to the domain.
 * Why the host counts: the DNS, which may be forged, can also name other hosts.
 */
export function isAuthentic({ first, redirects }: Visit, { domain }: Subject): boolean {
  const { hostname } = new URL(first.request.url)
  const isOfDomain = hostname === domain || hostname.endsWith(`.${domain}`)
  return isOfDomain && [first, ...redirects].every(({ request }) => request.url.startsWith('https:'))
}
