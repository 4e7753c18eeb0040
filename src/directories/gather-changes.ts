/**
 * Passes on changes of a directory, but not more often than they can be used: a bulk update sends one notification for each
 * row.
 */
import type { OnChange } from './directory.ts'

/** The pause after changes were passed on. */
const restMs = 100

/** If more names than this have changed, everything counts as changed. */
const maxNames = 1000

export interface GatherOptions {
  /** Calls back after the milliseconds. */
  readonly later?: (done: () => void, milliseconds: number) => void
}

const laterUnref = (done: () => void, milliseconds: number) => void setTimeout(done, milliseconds).unref()

/**
 * @returns a function that passes on the first notification at once. Those that follow within 100 ms are passed on
 * together after that time: each name once, or everything if one of them was about everything or there are too many names.
 */
export function gatherChanges(onChange: OnChange, { later = laterUnref }: GatherOptions = {}): OnChange {
  const names = new Set<string>()
  let isEverything = false
  let isResting = false

  function rest(): void {
    isResting = true
    later(() => {
      const gathered = isEverything ? [undefined] : [...names]
      names.clear()
      isEverything = false
      isResting = false
      if (gathered.length === 0) return
      for (const name of gathered) onChange(name)
      rest()
    }, restMs)
  }

  return name => {
    if (!isResting) {
      onChange(name)
      rest()
    } else if (name === undefined || names.size >= maxNames) isEverything = true
    else names.add(name)
  }
}
