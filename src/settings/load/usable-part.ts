/**
 * The part of a settings file that matches the schema. Why: checks beyond the schema then run on a file with mismatches too, and
 * one run reports everything.
 */
import { isObject } from '../../json.ts'
import { everyItem, type Path } from './finding.ts'
import { fits, isAnything, type Schema, schemaOf } from './schema-check.ts'

export interface UsablePart {
  /** A copy without the values that do not match. A required key without a usable value has an empty one. */
  readonly part: unknown
  /** @param path in the part. @returns the path in the file, whose lists may have more items */
  pathOf(path: Path): Path
}

export function usablePart(whole: unknown, schema: Schema): UsablePart {
  const indexes = new Map<unknown, readonly number[]>()

  /** @returns undefined if nothing of the value is usable */
  function partOf(value: unknown, schema: Schema): unknown {
    if (isAnything(schema)) return undefined
    if (isObject(value) && schema.type === 'object') return mappingPart(value, schema)
    if (!fits(value, schema)) return undefined
    return Array.isArray(value) ? listPart(value, schema) : value
  }

  function listPart(list: readonly unknown[], { items = {} }: Schema): unknown {
    const kept = list
      .map((item, index) => ({ index, part: partOf(item, items) ?? emptyMapping(items) }))
      .filter(({ part }) => part !== undefined)
    const parts = kept.map(({ part }) => part)
    indexes.set(
      parts,
      kept.map(({ index }) => index)
    )
    return parts
  }

  /** Why: the checks then know that there is another server or provider. */
  function emptyMapping(schema: Schema): unknown {
    return schema.type === 'object' ? mappingPart({}, schema) : undefined
  }

  function mappingPart(mapping: Readonly<Record<string, unknown>>, schema: Schema): unknown {
    const { required = [] } = schema
    const kept = Object.entries(mapping)
      .map(([key, item]) => [key, partOf(item, schemaOf(key, schema) ?? {})] as const)
      .filter(([, part]) => part !== undefined)
    return {
      ...Object.fromEntries(required.map(key => [key, emptyOf(schemaOf(key, schema))])),
      ...Object.fromEntries(kept)
    }
  }

  const part = partOf(whole, schema)
  return {
    part,
    pathOf(path) {
      let node = part
      return path.map(key => {
        const index = typeof key === 'number' ? indexes.get(node)?.[key] : undefined
        node = isObject(node) || Array.isArray(node) ? Reflect.get(node, key) : undefined
        return index ?? key
      })
    }
  }
}

/** Why a value at all: the checks of the other keys can then run. What they find in this one is left out. */
function emptyOf({ type = 'string', enum: [first] = [] }: Schema = {}): unknown {
  return first ?? { object: {}, array: [], string: '', integer: 0, boolean: false }[type]
}

/** Values of a file that cannot be used, by their paths. */
export interface Unusable {
  /** @returns whether the value, or one that contains it, cannot be used */
  has(path: Path): boolean
  /** @returns the same, or whether anything in the value cannot be used */
  touches(path: Path): boolean
}

interface Node {
  isUnusable: boolean
  readonly children: Map<string | number, Node>
}

export function unusableValues(paths: readonly Path[]): Unusable {
  const root = emptyNode()
  for (const path of paths) {
    let node = root
    for (const key of path) {
      const child = node.children.get(key) ?? emptyNode()
      node.children.set(key, child)
      node = child
    }
    node.isUnusable = true
  }

  function find(node: Node, path: Path, { partly }: { readonly partly: boolean }): boolean {
    if (node.isUnusable) return true
    const [key, ...rest] = path
    if (key === undefined) return partly && node.children.size > 0
    const child = node.children.get(key)
    const children = key === everyItem ? [...node.children.values()] : child === undefined ? [] : [child]
    return children.some(each => find(each, rest, { partly }))
  }

  return {
    has: path => find(root, path, { partly: false }),
    touches: path => find(root, path, { partly: true })
  }
}

function emptyNode(): Node {
  return { isUnusable: false, children: new Map() }
}
