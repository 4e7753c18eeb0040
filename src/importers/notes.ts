/**
 * Notes that an importer takes while it reads a text: where things stand, and what the table has no words for.
 */
import { createPositions } from '../settings/load/position.ts'
import type { Dropped, Origin, Part } from './imported.ts'

export interface Reading {
  readonly originOf: (thing: Placed) => Origin
  readonly part: <Value>(value: Value, thing: Placed, note?: string) => Part<Value>
  readonly drop: (thing: Placed, what: string, why: string) => void
  readonly dropped: readonly Dropped[]
}

/** Something of the text, such as an element. */
export interface Placed {
  readonly offset: number
}

/** @param source what findings call the text */
export function createReading(text: string, source: string): Reading {
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
