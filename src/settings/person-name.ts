/**
 * A person's own name, as mail programs put it into the From line.
 */

/** In characters. */
export const personNameLimit = 100

// Why not every format character (Cf): Persian names have the zero-width non-joiner, and many emoji the joiner.
const unwritable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/u

/** @returns the name without white space around it, or undefined where it is none: empty, too long, over several lines */
export function toPersonName(text: string): string | undefined {
  const name = text.trim()
  // Why twice: to take a name apart into characters costs much more than to see that it is too long.
  if (name === '' || name.length > 2 * personNameLimit || [...name].length > personNameLimit) return undefined
  return unwritable.test(name) ? undefined : name
}
