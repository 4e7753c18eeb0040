/**
 * One parameter out of a raw query string: RFC 3986 3.4.
 */
import { percentDecode } from './percent.ts'

/**
 * @param query without the question mark
 * @param name compared in any letter case
 * @returns the first value, percent-decoded; undefined where there is none or its encoding is broken. A plus sign stays
 * one: FairEmail, Nextcloud Mail and Himalaya send `a+b@example.com` unescaped
 */
export function queryValue(query: string, name: string): string | undefined {
  for (const pair of query.split('&')) {
    const equals = pair.indexOf('=')
    if (equals === name.length && pair.slice(0, equals).toLowerCase() === name) {
      return percentDecode(pair.slice(equals + 1))
    }
  }
  return undefined
}
