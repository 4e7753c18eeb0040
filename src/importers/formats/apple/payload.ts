/**
 * One payload of an Apple profile: its keys with their positions, and which of them were read.
 */

import { blankDoctype } from '../../../formats/xml.ts'
import { elements, ownText, readLenientTree, type XmlTree } from '../../../formats/xml-tree.ts'
import { type ImportLog, oneLine, type Placed } from '../../import-log.ts'

export interface Payload extends Placed {
  readonly type: string
  readonly text: (key: string) => string | undefined
  /** NaN for a value that is not a number, which is reported as dropped. */
  readonly number: (key: string) => number | undefined
  readonly isTrue: (key: string, ifAbsent: boolean) => boolean
  /** Reports all keys that were not read as dropped. */
  readonly dropOthers: () => void
}

/** Characters of a value in a message. */
const mostShown = 100

export function createPayload(entries: readonly Entry[], log: ImportLog): Payload {
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
    number(key) {
      const before = read.size
      const entry = find(key)
      const number = numberOf(entry)
      const isFirst = read.size > before
      if (entry !== undefined && isFirst && Number.isNaN(number)) {
        const found = oneLine(ownText(entry.value)).slice(0, mostShown)
        const why = `found <${entry.value.name}> "${found}", expected <integer> with a number, so its server is not imported`
        log.drop(entry, `${type} ${key}`, why)
      }
      return number
    },
    isTrue: (key, ifAbsent) => isTrue(find(key), ifAbsent),
    dropOthers() {
      for (const entry of entries) {
        if (read.has(entry) || common.test(entry.key)) continue
        const why = reasons.find(({ of }) => of.test(entry.key))?.why ?? 'the table has no such field'
        log.drop(entry, `${type} ${entry.key}`, why)
      }
    }
  }
}

/** Spec: CommonPayloadKeys.yaml defines these keys. */
const common = /^Payload(?:Type|Version|Identifier|UUID|DisplayName|Description|Organization|Enabled)$/

const reasons = [
  { of: /Password$/, why: 'a settings table contains no passwords' },
  { of: /^EmailAccountName$/, why: 'it is the name of a single person' },
  { of: /Description$/, why: 'it is the name of a single account' },
  { of: /^SMIME/, why: 'the table only has who decides about S/MIME' },
  { of: /^(?:Prevent|disable|allow|Enable|Override)/, why: 'users could not change what a profile sets' }
]

/** A key of a dictionary and the element that follows it. */
export interface Entry extends Placed {
  readonly key: string
  readonly value: XmlTree
}

/** @returns the root dictionary with offsets in the text; undefined unless it is a property list */
export function readProfileTree(text: string): Entry[] | undefined {
  const root = readLenientTree(blankDoctype(text))
  const [dictionary] = root?.name === 'plist' ? elements(root, 'dict') : []
  return dictionary && entriesOf(dictionary)
}

/** @returns the dictionaries of an array; none if the value is not an array */
export function dictionariesOf({ value }: Entry): Entry[][] {
  return value.name === 'array' ? elements(value, 'dict').map(entriesOf) : []
}

export function textOf(entry: Entry | undefined): string | undefined {
  return entry?.value.name === 'string' ? ownText(entry.value).trim() || undefined : undefined
}

/**
 * Why also reals: mailcow and Mail-in-a-Box (2026) write ports as reals.
 * @returns undefined if there is no number, as in an empty element, and NaN for anything else
 */
export function numberOf(entry: Entry | undefined): number | undefined {
  if (entry === undefined) return undefined
  const text = ownText(entry.value).trim()
  if (!['integer', 'real'].includes(entry.value.name)) return Number.NaN
  if (text === '') return undefined
  return /^[-+]?\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN
}

export function isTrue(entry: Entry | undefined, ifAbsent: boolean): boolean {
  return entry === undefined ? ifAbsent : entry.value.name === 'true'
}

function entriesOf(dictionary: XmlTree): Entry[] {
  const items = elements(dictionary)
  return items.flatMap((item, index) => {
    const value = items[index + 1]
    return item.name === 'key' && value !== undefined && value.name !== 'key'
      ? [{ key: ownText(item), value, offset: item.offset }]
      : []
  })
}
