/**
 * The DNS messages of an MX lookup (RFC 1035 section 4), encoded and decoded by dns-packet.
 */
import { type Answer, type DecodedPacket, decode, encode, RECURSION_DESIRED } from 'dns-packet'

export interface DnsQuestion {
  /** 16 bits that identify the response. */
  readonly id: number
  /** A-labels, in any letter case. */
  readonly name: string
  readonly type: 'CNAME' | 'MX' | 'SOA'
}

export interface DnsResponse {
  readonly id: number
  readonly name: string
  /** The type that was asked for, in capital letters. */
  readonly type: string
  /** The full response is available over TCP. */
  readonly isTruncated: boolean
  /** RCODE: 0 no error, 2 SERVFAIL, 3 NXDOMAIN, 5 REFUSED. */
  readonly code: number
  readonly answers: readonly DnsAnswer[]
  /** SOA records of the answering zone, which limit how long a negative response may be cached. */
  readonly authorities: readonly Authority[]
}

/** A record of class IN. Names are in lower case, without the final dot; the root is an empty name. */
export type DnsAnswer =
  | { readonly type: 'CNAME'; readonly name: string; readonly ttl: number; readonly target: string }
  | {
      readonly type: 'MX'
      readonly name: string
      readonly ttl: number
      readonly preference: number
      readonly exchange: string
    }

/** Both in seconds. */
export interface Authority {
  readonly ttl: number
  readonly minimum: number
}

/** OPCODE (0 is a standard query) and RCODE among the flags of the header: RFC 1035 section 4.1.1. */
const opcodeBits = 0x7800
const rcodeBits = 0x000f

/** @returns a query with recursion desired. The name must have at most 253 octets, and its labels at most 63 each. */
export function encodeQuestion({ id, name, type }: DnsQuestion): Buffer {
  return encode({ type: 'query', id, flags: RECURSION_DESIRED, questions: [{ type, class: 'IN', name }] })
}

/** @returns undefined if the message is malformed, has too many records, or does not answer one question of class IN */
export function decodeResponse(message: Buffer): DnsResponse | undefined {
  const packet = decodePacket(message)
  if (packet?.type !== 'response' || (packet.flags & opcodeBits) !== 0) return undefined
  const [question, ...others] = packet.questions
  if (question === undefined || others.length > 0 || question.class !== 'IN') return undefined
  return {
    id: packet.id,
    name: withoutRoot(question.name),
    type: question.type,
    isTruncated: packet.flag_tc,
    code: packet.flags & rcodeBits,
    answers: packet.answers.flatMap(toAnswer),
    authorities: packet.authorities.flatMap(toAuthority)
  }
}

/**
 * The most records that are decoded in one section. Why: 64 kB have room for 4,000 records, each with a name of 127 labels,
 * and decoding those took 130 ms. Domains have fewer than 20 mail exchangers.
 */
const mostRecords = 48

/** Where the header counts the records of each section: RFC 1035 section 4.1.1. */
const sectionCounts = [4, 6, 8, 10]

/** Why: the types of dns-packet leave out fields as packets to encode may do. `decode` sets every one. */
type Decoded = { readonly [Field in keyof DecodedPacket]-?: NonNullable<DecodedPacket[Field]> }

function decodePacket(message: Buffer): Decoded | undefined {
  try {
    if (sectionCounts.some(at => message.readUInt16BE(at) > mostRecords)) return undefined
    return decode(message) as Decoded
  } catch {
    // Why: dns-packet throws plain errors for malformed messages. None of them says more than that.
    return undefined
  }
}

function toAnswer(record: Answer): DnsAnswer[] {
  if (record.type === 'CNAME' && record.class === 'IN') {
    return [{ type: 'CNAME', name: toHost(record.name), ttl: toSeconds(record.ttl), target: toHost(record.data) }]
  }
  if (record.type !== 'MX' || record.class !== 'IN') return []
  const { preference = 0, exchange } = record.data
  return [{ type: 'MX', name: toHost(record.name), ttl: toSeconds(record.ttl), preference, exchange: toHost(exchange) }]
}

function toAuthority(record: Answer): Authority[] {
  if (record.type !== 'SOA' || record.class !== 'IN') return []
  return [{ ttl: toSeconds(record.ttl), minimum: toSeconds(record.data.minimum) }]
}

function toHost(name: string): string {
  return withoutRoot(name).toLowerCase()
}

/** dns-packet writes the root as a dot. */
function withoutRoot(name: string): string {
  return name === '.' ? '' : name
}

/** Spec: RFC 2181 section 8: a TTL has 31 bits, and larger values count as 0. */
function toSeconds(ttl = 0): number {
  return ttl > 0x7fffffff ? 0 : ttl
}
