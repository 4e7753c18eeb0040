/**
 * Marker words in requests, a different one for each field, so that reflected data shows its origin.
 */
const fields = ['local', 'name', 'typed', 'domain', 'query', 'path', 'body', 'header', 'host'] as const
export type CanaryField = (typeof fields)[number]

export function canary(field: CanaryField): string {
  return `zq${field}qz`
}

/** Always follows a character that is markup. */
export const markupCanary = 'qzmarkzq'

/** @returns the fields whose words are in a text */
export function canariesIn(text: string): CanaryField[] {
  // Why first: few responses contain one, and this check is cheap.
  if (!/zq/i.test(text)) return []
  const small = text.toLowerCase()
  return fields.filter(field => small.includes(canary(field)))
}

/** @returns whether the character before the word is still markup. @param type the media type */
export function hasMarkup(text: string, type: string): boolean {
  if (type.includes('json')) return /["\\]qzmarkzq/i.test(text)
  // Why no apostrophe in XML: it is markup only in attributes in apostrophes, which no document has, and programs do not decode it.
  return (type.includes('xml') ? /[<>"&]qzmarkzq/i : /[<>"'&]qzmarkzq/i).test(text)
}
