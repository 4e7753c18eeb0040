/**
 * XML as Thunderbird reads it: releases-comm-central cf9726f, JXON.sys.mjs, with the verbosity 1 of all its calls.
 */
import { withoutDoctype } from '../../formats/xml.ts'
import { elements, ownText, readXmlTree, type XmlTree } from '../../formats/xml-tree.ts'

export type Jxon = JxonElement | Value
type Value = string | number | boolean

export interface JxonElement {
  readonly attributes: ReadonlyMap<string, Value>
  readonly children: ReadonlyMap<string, readonly Jxon[]>
}

/**
 * @returns the document, whose only child is the root; undefined if the text is not XML, for which the real function
 * throws
 */
export function readJxon(xml: string): JxonElement | undefined {
  const root = readXmlTree(withoutDoctype(xml))
  return root && { attributes: new Map(), children: new Map([[root.name, [toJxon(root)]]]) }
}

function toJxon(tree: XmlTree): Jxon {
  const attributes = Object.entries(tree.attributes)
  const inside = elements(tree)
  // Observed: an element with attributes or child elements becomes an object, and its text is inaccessible.
  if (attributes.length > 0 || inside.length > 0) {
    const children = new Map<string, Jxon[]>()
    for (const element of inside) {
      const same = children.get(element.name)
      if (same === undefined) children.set(element.name, [toJxon(element)])
      else same.push(toJxon(element))
    }
    return { attributes: new Map(attributes.map(([name, value]) => [name, toValue(value)])), children }
  }
  const text = ownText(tree)
  // Observed: createObjTree, "the default value for empty nodes".
  return text === '' ? true : toValue(text)
}

// Observed: parseText.
function toValue(text: string): Value {
  if (/^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true'
  return Number.isFinite(Number(text)) ? Number.parseFloat(text) : text
}

/** @returns the first child with that name */
export function child(value: Jxon | undefined, name: string): Jxon | undefined {
  return children(value, name)[0]
}

export function children(value: Jxon | undefined, name: string): readonly Jxon[] {
  return typeof value === 'object' ? (value.children.get(name) ?? []) : []
}

export function attribute(value: Jxon, name: string): Value | undefined {
  return typeof value === 'object' ? value.attributes.get(name) : undefined
}

/** The result of `String(value)` in the real program. */
export function stringOf(value: Jxon | undefined): string {
  return typeof value === 'object' ? '[object Object]' : String(value)
}
