/**
 * Where an offset stands in a text, as editors count.
 */
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
