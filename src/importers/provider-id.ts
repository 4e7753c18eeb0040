/**
 * Ids of imported providers: valid, unique, and similar to the names that the source uses.
 */

const limit = 63

/** Space for a hyphen and a number of up to a million. */
const longestSuffix = 8

/** @returns lower-case letters, digits, dots and hyphens, at most 63 */
export function toId(text: string): string {
  const letters = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9.]+/g, '-')
  return trim(letters.slice(0, limit)) || 'provider'
}

export interface Ids {
  /** @returns an id that is free, with a number at its end if necessary. It is not reserved. */
  readonly free: (text: string) => string
  /** Reserves an id. */
  readonly take: (id: string) => void
}

export function createIds(): Ids {
  const taken = new Set<string>()
  // Why: counting from 2 for each of many providers with the same name would take quadratic time.
  const numbers = new Map<string, number>()
  return {
    free(text) {
      const id = toId(text)
      if (!taken.has(id)) return id
      const stem = trim(id.slice(0, limit - longestSuffix))
      let number = numbers.get(stem) ?? 2
      while (taken.has(`${stem}-${number}`)) number++
      numbers.set(stem, number)
      return `${stem}-${number}`
    },
    take: id => void taken.add(id)
  }
}

/** @returns the text without dots and hyphens at its start and end */
function trim(text: string): string {
  return /[^.-](?:.*[^.-])?/.exec(text)?.[0] ?? ''
}
