/**
 * One parameter out of a raw query string: RFC 3986 3.4.
 */
import { percentDecode } from './percent.ts'

export interface QueryValueOptions {
  /** A plus sign stands for a space, as in forms of browsers. Default: it is a plus sign. */
  readonly plusIsSpace?: boolean
}

const equals = '='.charCodeAt(0)

/**
 * @param query without the question mark
 * @param name in small letters; compared in any letter case
 * @returns the first value, percent-decoded; undefined where there is none or its encoding is broken. A plus sign stays
 * one: FairEmail, Nextcloud Mail and Himalaya send `a+b@example.com` unescaped
 */
export function queryValue(
  query: string,
  name: string,
  { plusIsSpace = false }: QueryValueOptions = {}
): string | undefined {
  // Why not split: a query of 8 kB can have 8,000 parameters, and each would become a string.
  for (let start = 0; start < query.length; ) {
    const ampersand = query.indexOf('&', start)
    const end = ampersand === -1 ? query.length : ampersand
    const value = start + name.length + 1
    if (query.charCodeAt(value - 1) === equals && query.slice(start, value - 1).toLowerCase() === name) {
      const raw = query.slice(value, end)
      return percentDecode(plusIsSpace ? raw.replaceAll('+', ' ') : raw)
    }
    start = end + 1
  }
  return undefined
}
