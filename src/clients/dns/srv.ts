/**
 * SRV records as programs use them: RFC 2782.
 */
import type { SrvRecord } from '../model/world.ts'

/** @returns the host without a trailing dot; empty if the service is not available. Spec: RFC 2782, Target. */
export function srvHost({ target }: SrvRecord): string {
  return target.replace(/\.$/, '')
}

/**
 * Compares records by the order in which to try them.
 *
 * Spec: RFC 2782: the lowest priority comes first. Why: the highest weight comes first, because it is the most likely result
 * of the random selection in RFC 2782, and FairEmail sorts in this way.
 */
export function bySrvOrder(one: SrvRecord, other: SrvRecord): number {
  return one.priority - other.priority || other.weight - one.weight
}

/** @returns the records in the order in which to try them, without those for unavailable services */
export function inSrvOrder<Named extends SrvRecord>(records: readonly Named[]): Named[] {
  return records.filter(record => srvHost(record) !== '').toSorted(bySrvOrder)
}
