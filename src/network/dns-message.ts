/**
 * DNS messages, as much of them as a look-up of mail exchangers needs: RFC 1035 4.
 */

/** Spec: RFC 1035 3.2.2. */
export const recordTypes = { CNAME: 5, SOA: 6, MX: 15 } as const

export interface DnsQuestion {
  /** 16 bits that tell the answer from others. */
  readonly id: number
  /** A-labels, in any letter case. */
  readonly name: string
  readonly type: number
}

export interface DnsResponse extends DnsQuestion {
  /** The rest is to be had over TCP. */
  readonly isTruncated: boolean
  /** RCODE: 0 no error, 2 SERVFAIL, 3 NXDOMAIN, 5 REFUSED. */
  readonly code: number
  readonly answers: readonly DnsAnswer[]
  /** Of the answering zone: how long it may be remembered that there is nothing. */
  readonly authorities: readonly Authority[]
}

/** Of class IN. Names are in small letters and without the final dot: the root is empty. */
export type DnsAnswer =
  | { readonly type: 'CNAME'; readonly name: string; readonly ttl: number; readonly target: string }
  | {
      readonly type: 'MX'
      readonly name: string
      readonly ttl: number
      readonly preference: number
      readonly exchange: string
    }

export interface Authority {
  readonly ttl: number
  readonly minimum: number
}

interface Record {
  readonly name: string
  readonly type: number
  readonly ttl: number
  /** Where its data begins and ends. */
  readonly start: number
  readonly end: number
}

interface Read<Value> {
  readonly value: Value
  /** Where the next thing begins. */
  readonly end: number
}

const headerLength = 12
const internet = 1
/** QR, OPCODE, TC, RD, RCODE. */
const flags = { response: 0x8000, operation: 0x7800, truncated: 0x0200, recursion: 0x0100, code: 0x000f } as const

/** @returns a message that asks for recursion. The name must be at most 253 octets, and its labels 63. */
export function writeQuestion({ id, name, type }: DnsQuestion): Buffer {
  const labels = name.split('.').flatMap(label => [Buffer.of(label.length), Buffer.from(label, 'latin1')])
  return Buffer.concat([numbers(id, flags.recursion, 1, 0, 0, 0), ...labels, Buffer.of(0), numbers(type, internet)])
}

/** @returns undefined where it is no answer to one question, is broken at a place that matters, or has too many records */
export function readResponse(message: Buffer): DnsResponse | undefined {
  if (message.length < headerLength) return undefined
  const [id = 0, bits = 0, questions, answers = 0, authorities = 0] = numbersAt(message, 0, 5)
  if ((bits & flags.response) === 0 || (bits & flags.operation) !== 0 || questions !== 1) return undefined
  try {
    const name = nameAt(message, headerLength)
    const [type = 0, group] = numbersAt(message, name.end, 2)
    if (group !== internet) return undefined
    const answered = recordsAt(message, name.end + 4, answers)
    const signed = recordsAt(message, answered.end, authorities)
    return {
      id,
      name: name.value,
      type,
      isTruncated: (bits & flags.truncated) !== 0,
      code: bits & flags.code,
      answers: answered.value.flatMap(record => toAnswer(message, record)),
      authorities: signed.value.flatMap(record => toAuthority(message, record))
    }
  } catch {
    // Why nothing else is told: what is broken shows by reading behind the end, wherever that happens.
    return undefined
  }
}

/**
 * Records of a section that are read. Why: a message of 64 kB has room for 4,000, each with names of 127 labels, which takes
 * 130 ms. Domains have fewer than 20 mail exchangers.
 */
const mostRecords = 32

function recordsAt(message: Buffer, start: number, count: number): Read<readonly Record[]> {
  if (count > mostRecords) throw new RangeError('more records than are read')
  const records: Record[] = []
  let end = start
  for (let index = 0; index < count; index++) {
    const name = nameAt(message, end)
    const [type = 0, group] = numbersAt(message, name.end, 2)
    const dataStart = name.end + 10
    end = dataStart + message.readUInt16BE(name.end + 8)
    if (end > message.length) throw new RangeError('a record ends behind the message')
    const ttl = toSeconds(message.readUInt32BE(name.end + 4))
    if (group === internet) records.push({ name: name.value.toLowerCase(), type, ttl, start: dataStart, end })
  }
  return { value: records, end }
}

function toAnswer(message: Buffer, { name, type, ttl, start }: Record): DnsAnswer[] {
  if (type === recordTypes.CNAME) return [{ type: 'CNAME', name, ttl, target: hostAt(message, start) }]
  if (type !== recordTypes.MX) return []
  return [{ type: 'MX', name, ttl, preference: message.readUInt16BE(start), exchange: hostAt(message, start + 2) }]
}

/** Spec: RFC 1035 3.3.13: two names, four numbers, and the minimum. */
function toAuthority(message: Buffer, { type, ttl, end }: Record): Authority[] {
  return type === recordTypes.SOA ? [{ ttl, minimum: toSeconds(message.readUInt32BE(end - 4)) }] : []
}

function hostAt(message: Buffer, at: number): string {
  return nameAt(message, at).value.toLowerCase()
}

/** A dot inside of a label is written as RFC 1035 5.1 does: no host name is like this. */
function nameAt(message: Buffer, start: number): Read<string> {
  const labels: string[] = []
  let at = start
  let end: number | undefined
  // Why so many: no name has more labels (RFC 1035 2.3.4), and one that leads back to itself would have no end.
  for (let steps = 0; steps < 128; steps++) {
    const length = message.readUInt8(at)
    if (length === 0) return { value: labels.join('.'), end: end ?? at + 1 }
    if (length < 0x40) {
      labels.push(message.toString('latin1', at + 1, at + 1 + length).replaceAll('.', '\\.'))
      at += 1 + length
      continue
    }
    // Spec: RFC 1035 4.1.4: the rest of the name stands elsewhere.
    if (length < 0xc0) break
    end ??= at + 2
    at = message.readUInt16BE(at) & 0x3fff
  }
  throw new RangeError('a name that can be none')
}

/** Spec: RFC 2181 8: 31 bits, and more of them are none. */
function toSeconds(ttl: number): number {
  return ttl > 0x7fffffff ? 0 : ttl
}

function numbersAt(message: Buffer, at: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => message.readUInt16BE(at + 2 * index))
}

function numbers(...all: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * all.length)
  for (const [index, number] of all.entries()) bytes.writeUInt16BE(number, 2 * index)
  return bytes
}
