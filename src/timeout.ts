/**
 * Promises that are given up after a time, or when a signal is aborted. A result that comes later is dropped.
 */

/** @returns the result; rejects with an error of code ETIMEDOUT after the time */
export async function withTimeout<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  const late = Promise.withResolvers<never>()
  const expire = () => late.reject(Object.assign(new Error(`no answer within ${timeoutMs} ms`), { code: 'ETIMEDOUT' }))
  const timer = setTimeout(expire, timeoutMs)
  return await Promise.race([promise, late.promise]).finally(() => clearTimeout(timer))
}

/**
 * @param toError makes the error for an aborted signal
 * @returns the result; rejects as soon as the signal is aborted
 */
export async function withSignal<T>(promise: Promise<T>, signal: AbortSignal, toError: () => Error): Promise<T> {
  const late = Promise.withResolvers<never>()
  const abort = () => late.reject(toError())
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort)
  return await Promise.race([promise, late.promise]).finally(() => signal.removeEventListener('abort', abort))
}
