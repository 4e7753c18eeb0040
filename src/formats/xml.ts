/**
 * XML 1.0: writes documents for mail programs, reads untrusted requests, and handles document type declarations.
 */
import { createRequire } from 'node:module'

type FastXmlParser = typeof import('fast-xml-parser')

// Why: `require` loads the package as a single file, which takes a quarter of the time of its forty ES modules.
export const { XMLBuilder, XMLParser, XMLValidator }: FastXmlParser = createRequire(import.meta.url)('fast-xml-parser')

/** Text, or children by element name in document order. `@name` is an attribute; a list repeats the element. */
export type XmlNode = string | number | XmlElement
export interface XmlElement {
  readonly [name: string]: XmlNode | readonly XmlNode[] | undefined
}

const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  format: true,
  indentBy: '  ',
  suppressEmptyNode: true,
  // Why: otherwise, an attribute with the value "true" would be written without a value.
  suppressBooleanAttributes: false,
  processEntities: false,
  tagValueProcessor: (_name, value) => escapeXml(String(value)),
  attributeValueProcessor: (_name, value) => escapeXml(String(value))
})

const parser = new XMLParser({
  ignoreAttributes: true,
  removeNSPrefix: true,
  parseTagValue: false,
  htmlEntities: true,
  maxNestedTags: 16,
  strictReservedNames: true
})

/** @returns the document with an XML declaration; indentation never adds white space to values */
export function writeXml(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build(root)}`
}

// Spec: XML 1.0 2.2: characters that documents must not contain, not even as references. The parser would ignore them.
const forbidden = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u
const reference = /&#(?:x([\da-f]+)|(\d+));/gi

/**
 * Maximum number of tags, of references and of attributes. Why: requests have ten tags, one attribute and no reference, and
 * 16 kB full of them take the parser ten milliseconds.
 */
const mostSigns = 100
const countedSigns = ['<', '&', '='] as const

/**
 * @returns the tree without attributes and prefixes, with trimmed texts; undefined if the text is not well-formed, nests
 * deeper than 16 below the root, has over 100 tags, references or attributes, or has a document type. Why: clients never
 * send document types, and XML bombs and file disclosure use entities (CVE-2019-9670 concerned an autodiscover servlet)
 */
export function readXml(text: string): XmlElement | undefined {
  if (countedSigns.some(sign => hasMore(text, sign, mostSigns)) || /<!DOCTYPE|<!ENTITY/i.test(text)) return undefined
  try {
    const referred = Array.from(text.matchAll(reference), ([, hex, decimal]) =>
      String.fromCodePoint(Number(decimal ?? `0x${hex}`))
    )
    return [text, ...referred].some(part => forbidden.test(part)) ? undefined : parser.parse(text, true)
  } catch {
    return undefined
  }
}

/** @returns whether the text contains the sign more often than `most` times */
function hasMore(text: string, sign: string, most: number): boolean {
  let at = -1
  for (let times = 0; times <= most; times++) {
    at = text.indexOf(sign, at + 1)
    if (at === -1) return false
  }
  return true
}

/**
 * Why: Delta Chat, FairEmail and Thunderbird for Android read one piece of text, which ends at an entity. So the apostrophe of
 * o'brien@ is not escaped.
 *
 * @returns the text as XML character data without line breaks; not valid in attributes
 */
export function escapeXmlValue(text: string): string {
  if (!/[&<>]/.test(text)) return text
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** @returns the text as XML character data; also valid in attributes, if it contains neither tabs nor line feeds */
export function escapeXml(text: string): string {
  if (!/[&<>"'\r]/.test(text)) return text
  return (
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&apos;')
      // Spec: XML 1.0 2.11: parsers read an unescaped carriage return as a line feed.
      .replaceAll('\r', '&#13;')
  )
}

/**
 * Removes the document type declaration (XML 1.0 2.8).
 *
 * Why: it is located with one search and one match, because a pattern that can start anywhere takes quadratic time for
 * `<!DOCTYPE<!DOCTYPE…`.
 * @returns the text without its first document type; unchanged if that one contains declarations (an internal subset)
 */
export function withoutDoctype(text: string): string {
  const { start, end } = doctypeRange(text)
  return text.slice(0, start) + text.slice(end)
}

/** Like `withoutDoctype`, but replaces it with spaces, so that the rest of the text keeps its lines and columns. */
export function blankDoctype(text: string): string {
  const { start, end } = doctypeRange(text)
  return text.slice(0, start) + text.slice(start, end).replace(/[^\n]/g, ' ') + text.slice(end)
}

/** @returns whether the text declares entities or has a document type with declarations */
export function hasDeclarations(text: string): boolean {
  return /<!ENTITY/i.test(text) || test(/<!DOCTYPE[^>[]*\[/iy, text, text.search(/<!DOCTYPE/i))
}

/** @returns an empty range if there is nothing to remove */
function doctypeRange(text: string): { readonly start: number; readonly end: number } {
  const start = text.search(/<!DOCTYPE/i)
  const whole = /<!DOCTYPE[^>[]*>/iy
  return test(whole, text, start) ? { start, end: whole.lastIndex } : { start: 0, end: 0 }
}

/** @param sticky is matched at this offset only; at -1 it never matches */
function test(sticky: RegExp, text: string, at: number): boolean {
  sticky.lastIndex = Math.max(at, 0)
  return at >= 0 && sticky.test(text)
}
