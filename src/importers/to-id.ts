/**
 * The id of a provider out of whatever a source calls it.
 */

const limit = 63

/** @returns small letters, digits, dots and hyphens; none of those taken */
export function toId(text: string, taken: ReadonlySet<string>): string {
  const letters = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9.]+/g, '-')
  const id = trim(letters.slice(0, limit)) || 'provider'
  for (let number = 1; ; number++) {
    const suffix = number === 1 ? '' : `-${number}`
    const candidate = `${trim(id.slice(0, limit - suffix.length))}${suffix}`
    if (!taken.has(candidate)) return candidate
  }
}

function trim(text: string): string {
  return text.replace(/^[.-]+|[.-]+$/g, '')
}
