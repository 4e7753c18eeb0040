/**
 * Foreign JSON with the positions of its values, and of its first fault.
 */
import type { Path } from '../settings/load/finding.ts'
import { createOffsets, createPositions, type Position } from '../settings/load/position.ts'
import { parse } from '../settings/load/syntax.ts'

export type ReadJson = { readonly value: unknown; readonly positionOf: (path: Path) => Position } | JsonFault

export interface JsonFault {
  /** In the words of the JSON parser. */
  readonly fault: string
  readonly position: Position
}

/** @param text without a byte order mark */
export function readJson(text: string): ReadJson {
  const positions = createPositions(text)
  try {
    const value: unknown = JSON.parse(text)
    // Why the parser of YAML: JSON is a subset of YAML, and JSON.parse does not return positions.
    const offsetOf = createOffsets(parse(text).document)
    return { value, positionOf: path => positions(offsetOf(path, false)) }
  } catch (error) {
    const { message } = error as Error
    const fault = message.replace(/(?: in JSON)? at position [\s\S]*|, (?:\.\.\.)?"[\s\S]*/, '')
    return { fault, position: positions(offsetIn(text, message)) }
  }
}

function offsetIn(text: string, message: string): number {
  const [, position] = / at position (\d+)/.exec(message) ?? []
  if (position !== undefined) return Number(position)
  // Why: for an unexpected token, the parser does not report its position, but every shorter text only lacks its end.
  let [low, high] = [0, text.length]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (lacksOnlyItsEnd(text.slice(0, middle))) low = middle
    else high = middle - 1
  }
  return low
}

function lacksOnlyItsEnd(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch (error) {
    const { message } = error as Error
    const [, position] = / at position (\d+)/.exec(message) ?? []
    return position === undefined ? message.startsWith('Unexpected end') : Number(position) >= text.length
  }
}
