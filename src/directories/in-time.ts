/**
 * An answer that nobody waits for longer than a time.
 */

/** @returns the answer, or rejects with ETIMEDOUT after the milliseconds; a later answer is dropped */
export async function inTime<T>(answer: Promise<T>, milliseconds: number): Promise<T> {
  const late = Promise.withResolvers<never>()
  const expire = () =>
    late.reject(Object.assign(new Error(`no answer within ${milliseconds} ms`), { code: 'ETIMEDOUT' }))
  const timer = setTimeout(expire, milliseconds)
  return await Promise.race([answer, late.promise]).finally(() => clearTimeout(timer))
}
