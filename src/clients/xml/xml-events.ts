/**
 * XML as streaming parsers read it: a sequence of events, with references and CDATA separate from text. For models of
 * programs that build no tree and therefore continue where a tree parser fails: outside the root, and up to a syntax
 * error.
 */
export type XmlEvent =
  | { readonly kind: 'start'; readonly name: string; readonly attributes: string; readonly empty: boolean }
  | { readonly kind: 'end'; readonly name: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'cdata'; readonly text: string }
  | { readonly kind: 'reference'; readonly name: string }
  /** A comment, a processing instruction, a document type. */
  | { readonly kind: 'other' }

export interface XmlEvents {
  readonly events: readonly XmlEvent[]
  /** `open`: there are unclosed elements at the end; `fault`: a syntax error follows the last event. */
  readonly end: 'closed' | 'open' | 'fault'
}

/** Why the whole name: if part of it could match as attributes, an unclosed tag would take quadratic time. */
const name = String.raw`[^\s<>/!?"'=&]+(?![^\s<>/!?"'=&])`

const pieces = [
  String.raw`<!--[^]*?-->|<\?[^]*?\?>|<!doctype(?:[^<>"'[\]]|"[^"]*"|'[^']*'|\[[^\]]*\])*>`,
  String.raw`<!\[cdata\[(?<cdata>[^]*?)\]\]>`,
  String.raw`<\/(?<end>[^<>]*)>`,
  String.raw`<(?<start>${name})(?<attributes>(?:[^<>"'/]|"[^"]*"|'[^']*'|\/(?!>))*)(?<slash>\/?)>`,
  '&(?<reference>[^;<&]*);',
  '(?<text>[^<&]+)'
].join('|')

export function readXmlEvents(xml: string): XmlEvents {
  const piece = new RegExp(pieces, 'giy')
  const events: XmlEvent[] = []
  const open: string[] = []
  while (piece.lastIndex < xml.length) {
    const groups = piece.exec(xml)?.groups
    if (groups === undefined) return { events, end: 'fault' }
    const event = toEvent(groups)
    if (event.kind === 'end' && open.pop() !== event.name) return { events, end: 'fault' }
    if (event.kind === 'start' && !event.empty) open.push(event.name)
    events.push(event)
  }
  return { events, end: open.length === 0 ? 'closed' : 'open' }
}

function toEvent(groups: Readonly<Record<string, string | undefined>>): XmlEvent {
  const { cdata, end, start, attributes = '', slash, reference, text } = groups
  if (text !== undefined) return { kind: 'text', text }
  if (start !== undefined) return { kind: 'start', name: start, attributes, empty: slash === '/' }
  if (end !== undefined) return { kind: 'end', name: end.trimEnd() }
  if (reference !== undefined) return { kind: 'reference', name: reference }
  return cdata === undefined ? { kind: 'other' } : { kind: 'cdata', text: cdata }
}
