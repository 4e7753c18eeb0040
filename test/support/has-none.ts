import type { Test } from 'tap'

/**
 * Asserts that an object has none of the given keys, with any value.
 * Why: tap's `notHas` fails only if all keys of its pattern are present.
 */
export function hasNone(t: Test, object: object | undefined, keys: readonly string[]): void {
  if (object === undefined) t.fail('there is no object')
  else {
    t.strictSame(
      keys.filter(key => key in object),
      []
    )
  }
}
