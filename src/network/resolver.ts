/**
 * Direct DNS queries. A name without records is a valid result, unlike a failed lookup, so they are distinct.
 */
import { Resolver as NodeResolver } from 'node:dns/promises'
import type { MxRecord, SrvRecord } from '../clients/model/world.ts'

/** The data of a record of each type. Names have no trailing dot; `.` is the root. */
export interface DnsData {
  readonly A: string
  readonly AAAA: string
  readonly CNAME: string
  readonly MX: MxRecord
  readonly NS: string
  readonly SRV: SrvRecord
  readonly TXT: string
  readonly CAA: CaaRecord
}

export type RecordType = keyof DnsData

export interface CaaRecord {
  /** `issue`, `issuewild`, `iodef`, … */
  readonly tag: string
  readonly value: string
}

export interface DnsAnswer<Type extends RecordType = RecordType> {
  readonly name: string
  readonly type: Type
  /** Empty if there is no such record, or if the lookup failed. */
  readonly records: readonly DnsData[Type][]
  /** Why the lookup failed; undefined if there was a response, even an empty one. */
  readonly fault: DnsFault | undefined
  /** The name does not exist (NXDOMAIN). */
  readonly isMissing: boolean
}

/** `unreachable`: nothing listens on the port of the resolver. */
export type DnsFault = 'SERVFAIL' | 'REFUSED' | 'timeout' | 'unreachable' | 'malformed'

export interface Resolver {
  /** The DNS servers that it asks. */
  readonly servers: readonly string[]
  /** Asks once for each name and type. Never rejects. */
  readonly look: <Type extends RecordType>(type: Type, name: string) => Promise<DnsAnswer<Type>>
}

export interface ResolverOptions {
  /** `IP` or `IP:port`, an IPv6 address in brackets; default: the system's. */
  readonly servers?: readonly string[]
  /** The time limit for one lookup. */
  readonly timeoutMs: number
}

export function createResolver({ servers, timeoutMs }: ResolverOptions): Resolver {
  // Why one for each lookup: a malformed response ends all lookups of the same resolver that are in progress.
  const create = () => {
    // Why a third: the second attempt waits twice as long as the first.
    const resolver = new NodeResolver({ timeout: Math.ceil(timeoutMs / 3), tries: 2 })
    if (servers !== undefined) resolver.setServers([...servers])
    return resolver
  }
  const asked = new Map<string, Promise<DnsAnswer>>()
  return {
    servers: create().getServers(),
    look<Type extends RecordType>(type: Type, name: string) {
      const key = `${type} ${name.toLowerCase()}`
      const answer = asked.get(key) ?? ask(create(), type, name)
      asked.set(key, answer)
      return answer as Promise<DnsAnswer<Type>>
    }
  }
}

async function ask(resolver: NodeResolver, type: RecordType, name: string): Promise<DnsAnswer> {
  try {
    return { name, type, records: await queries[type](resolver, name), fault: undefined, isMissing: false }
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    return { name, type, records: [], fault: faultOf(code), isMissing: code === 'ENOTFOUND' }
  }
}

type Query<Type extends RecordType> = (resolver: NodeResolver, name: string) => Promise<DnsData[Type][]>

const queries: { readonly [Type in RecordType]: Query<Type> } = {
  A: (resolver, name) => resolver.resolve4(name),
  AAAA: (resolver, name) => resolver.resolve6(name),
  CNAME: (resolver, name) => resolver.resolveCname(name),
  MX: (resolver, name) => resolver.resolveMx(name),
  NS: (resolver, name) => resolver.resolveNs(name),
  async SRV(resolver, name) {
    const records = await resolver.resolveSrv(name)
    return records.map(({ name: target, ...record }) => ({ ...record, target: target || '.' }))
  },
  async TXT(resolver, name) {
    const records = await resolver.resolveTxt(name)
    return records.map(parts => parts.join(''))
  },
  async CAA(resolver, name) {
    const records = await resolver.resolveCaa(name)
    return records
      .flatMap(record => Object.entries(record).map(([tag, value]) => ({ tag, value: String(value) })))
      .filter(({ tag }) => properties.includes(tag))
  }
}

// Spec: RFC 8659 4, RFC 8657. Why a list: Node.js adds other fields to the record.
const properties = ['issue', 'issuewild', 'iodef', 'contactemail', 'contactphone']

/** @returns undefined if there is no such record, or if it cannot be a name */
function faultOf(code: string): DnsFault | undefined {
  if (['ENOTFOUND', 'ENODATA', 'EBADNAME', 'EINVAL'].includes(code)) return undefined
  return faults[code] ?? 'malformed'
}

const faults: Readonly<Record<string, DnsFault>> = {
  ESERVFAIL: 'SERVFAIL',
  EREFUSED: 'REFUSED',
  ENOTIMP: 'REFUSED',
  ETIMEOUT: 'timeout',
  ECONNREFUSED: 'unreachable'
}
