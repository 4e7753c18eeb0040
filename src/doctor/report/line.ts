/**
 * A line of the report: pieces of text with a style. The caller chooses colours and escapes foreign text.
 */
export type Style = 'good' | 'bad' | 'doubtful' | 'faint' | 'heading'

export type Piece = string | { readonly style: Style; readonly text: string }

export type Line = readonly Piece[]

export const good = (text: string): Piece => ({ style: 'good', text: text.padEnd(8) })
export const bad = (text: string): Piece => ({ style: 'bad', text: text.padEnd(8) })
export const doubtful = (text: string): Piece => ({ style: 'doubtful', text: text.padEnd(8) })
export const faint = (text: string): Piece => ({ style: 'faint', text })

/** @returns whether the line begins with a mark that asks for attention */
export function isNotable([mark]: Line): boolean {
  return typeof mark === 'object' && (mark.style === 'bad' || mark.style === 'doubtful')
}
