/**
 * The word that was probably meant: misspelt, abbreviated, or with text after it (`port:993`).
 */
import { distance } from 'fastest-levenshtein'

/** @returns the nearest of the known words, ignoring letter case; undefined if none is near */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const typed = word.toLowerCase()
  return known
    .map(name => ({ name, right: name.toLowerCase(), far: distance(name.toLowerCase(), typed) }))
    .sort((a, b) => a.far - b.far)
    .find(({ right, far }) => far <= tolerance(right, typed) || isPart(right, typed))?.name
}

/** @returns the words for a message: empty, or with a comma before them */
export function suggestion(word: unknown, known: readonly string[]): string {
  const near = typeof word === 'string' ? nearest(word, known) : undefined
  return near === undefined ? '' : `, did you mean "${near}"?`
}

function tolerance({ length: right }: string, { length: typed }: string): number {
  return Math.min(Math.max(2, typed / 3), Math.max(right, typed) / 2)
}

function isPart(right: string, typed: string): boolean {
  return Math.min(right.length, typed.length) > 2 && (right.startsWith(typed) || typed.startsWith(right))
}
