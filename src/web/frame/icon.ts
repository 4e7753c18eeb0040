/**
 * The picture in a browser's tab: an envelope in the provider's colour, as an SVG of a few bytes.
 */
import type { Brand } from '../../settings/brand.ts'

export function icon({ accent }: Pick<Brand, 'accent'>): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="${accent}"/><path d="M7 10h18v12H7zl9 7 9-7" fill="none" stroke="#fff" stroke-width="2" stroke-linejoin="round"/></svg>`
}
