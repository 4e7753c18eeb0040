/**
 * A directory whose rows are read: the text of a row becomes an answer here, and not in the process of its driver, since
 * this decides who learns what.
 */
import type { Reading } from './columns.ts'
import type { Directory } from './directory.ts'
import { type Row, readRows } from './row.ts'

/** What a driver finds for a name. */
export type Found = { readonly rows: readonly Row[] } | { readonly problem: string }

/** A directory whose rows have not been read. */
export interface RowSource extends Omit<Directory<unknown>, 'find'> {
  find(name: string): Promise<Found>
}

export function readDirectory<V>(directory: RowSource, reading: Reading<V>): Directory<V> {
  const { watch } = directory
  return {
    async find(name) {
      const found = await directory.find(name)
      return 'problem' in found ? reading.toProblem(found.problem) : readRows(found.rows, name, reading)
    },
    ...(watch && {
      watch(changed) {
        watch(text => changed(text === undefined ? undefined : reading.toName(text)))
      }
    }),
    get restarts() {
      return directory.restarts
    },
    close: directory.close
  }
}
