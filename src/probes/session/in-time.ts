/**
 * A promise that is not waited for longer than a signal allows.
 */
import { Trouble } from './session-error.ts'

/** @throws Trouble as soon as the signal is aborted */
export async function inTime<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const stop = () => reject(new Trouble('noAnswer'))
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop)
  return Promise.race([promise, late]).finally(() => signal.removeEventListener('abort', stop))
}
