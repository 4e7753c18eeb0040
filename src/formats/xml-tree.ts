/**
 * XML as a tree that preserves order, attributes and white space. The models of mail programs read it with the rules of each
 * program. Safe for untrusted documents; requests are read by `xml.ts`.
 */
import { XMLParser, XMLValidator } from './xml.ts'
import { xmlMistake } from './xml-mistakes.ts'

export interface XmlTree {
  /** As written, with the prefix. */
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  /** Elements and texts in document order, with decoded entities and all white space, without comments. */
  readonly children: readonly (XmlTree | string)[]
  /** Offset of its start in the text, not counting a byte order mark. */
  readonly offset: number
}

const attributePrefix = '@'
const textName = '#text'

/** Levels of elements. */
const deepest = 64

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: attributePrefix,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  htmlEntities: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  captureMetaData: true,
  maxNestedTags: deepest
})
// Why: the package declares the object type Symbol, but returns a symbol.
const metaData = XMLParser.getMetaDataSymbol() as unknown as symbol

/**
 * As most programs read XML. Observed: expat, libxml2, MSXML, .NET, kXML, sax and Go's encoding/xml refuse the mistakes of
 * `xml-mistakes.ts`.
 *
 * @returns the root element; undefined if the text is not well-formed, nests deeper than 64, or has a document type
 */
export function readXmlTree(text: string): XmlTree | undefined {
  return xmlMistake(text) === undefined ? readLenientTree(text) : undefined
}

/** @returns as `readXmlTree`, also for a text with the mistakes of `xml-mistakes.ts`; the references of HTML are decoded */
export function readLenientTree(text: string): XmlTree | undefined {
  if (/<!DOCTYPE|<!ENTITY/i.test(text)) return undefined
  const parsed = parse(text)
  return 'roots' in parsed && parsed.roots.length === 1 ? parsed.roots[0] : undefined
}

export interface XmlFault {
  /** At most 200 characters. Why: a tag in it may be as long as the document. */
  readonly message: string
  /** Both start at 1. */
  readonly line: number
  readonly column: number
}

/**
 * @param text without a document type and a byte order mark, of which `readXmlTree` makes no tree
 * @returns why not, and where
 */
export function xmlFault(text: string): XmlFault {
  const { message, ...position } = faultIn(text)
  return { message: message.slice(0, longestMessage), ...position }
}

const longestMessage = 200

function faultIn(text: string): XmlFault {
  const valid = XMLValidator.validate(text)
  if (valid === true) return mistakeIn(text) ?? lateFault(text)
  const { msg, line, col = 1 } = valid.err
  // Why: for several elements without an end, the validator returns their names and the start of the document.
  const [, unclosed] = /"([^"]*)"\]' found\.$/.exec(msg) ?? []
  if (unclosed !== undefined)
    return { message: `expected closing tag '${unclosed}' instead of the end of the document`, ...endOf(text) }
  const message = msg.replace(/^[A-Z](?=[a-z])/, letter => letter.toLowerCase()).replace(/\.$/, '')
  // Why: for an invalid name, the validator returns the end of the tag.
  const column = /^tag '/.test(message) ? startOfTag(text, line, col) : col
  return { message, line, column }
}

/** @returns what the validator passes over, and `readXmlTree` refuses */
function mistakeIn(text: string): XmlFault | undefined {
  const mistake = xmlMistake(text)
  return mistake && { message: `${mistake.what} ${mistake.why}`, ...lineAndColumn(text, mistake.offset) }
}

/** @returns a fault that the validator does not find */
function lateFault(text: string): XmlFault {
  const parsed = parse(text)
  if ('error' in parsed && !parsed.error.startsWith('Maximum nested tags'))
    return { message: 'the document ends inside a comment or an instruction', ...endOf(text) }
  const second = 'roots' in parsed ? parsed.roots[1] : undefined
  return second === undefined
    ? { message: `its elements are nested deeper than ${deepest} levels`, line: 1, column: 1 }
    : { message: `<${second.name}> follows the end of the document`, ...lineAndColumn(text, second.offset) }
}

function startOfTag(text: string, line: number, column: number): number {
  const before = String(text.split(/\r?\n/)[line - 1]).slice(0, column - 1)
  return Math.max(before.lastIndexOf('<'), 0) + 1
}

function lineAndColumn(text: string, offset: number): { readonly line: number; readonly column: number } {
  return { line: text.slice(0, offset).split('\n').length, column: offset - text.lastIndexOf('\n', offset - 1) }
}

/** @returns the position behind the last character that is not white space */
function endOf(text: string): { readonly line: number; readonly column: number } {
  return lineAndColumn(text, text.trimEnd().length)
}

/** @returns an error in the words of the parser if the text is not well-formed, or nests too deeply */
function parse(text: string): { readonly roots: readonly XmlTree[] } | { readonly error: string } {
  try {
    const nodes: readonly Raw[] = parser.parse(text.replace(/^\ufeff/, ''), true)
    return { roots: nodes.map(toNode).filter(node => typeof node !== 'string') }
  } catch (error) {
    return { error: (error as Error).message }
  }
}

type Raw = Readonly<Record<string, unknown>>

function toNode(raw: Raw): XmlTree | string {
  if (textName in raw) return String(raw[textName])
  const { ':@': attributes = {}, ...element } = raw
  const [name = ''] = Object.keys(element)
  return {
    name,
    attributes: Object.fromEntries(
      Object.entries(attributes as object).map(([key, value]) => [key.slice(attributePrefix.length), String(value)])
    ),
    children: (raw[name] as readonly Raw[]).map(toNode),
    offset: Reflect.get(raw, metaData).startIndex
  }
}

/** @returns the child elements, or only those with a name */
export function elements(tree: XmlTree, name?: string): XmlTree[] {
  return tree.children
    .filter(child => typeof child !== 'string')
    .filter(child => name === undefined || child.name === name)
}

/** @returns all text directly in the element, untrimmed */
export function ownText(tree: XmlTree): string {
  return tree.children.filter(child => typeof child === 'string').join('')
}
