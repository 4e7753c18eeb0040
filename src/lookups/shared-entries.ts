/**
 * One entry in place of all that say the same. Why: of a million domains most say the same as many others, and an entry
 * takes as much memory as the name that it is kept under.
 */
import { LRUCache } from 'lru-cache'
import type { Entry } from './entry.ts'

/** @returns the entry, or one that was here before and says the same */
export type SharedEntries = (entry: Entry) => Entry

/** How many are known: of those that come seldom, some are there twice. */
const mostKnown = 1000

export function createSharedEntries(): SharedEntries {
  const all = new LRUCache<string, Entry>({ max: mostKnown })
  return entry => {
    const known = all.get(entry.key)
    if (known !== undefined) return known
    all.set(entry.key, entry)
    return entry
  }
}
