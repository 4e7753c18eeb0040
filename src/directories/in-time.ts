/**
 * An answer that nobody waits for longer than a time.
 */

/** @returns the answer, or rejects after the milliseconds; what comes later is told to nobody */
export async function inTime<T>(answer: Promise<T>, milliseconds: number): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${milliseconds} ms`)), milliseconds)
  return await Promise.race([answer, late.promise]).finally(() => clearTimeout(timer))
}
