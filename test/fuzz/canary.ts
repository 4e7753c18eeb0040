/**
 * Words that stand in what a stranger sends, one a field, so that whatever comes back tells where it came from.
 */
const fields = ['local', 'name', 'typed', 'domain', 'query', 'path', 'body', 'header', 'host'] as const
export type CanaryField = (typeof fields)[number]

export function canary(field: CanaryField): string {
  return `zq${field}qz`
}

/** Stands behind a character that is markup, and behind nothing else. */
export const markupCanary = 'qzmarkzq'

/** @returns the fields whose words are in a text */
export function canariesIn(text: string): CanaryField[] {
  // Why first: hardly any answer has one, and this costs least.
  if (!/zq/i.test(text)) return []
  const small = text.toLowerCase()
  return fields.filter(field => small.includes(canary(field)))
}

/** @returns whether what stands before the word has kept its meaning as markup. @param type the media type */
export function hasMarkup(text: string, type: string): boolean {
  return (type.includes('json') ? /["\\]qzmarkzq/i : /[<>"'&]qzmarkzq/i).test(text)
}
