/**
 * Texts of messages as HTML or plain text. `[Settings]` is text that a program shows, `{slot}` is a value, and `|…|` is
 * optional (messages.ts).
 */
import { type Html, html } from '../../formats/html.ts'
import type { Slot } from './messages.ts'

/**
 * Values of slots; slots for which a provider has no value are missing. `{login}` stands for the user name of the server that
 * a text is about: the incoming one, unless the text names the outgoing one, both or the calendars.
 */
export type SlotValues = Partial<Readonly<Record<Slot | 'outgoingLogin' | 'bothLogins' | 'davLogin', Html>>>

/** The values for one text. */
type OwnValues = Readonly<Partial<Record<Slot, Html | undefined>>>

/** @returns the text as HTML; undefined if it contains a slot without a value, except in an optional part */
export function richText(text: string, values: SlotValues): Html | undefined {
  const own = { ...values, login: values[loginSlotOf(text)] }
  const parts = text.split('|').map((part, at) => filled(part, own) ?? (at % 2 === 0 ? undefined : html``))
  return parts.includes(undefined) ? undefined : html`${parts}`
}

function filled(text: string, values: OwnValues): Html | undefined {
  const parts = text.split(/(\[[^[\]]*\]|\{\w+\})/).map(part => {
    if (part.startsWith('{')) return values[part.slice(1, -1) as Slot]
    if (part.startsWith('[')) return bold(filled(part.slice(1, -1), values))
    return html`${part}`
  })
  return parts.includes(undefined) ? undefined : html`${parts}`
}

function loginSlotOf(text: string): keyof SlotValues {
  if (text.includes('{dav}')) return 'davLogin'
  if (!text.includes('{outgoing}')) return 'login'
  return text.includes('{incoming}') ? 'bothLogins' : 'outgoingLogin'
}

/** @returns the texts whose slots all have values, as HTML */
export function richTexts(texts: readonly string[], values: SlotValues): Html[] {
  return texts.map(text => richText(text, values)).filter(text => text !== undefined)
}

function bold(text: Html | undefined): Html | undefined {
  return text && html`<b>${text}</b>`
}

/** @returns the text without brackets and bars, and with its slots filled; slots without a value become empty */
export function plainText(text: string, values: Partial<Readonly<Record<Slot, string>>>): string {
  return text.replace(/[[\]|]/g, '').replace(/\{(\w+)\}/g, (_, slot: Slot) => values[slot] ?? '')
}

/**
 * Selects the translation of a text from the settings.
 *
 * @returns the text in this language, else in English, else in its first language, as HTML with a lang attribute
 */
export function translation(texts: Readonly<Record<string, string>>, language: string): Html | undefined {
  const codes = Object.keys(texts)
  const exact = codes.find(code => code === language) ?? codes.find(code => code.startsWith(`${language}-`))
  const code = exact ?? codes.find(code => code === 'en') ?? codes[0]
  if (code === undefined) return undefined
  return html`<span lang="${code}" dir="auto">${texts[code]}</span>`
}

/** @returns an ordered list of the texts whose slots all have values */
export function steps(texts: readonly string[], values: SlotValues): Html {
  return html`<ol>${richTexts(texts, values).map(text => html`<li>${text}</li>`)}</ol>`
}
