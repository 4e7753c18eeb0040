/**
 * Where a path of the settings stands in the YAML text.
 */
import type { Document } from 'yaml'
import type { Path } from './finding.ts'

/** @returns the offset of the value (or of its key), or of the nearest thing around it that is there */
export function offsetOf(document: Document.Parsed, path: Path, ofKey: boolean): number {
  for (let length = path.length; length > 0; length--) {
    const node = pairAt(document, path.slice(0, length), ofKey)
    if (node?.range) return node.range[0]
  }
  return document.contents?.range[0] ?? 0
}

interface Ranged {
  readonly range?: readonly [number, number, number] | null | undefined
}

function pairAt(document: Document.Parsed, path: Path, ofKey: boolean): Ranged | undefined {
  if (!ofKey) return document.getIn(path, true) as Ranged | undefined
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  const items = (parent as { items?: { key?: Ranged & { value?: unknown } }[] } | null)?.items ?? []
  return items.find(({ key }) => key?.value === path.at(-1))?.key
}
