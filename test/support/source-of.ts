/**
 * A source that knows all domains itself.
 */
import type { Source } from '../../src/sources/source.ts'

/** @param held whose table it is; another one may be put in its place */
export function sourceOf(held: Pick<Source, 'table'>): Source {
  return {
    get table() {
      return held.table
    },
    tableFor: () => held.table
  }
}
