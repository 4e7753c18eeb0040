/**
 * Positions in a YAML text: the path of a value leads to an offset, and an offset to a line and a column.
 */
import { type Document, isMap, isNode, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml'
import type { Path } from './finding.ts'

/** As editors count. */
export interface Position {
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
}

/**
 * @returns a function from an offset in the text to its position
 *
 * Why: the line counter of the `yaml` package misses lines inside text that it cannot parse.
 */
export function createPositions(text: string): (offset: number) => Position {
  let lineEnds: readonly number[] | undefined
  return offset => {
    lineEnds ??= Array.from(text.matchAll(/\n/g), ({ index }) => index)
    const above = countBelow(offset, lineEnds)
    return { line: above + 1, column: offset - (lineEnds[above - 1] ?? -1) }
  }
}

/** Why: binary search keeps this fast for a broken table of many domains, which has as many findings as lines. */
function countBelow(bound: number, ascending: readonly number[]): number {
  let [low, high] = [0, ascending.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (Number(ascending[middle]) < bound) low = middle + 1
    else high = middle
  }
  return low
}

/** @returns the offset of the value (or of its key); if it does not exist, of the nearest enclosing node that does */
export type OffsetOf = (path: Path, ofKey: boolean) => number

export function createOffsets({ contents }: Document.Parsed): OffsetOf {
  // Why: `yaml` searches all keys for each path, and a table with many unknown keys has as many findings.
  const indexes = new Map<YAMLMap, ReadonlyMap<unknown, Pair>>()

  function pairOf(map: YAMLMap, key: unknown): Pair | undefined {
    const index = indexes.get(map) ?? indexOf(map)
    indexes.set(map, index)
    return index.get(key)
  }

  return (path, ofKey) => {
    let node: unknown = contents
    let offset = startOf(node) ?? 0
    for (const [depth, key] of path.entries()) {
      const pair = isMap(node) ? pairOf(node, key) : undefined
      if (ofKey && depth === path.length - 1) return startOf(pair?.key) ?? offset
      node = isSeq(node) ? node.items[Number(key)] : pair?.value
      offset = startOf(node) ?? offset
    }
    return offset
  }
}

function indexOf(map: YAMLMap): ReadonlyMap<unknown, Pair> {
  return new Map(map.items.map(pair => [isScalar(pair.key) ? pair.key.value : undefined, pair]))
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined
}
