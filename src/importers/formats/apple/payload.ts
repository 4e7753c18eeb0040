/**
 * One payload of an Apple profile: its keys, and which of them were read.
 */

import type { Placed, Reading } from '../../notes.ts'
import { type Entry, isTrue, numberOf, textOf } from './property-list.ts'

export interface Payload extends Placed {
  readonly type: string
  readonly text: (key: string) => string | undefined
  readonly number: (key: string) => number | undefined
  readonly isTrue: (key: string, whereAbsent: boolean) => boolean
  /** Drops what was not read. */
  readonly dropOthers: () => void
}

export function createPayload(entries: readonly Entry[], reading: Reading): Payload {
  const read = new Set<Entry>()
  function find(key: string): Entry | undefined {
    const entry = entries.find(each => each.key === key)
    if (entry !== undefined) read.add(entry)
    return entry
  }
  const type = textOf(find('PayloadType')) ?? ''
  return {
    offset: entries[0]?.offset ?? 0,
    type,
    text: key => textOf(find(key)),
    number: key => numberOf(find(key)),
    isTrue: (key, whereAbsent) => isTrue(find(key), whereAbsent),
    dropOthers() {
      for (const entry of entries) {
        if (read.has(entry) || common.test(entry.key)) continue
        const why = reasons.find(({ of }) => of.test(entry.key))?.why ?? 'the table has no such field'
        reading.drop(entry, `${type} ${entry.key}`, why)
      }
    }
  }
}

/** Spec: CommonPayloadKeys.yaml. */
const common = /^Payload(?:Type|Version|Identifier|UUID|DisplayName|Description|Organization|Enabled)$/

const reasons = [
  { of: /Password$/, why: 'a settings table holds no passwords' },
  { of: /^EmailAccountName$/, why: 'it is the name of one person' },
  { of: /Description$/, why: 'it is the name of one account' },
  { of: /^(?:Prevent|SMIME|disable|allow|Enable|Override)/, why: 'what a profile sets, its user can no longer change' }
]
