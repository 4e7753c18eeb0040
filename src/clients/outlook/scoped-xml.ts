/**
 * XML elements compared by name and namespace: Namespaces in XML 1.0. For models of programs that do so.
 */
import { elements, ownText, readXmlTree, type XmlTree } from '../../formats/xml-tree.ts'

export interface ScopedElement {
  readonly tree: XmlTree
  /** Namespaces by prefix, including inherited ones. The default namespace has the key ''. */
  readonly namespaces: ReadonlyMap<string, string>
}

/** @returns the root; undefined if it has another name or the text is not XML */
export function readScopedXml(xml: string, namespace: string, name: string): ScopedElement | undefined {
  const tree = readXmlTree(xml)
  return tree && [toScoped(tree, new Map())].find(isNamed(namespace, name))
}

/** @returns the children with that name */
export function scopedChildren({ tree, namespaces }: ScopedElement, namespace: string, name: string): ScopedElement[] {
  return elements(tree)
    .map(element => toScoped(element, namespaces))
    .filter(isNamed(namespace, name))
}

/** @returns the untrimmed text of the first child with that name; undefined if there is no such child */
export function scopedText(element: ScopedElement, namespace: string, name: string): string | undefined {
  const [first] = scopedChildren(element, namespace, name)
  return first && ownText(first.tree)
}

function toScoped(tree: XmlTree, around: ScopedElement['namespaces']): ScopedElement {
  const namespaces = new Map(around)
  for (const [name, value] of Object.entries(tree.attributes)) {
    if (name === 'xmlns' || name.startsWith('xmlns:')) namespaces.set(name.slice('xmlns:'.length), value)
  }
  return { tree, namespaces }
}

function isNamed(namespace: string, name: string): (element: ScopedElement) => boolean {
  return ({ tree, namespaces }) => {
    const [local, prefix = ''] = tree.name.split(':').reverse()
    return local === name && (namespaces.get(prefix) ?? '') === namespace
  }
}
