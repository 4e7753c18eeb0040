/**
 * One parameter out of a raw query string: RFC 3986 3.4, percent-encoding 2.1.
 */

/**
 * @param query without the question mark
 * @param name compared in any letter case
 * @returns the first value, percent-decoded; undefined where there is none or its encoding is broken. A plus sign stays
 * one: FairEmail, Nextcloud Mail and Himalaya send `a+b@example.com` unescaped
 */
export function queryValue(query: string, name: string): string | undefined {
  for (const pair of query.split('&')) {
    const equals = pair.indexOf('=')
    if (equals !== name.length || pair.slice(0, equals).toLowerCase() !== name) continue
    const value = pair.slice(equals + 1)
    if (!value.includes('%')) return value
    try {
      return decodeURIComponent(value)
    } catch {
      return undefined
    }
  }
  return undefined
}
