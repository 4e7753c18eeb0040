/**
 * An Apple property list as an importer reads it: every key with its place, and values of any other type passed over.
 */
import { blankDoctype } from '../../../formats/xml.ts'
import { elements, ownText, readXmlTree, type XmlTree } from '../../../formats/xml-tree.ts'
import type { Placed } from '../../notes.ts'

/** A key of a dictionary and the element behind it. */
export interface Entry extends Placed {
  readonly key: string
  readonly value: XmlTree
}

/** @returns the root dictionary, or undefined where it is no property list; offsets are those in the text */
export function readProfileTree(text: string): Entry[] | undefined {
  const root = readXmlTree(blankDoctype(text))
  const [dictionary] = root?.name === 'plist' ? elements(root, 'dict') : []
  return dictionary && entriesOf(dictionary)
}

/** @returns undefined where the value is none of the dictionaries of an array */
export function dictionariesOf({ value }: Entry): Entry[][] {
  return value.name === 'array' ? elements(value, 'dict').map(entriesOf) : []
}

export function textOf(entry: Entry | undefined): string | undefined {
  return entry?.value.name === 'string' ? ownText(entry.value).trim() || undefined : undefined
}

/** Why reals too: mailcow and Mail-in-a-Box (2026) write ports as reals. */
export function numberOf(entry: Entry | undefined): number | undefined {
  if (entry === undefined || !['integer', 'real'].includes(entry.value.name)) return undefined
  const text = ownText(entry.value).trim()
  return text === '' ? undefined : Number(text)
}

export function isTrue(entry: Entry | undefined, whereAbsent: boolean): boolean {
  return entry === undefined ? whereAbsent : entry.value.name === 'true'
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
