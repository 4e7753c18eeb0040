/**
 * A text of the table that is there in some languages, in the one of the page or the nearest.
 */
import { type Html, html } from '../../formats/html.ts'

/** @returns the text as HTML that says its language; English, or the first there is, where the page's is not there */
export function translation(texts: Readonly<Record<string, string>>, language: string): Html | undefined {
  const codes = Object.keys(texts)
  const exact = codes.find(code => code === language) ?? codes.find(code => code.startsWith(`${language}-`))
  const code = exact ?? codes.find(code => code === 'en') ?? codes[0]
  if (code === undefined) return undefined
  return html`<span lang="${code}" dir="auto">${texts[code]}</span>`
}
