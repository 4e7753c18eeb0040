/**
 * XML as a tree that preserves order, attributes and white space. The models of mail programs read it with the rules of each
 * program. Safe for untrusted documents; requests are read by `xml.ts`.
 */
import { XMLParser } from './xml.ts'

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
  maxNestedTags: 64
})
// Why: the package declares the object type Symbol, but returns a symbol.
const metaData = XMLParser.getMetaDataSymbol() as unknown as symbol

/** @returns the root element; undefined if the text is not well-formed, nests deeper than 64, or has a document type */
export function readXmlTree(text: string): XmlTree | undefined {
  if (/<!DOCTYPE|<!ENTITY/i.test(text)) return undefined
  try {
    const nodes: readonly Raw[] = parser.parse(text.replace(/^\ufeff/, ''), true)
    const roots = nodes.map(toNode).filter(node => typeof node !== 'string')
    return roots.length === 1 ? roots[0] : undefined
  } catch {
    return undefined
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
