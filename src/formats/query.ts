/**
 * Query strings and percent-encoding: RFC 3986 3.4 and 2.1.
 */
export interface QueryValueOptions {
  /** Whether a plus sign means a space, as in forms of browsers. Default: false. */
  readonly plusIsSpace?: boolean
}

const equals = '='.charCodeAt(0)

/**
 * Reads one parameter. Plus signs are kept by default, because FairEmail, Nextcloud Mail and Himalaya send
 * `a+b@example.com` unescaped.
 *
 * @param query without the question mark
 * @param name in lower case; matches any letter case
 * @returns the first value, percent-decoded; undefined if there is none or its encoding is invalid
 */
export function queryValue(
  query: string,
  name: string,
  { plusIsSpace = false }: QueryValueOptions = {}
): string | undefined {
  // Why: splitting a query of 8 kB could create 8,000 strings.
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

/**
 * Decodes an address once more if its @ or its domain is still encoded.
 *
 * Observed: Thunderbird 31 sent `jane%2540example.com`. Why the domain: encodeURI encodes letters such as `ü`, but not the @. An
 * address with a percent sign in its local part alone is not changed, because `%40` may be part of it.
 */
export function decodeAddressAgain(text: string): string {
  const at = text.lastIndexOf('@')
  const isEncoded = at === -1 ? text.includes('%40') : text.includes('%', at)
  return isEncoded ? (percentDecode(text) ?? text) : text
}

/** @returns the decoded text, or undefined if the encoding is invalid */
export function percentDecode(text: string): string | undefined {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
