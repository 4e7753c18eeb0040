/**
 * The words of the page where there can be no markup: titles, and texts in place of pictures.
 */
import type { Slot } from './messages.ts'

/** @returns the text without its brackets and with its slots filled; a slot without a value is empty */
export function plainText(text: string, values: Partial<Readonly<Record<Slot, string>>>): string {
  return text.replace(/[[\]]/g, '').replace(/\{(\w+)\}/g, (_, slot: Slot) => values[slot] ?? '')
}
