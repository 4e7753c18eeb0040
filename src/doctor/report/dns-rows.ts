/**
 * The DNS of a domain, with one row for each name.
 */
import type { DnsAnswer, DnsData } from '../../network/resolver.ts'
import type { Examination } from '../look/examination.ts'

export interface DnsRow {
  readonly name: string
  /** Such as `A 192.0.2.1` or `MX mx1.example.com (10)`; empty if there are none. */
  readonly records: readonly string[]
  /** Such as `A: SERVFAIL`. */
  readonly faults: readonly string[]
}

/** @returns names with records or faults, and all hosts that programs contact, even if they do not exist */
export function dnsRows({ dns, subject: { domain } }: Pick<Examination, 'dns' | 'subject'>): DnsRow[] {
  const groups = [...Map.groupBy(dns, ({ name }) => name)]
  return groups
    .map(([name, answers]) => ({
      name,
      records: answers.flatMap(recordTexts),
      faults: answers.flatMap(({ type, fault }) => (fault === undefined ? [] : [`${type}: ${fault}`]))
    }))
    .filter(({ name, records, faults }) => records.length + faults.length > 0 || isHost(name, domain))
}

function isHost(name: string, domain: string): boolean {
  return name === domain || !name.startsWith('_')
}

/** @returns the records of an answer as text for people */
export function recordTexts<Type extends keyof DnsData>({ type, records }: DnsAnswer<Type>): string[] {
  const write = writers[type] as (data: DnsData[Type]) => string
  return records.map(data => `${type} ${write(data)}`)
}

const asIs = (text: string) => text

const writers: { readonly [Type in keyof DnsData]: (data: DnsData[Type]) => string } = {
  A: asIs,
  AAAA: asIs,
  CNAME: asIs,
  NS: asIs,
  MX: ({ priority, exchange }) => `${exchange || '.'} (${priority})`,
  SRV: ({ target, port }) => (target === '.' ? 'not offered' : `${target}:${port}`),
  TXT: text => `"${text}"`,
  CAA: ({ tag, value }) => `${tag} ${value}`
}
