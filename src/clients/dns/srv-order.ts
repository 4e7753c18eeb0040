/**
 * SRV records in the order in which they are to be tried.
 */

import type { SrvRecord } from '../model/world.ts'
import { srvHost } from './srv-host.ts'

/**
 * Spec: RFC 2782: the lowest priority first. Why the greatest weight first: that is the likeliest of the draws that it asks
 * for, and FairEmail sorts so.
 * @returns without those that say that there is no such service
 */
export function inSrvOrder<Named extends SrvRecord>(records: readonly Named[]): Named[] {
  return records
    .filter(record => srvHost(record) !== '')
    .toSorted((a, b) => a.priority - b.priority || b.weight - a.weight)
}
