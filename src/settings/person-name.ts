/**
 * A person's own name, as mail programs put it into the From line.
 */

/** In characters. */
export const personNameLimit = 100

const unwritable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/u

/**
 * Characters that change how others are shown, or that look like nothing: overrides and isolates of the direction, soft
 * hyphens, tags, fillers. Why with exceptions: Persian names have the zero-width non-joiner, many emoji the joiner and
 * variation selectors, and Japanese names the selectors of variants (FE00 to FE0F, E0100 to E01EF).
 */
const invisible = /(?!\u200c|\u200d|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}])[\p{Cf}\p{Default_Ignorable_Code_Point}]/u

// Why not by letters: characters that this version of Unicode does not know yet are names of people too.
const visible = /[^\p{Cf}\p{Default_Ignorable_Code_Point}\p{Z}]/u

/**
 * @returns the name without white space around it, or undefined if it is not one: nothing to see, too long, over several
 * lines, or with invisible characters that could make it look like another one
 */
export function toPersonName(text: string): string | undefined {
  const name = text.trim()
  // Why twice: to take a name apart into characters costs much more than to see that it is too long.
  if (name === '' || name.length > 2 * personNameLimit || [...name].length > personNameLimit) return undefined
  return visible.test(name) && !unwritable.test(name) && !invisible.test(name) ? name : undefined
}
