/**
 * Everything that was seen of a domain: facts, and no judgement.
 */
import type { Client, Discovery } from '../../clients/model/client.ts'
import type { Exchange } from '../../network/http-exchange.ts'
import type { DnsAnswer, RecordType } from '../../network/resolver.ts'
import type { Probe, ServiceProbe } from '../../probes/probe.ts'
import type { DiscoveryRequest } from './discovery-requests.ts'
import type { Subject } from './examined-domain.ts'

export interface Examination {
  readonly subject: Subject
  readonly dns: readonly DnsAnswer[]
  readonly visits: readonly Visit[]
  readonly programs: readonly Program[]
  readonly servers: readonly Probe[]
  readonly services: readonly ServiceProbe[]
  /** Milliseconds since 1970. */
  readonly now: number
  /** Milliseconds that one answer may take. */
  readonly timeoutMs: number
  /** The time for everything was over before all was seen. */
  readonly isCut: boolean
  readonly allowPrivate: boolean
}

/** A discovery URL, and where its redirects led. */
export interface Visit {
  readonly asked: DiscoveryRequest
  readonly first: Exchange
  /** One for each redirect that was followed. */
  readonly redirects: readonly Exchange[]
  /** Redirects led back, or on and on. */
  readonly isLoop: boolean
}

export interface Program {
  readonly client: Client
  readonly discovery: Discovery
}

/** What the DNS says of a name; without records where it was not asked. */
export function answerOf<Type extends RecordType>(
  dns: readonly DnsAnswer[],
  type: Type,
  name: string
): DnsAnswer<Type> {
  const answer = dns.find(each => each.type === type && each.name === name)
  return (answer ?? { name, type, records: [], fault: undefined, isMissing: false }) as DnsAnswer<Type>
}

/** The last answer, or why there was none. */
export function lastOf({ first, redirects }: Visit): Exchange {
  return redirects.at(-1) ?? first
}

/** As it is told to people: without the query. */
export function urlOf({ asked }: Visit): string {
  return asked.request.url.replace(/\?.*/, '')
}
