/**
 * Where an offset stands in a text, as editors count.
 */
import { type Document, isMap, isNode, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml'
import type { Path } from './finding.ts'

export interface Place {
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
}

/** Why not the line counter of yaml: it misses lines inside of what it cannot read. */
export function createPlaces(text: string): (offset: number) => Place {
  let lineEnds: readonly number[] | undefined
  return offset => {
    lineEnds ??= Array.from(text.matchAll(/\n/g), ({ index }) => index)
    const above = countBelow(offset, lineEnds)
    return { line: above + 1, column: offset - (lineEnds[above - 1] ?? -1) }
  }
}

/** @param ascending searched by halves: a broken table of many domains has as many findings as lines */
function countBelow(bound: number, ascending: readonly number[]): number {
  let [low, high] = [0, ascending.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (Number(ascending[middle]) < bound) low = middle + 1
    else high = middle
  }
  return low
}

//@@ src/settings/load/offset.ts
//@@ /**
//@@  * Where a path of the settings stands in the YAML text.
//@@  */
/** @returns the offset of the value (or of its key), or of the nearest thing around it that exists */
export type OffsetOf = (path: Path, ofKey: boolean) => number

export function createOffsets({ contents }: Document.Parsed): OffsetOf {
  // Why: yaml looks through all keys for each path, and a table with many unknown keys has as many findings.
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
