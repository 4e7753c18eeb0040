/**
 * Where a path of the settings stands in the YAML text.
 */
import { type Document, isMap, isNode, isScalar } from 'yaml'
import type { Path } from './fault.ts'

/** @returns the offset of the value (or of its key), or of the nearest thing around it that is there */
export function offsetOf(document: Document.Parsed, path: Path, ofKey: boolean): number {
  const around = path.map((_, above) => document.getIn(path.slice(0, path.length - above), true))
  const nodes = [...(ofKey ? [keyOf(document, path)] : around.slice(0, 1)), ...around.slice(1), document.contents]
  return nodes.map(node => (isNode(node) ? node.range?.[0] : undefined)).find(offset => offset !== undefined) ?? 0
}

function keyOf(document: Document.Parsed, path: Path): unknown {
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1)) : document.contents
  return isMap(parent)
    ? parent.items.map(({ key }) => key).find(key => isScalar(key) && key.value === path.at(-1))
    : undefined
}
