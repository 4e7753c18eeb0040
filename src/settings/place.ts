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
  const lineEnds = Array.from(text.matchAll(/\n/g), ({ index }) => index)
  return offset => {
    const above = lineEnds.filter(end => end < offset)
    return { line: above.length + 1, column: offset - (above.at(-1) ?? -1) }
  }
}
