/**
 * The log of an importer while it reads a text: positions of values, and what the table cannot express.
 */
import type { XmlMistake } from '../formats/xml-mistakes.ts'
import { createPositions } from '../settings/load/position.ts'
import type { Dropped, Origin, Part } from './imported.ts'

export interface ImportLog {
  readonly originOf: (thing: Placed) => Origin
  readonly part: <Value>(value: Value, thing: Placed, note?: string) => Part<Value>
  readonly drop: (thing: Placed, what: string, why: string) => void
  readonly dropped: readonly Dropped[]
}

/** Something with a position in the text, such as an element. */
export interface Placed {
  readonly offset: number
}

/** @param source name of the text in messages */
export function createImportLog(text: string, source: string): ImportLog {
  const placeOf = createPositions(text)
  const dropped: Dropped[] = []
  const originOf = ({ offset }: Placed) => ({ source, ...placeOf(offset) })
  return {
    originOf,
    part: (value, thing, note) => ({ value, origin: originOf(thing), note }),
    drop: (thing, what, why) => void dropped.push({ origin: originOf(thing), what, why }),
    dropped
  }
}

/** @returns what to say about a mistake in a text that can be imported nevertheless */
export function refusal({ what, why, offset }: XmlMistake, text: string, source: string): Dropped {
  const origin = { source, ...createPositions(text)(offset) }
  return { origin, what, why: `it ${why}, so most mail programs refuse the whole document` }
}

/** @returns the trimmed lines, joined by spaces; white space within a line is preserved */
export function oneLine(text: string): string {
  const lines = text.split(/[\r\n]+/).map(line => line.trim())
  return lines.filter(Boolean).join(' ')
}
