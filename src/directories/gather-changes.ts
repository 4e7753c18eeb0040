/**
 * Passes on what a directory reports as changed, but not more often than it can be used: a bulk update sends one
 * notification for each row.
 */
import type { Changed } from './directory.ts'

/** After a notification was passed on, in milliseconds. */
const restMs = 100

/** More names than this are passed on as "everything". */
const mostNames = 1000

export interface GatherOptions {
  /** Calls back after the milliseconds. */
  readonly later?: (done: () => void, milliseconds: number) => void
}

const laterUnref = (done: () => void, milliseconds: number) => void setTimeout(done, milliseconds).unref()

/**
 * @returns a function that passes on the first notification at once. Those that follow within 100 ms are passed on
 * together after that time: each name once, or everything if one of them was about everything or the names are too many.
 */
export function gatherChanges(changed: Changed, { later = laterUnref }: GatherOptions = {}): Changed {
  const names = new Set<string>()
  let isEverything = false
  let resting = false

  function rest(): void {
    resting = true
    later(() => {
      const gathered = isEverything ? [undefined] : [...names]
      names.clear()
      isEverything = false
      resting = false
      if (gathered.length === 0) return
      for (const name of gathered) changed(name)
      rest()
    }, restMs)
  }

  return name => {
    if (!resting) {
      changed(name)
      rest()
    } else if (name === undefined || names.size >= mostNames) isEverything = true
    else names.add(name)
  }
}
