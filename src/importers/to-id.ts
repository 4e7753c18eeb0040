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
  let free = id
  for (let number = 2; taken.has(free); number++) free = `${trim(id.slice(0, limit - `-${number}`.length))}-${number}`
  return free
}

function trim(text: string): string {
  return text.replace(/^[.-]+|[.-]+$/g, '')
}
