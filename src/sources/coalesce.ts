/**
 * Runs one piece of work at most once at a time, however often it is requested.
 */
import { setTimeout as sleep } from 'node:timers/promises'

export interface CoalesceOptions {
  /** How long to rest after a run, in milliseconds. @param tookMs how long the run took */
  readonly restMs?: (tookMs: number) => number
  readonly pause?: (milliseconds: number) => Promise<unknown>
}

/**
 * Calls made while the work runs, or while it rests, share one further run. So at most one run is under way and one is
 * waiting, and the result that a caller gets always comes from a run that began after the call.
 * @returns a function that starts the work, or waits for its next run; it rejects with what the work throws
 */
export function coalesce<T>(
  work: () => T | Promise<T>,
  { restMs = () => 0, pause = sleep }: CoalesceOptions = {}
): () => Promise<T> {
  let busy: Promise<void> | undefined
  let waiting: Promise<T> | undefined

  function begin(): Promise<T> {
    waiting = undefined
    const started = performance.now()
    // Why an async function: what the work throws becomes a rejection, and the work still starts at once.
    const run = (async () => await work())()
    busy = rest(run, started)
    return run
  }

  async function rest(run: Promise<T>, started: number): Promise<void> {
    await run.catch(() => undefined)
    const milliseconds = restMs(performance.now() - started)
    if (milliseconds > 0) await pause(milliseconds)
    if (waiting === undefined) busy = undefined
  }

  return () => {
    if (busy === undefined) return begin()
    waiting ??= busy.then(begin)
    return waiting
  }
}
