/**
 * XML 1.0 written for mail programs, and read from strangers.
 */
import { XMLBuilder, XMLParser } from './fast-xml-parser.ts'

/** Text, or children by element name in document order; `@name` is an attribute, a list repeats the element. */
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
  // Why: an attribute whose value is "true" would be written without it.
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

/** @returns the document with its declaration; white space stands between elements only, never inside a value */
export function writeXml(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build(root)}`
}

// Spec: XML 1.0 2.2: what no document may hold, not even as a reference. The parser would leave it out without a word.
const impossible = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u
const reference = /&#(?:x([\da-f]+)|(\d+));/gi

/**
 * How many tags, references and attributes are read. Why: a request has ten tags, one attribute and no reference, and one of
 * 16 kB that consists of nothing else takes the parser ten milliseconds.
 */
const mostMarks = 100
const marks = ['<', '&', '='] as const

/**
 * @returns the tree without attributes and prefixes, values as trimmed text, or undefined where the text is not
 * well-formed, nests deeper than 16 below the root, has over 100 tags, references or attributes, or has a document type: no client sends one, and entities are how
 * XML bombs and file disclosure work (CVE-2019-9670 was an autodiscover servlet)
 */
export function readXml(text: string): XmlElement | undefined {
  if (marks.some(mark => hasMore(text, mark, mostMarks)) || /<!DOCTYPE|<!ENTITY/i.test(text)) return undefined
  try {
    const referred = Array.from(text.matchAll(reference), ([, hex, decimal]) =>
      String.fromCodePoint(Number(decimal ?? `0x${hex}`))
    )
    return [text, ...referred].some(part => impossible.test(part)) ? undefined : parser.parse(text, true)
  } catch {
    return undefined
  }
}

/** @returns whether the sign stands in the text more than so many times */
function hasMore(text: string, sign: string, most: number): boolean {
  let at = -1
  for (let times = 0; times <= most; times++) {
    at = text.indexOf(sign, at + 1)
    if (at === -1) return false
  }
  return true
}

/** @returns the text as XML character data, or as an attribute value where it has neither tabs nor line feeds */
export function escapeXml(text: string): string {
  if (!/[&<>"'\r]/.test(text)) return text
  return (
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&apos;')
      // Spec: XML 1.0 2.11: a carriage return that stands there as such is read as a line feed.
      .replaceAll('\r', '&#13;')
  )
}
