/**
 * DNS records and their writers: RFC 1035 3.3, RFC 2782. Names and targets are absolute, without the final dot.
 */
export type DnsRecord = AddressRecord | CnameRecord | SrvRecord | TxtRecord

interface AddressRecord {
  readonly name: string
  readonly type: 'A'
  readonly address: string
}

interface CnameRecord {
  readonly name: string
  readonly type: 'CNAME'
  readonly target: string
}

interface SrvRecord {
  readonly name: string
  readonly type: 'SRV'
  readonly priority: number
  readonly weight: number
  readonly port: number
  /** Empty if the service is not available. Spec: RFC 2782, Target: the root. */
  readonly target: string
}

interface TxtRecord {
  readonly name: string
  readonly type: 'TXT'
  /** ASCII of any length. */
  readonly text: string
}

/** Writes records in the format of one file. */
export type RecordWriter = (records: readonly DnsRecord[], options: RecordWriterOptions) => string

export interface RecordWriterOptions {
  /** The domain of the records. All names are the domain or below it. */
  readonly domain: string
  /** In seconds. */
  readonly ttl: number
}

/** @returns the text as strings of at most 255 octets, at least one. Spec: RFC 1035 3.3 */
export function toStrings(text: string): string[] {
  return text.match(/.{1,255}/gsu) ?? ['']
}
