/**
 * The name of a person, as mail programs show it in the From header.
 */

/** In characters. */
export const personNameLimit = 100

const unwritable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/u

/**
 * Characters that are invisible or change how others are displayed: direction overrides and isolates, soft hyphens, tags,
 * fillers. Why: some of them are allowed, because Persian names contain the zero-width non-joiner, many emoji the joiner
 * and variation selectors, and Japanese names variation selectors (FE00 to FE0F, E0100 to E01EF).
 */
const invisible = /(?!\u200c|\u200d|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}])[\p{Cf}\p{Default_Ignorable_Code_Point}]/u

// Why: requiring a letter would reject names in scripts that this version of Unicode does not include yet.
const visible = /[^\p{Cf}\p{Default_Ignorable_Code_Point}\p{Z}]/u

/**
 * @returns the trimmed name, or undefined if it is not acceptable: nothing visible, too long, several lines, or invisible
 * characters that could make it look like another name
 */
export function toPersonName(text: string): string | undefined {
  const name = text.trim()
  // Why: the length is checked first because splitting a long text into characters costs much more.
  if (name === '' || name.length > 2 * personNameLimit || [...name].length > personNameLimit) return undefined
  return visible.test(name) && !unwritable.test(name) && !invisible.test(name) ? name : undefined
}
