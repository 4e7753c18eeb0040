/**
 * The little markup of the page's words: `[Settings]` is what a program prints, `{slot}` is a value (messages.ts).
 */
import { type Html, html } from '../../formats/html.ts'
import type { Slot } from './messages.ts'

/** What stands in place of slots; those that a provider has no value for are left out. */
export type SlotValues = Partial<Readonly<Record<Slot, Html>>>

/** @returns the text as HTML, or undefined where it has a slot without a value */
export function richText(text: string, values: SlotValues): Html | undefined {
  const parts = text.split(/(\[[^[\]]*\]|\{\w+\})/).map(part => {
    if (part.startsWith('{')) return values[part.slice(1, -1) as Slot]
    if (part.startsWith('[')) return bold(richText(part.slice(1, -1), values))
    return html`${part}`
  })
  return parts.includes(undefined) ? undefined : html`${parts}`
}

/** @returns the texts that can be shown, each as HTML */
export function richTexts(texts: readonly string[], values: SlotValues): Html[] {
  return texts.map(text => richText(text, values)).filter(text => text !== undefined)
}

function bold(text: Html | undefined): Html | undefined {
  return text && html`<b>${text}</b>`
}
