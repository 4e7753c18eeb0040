/**
 * The part of a settings file that matches the schema. Why: checks beyond the schema then run on a file with mismatches too, and
 * one run reports everything.
 */
import type { Fault, Path } from './finding.ts'
import { fits, isAnything, isMapping, type Schema, schemaOf } from './schema-check.ts'

export interface UsablePart {
  /** A copy without the values that do not match, and without mappings that lack a required key. */
  readonly part: unknown
  /** @param path in the part. @returns the path in the file, whose lists may have more items */
  pathOf(path: Path): Path
}

export function usablePart(whole: unknown, schema: Schema): UsablePart {
  const indexes = new Map<unknown, readonly number[]>()

  /** @returns undefined if nothing of the value is usable */
  function partOf(value: unknown, schema: Schema): unknown {
    if (isAnything(schema) || !fits(value, schema)) return undefined
    if (Array.isArray(value)) return listPart(value, schema)
    return isMapping(value) ? mappingPart(value, schema) : value
  }

  function listPart(list: readonly unknown[], { items = {}, minItems = 0 }: Schema): unknown {
    const kept = list
      .map((item, index) => ({ index, part: partOf(item, items) }))
      .filter(({ part }) => part !== undefined)
    const parts = kept.map(({ part }) => part)
    indexes.set(
      parts,
      kept.map(({ index }) => index)
    )
    return parts.length < minItems ? undefined : parts
  }

  function mappingPart(mapping: Readonly<Record<string, unknown>>, schema: Schema): unknown {
    const { required = [], minProperties = 0 } = schema
    const kept = Object.entries(mapping)
      .map(([key, item]) => [key, partOf(item, schemaOf(key, schema) ?? {})] as const)
      .filter(([, part]) => part !== undefined)
    const part = Object.fromEntries(kept)
    const isComplete = required.every(key => Object.hasOwn(part, key))
    return isComplete && kept.length >= minProperties ? part : undefined
  }

  const part = partOf(whole, schema)
  return {
    part,
    pathOf(path) {
      let node = part
      return path.map(key => {
        const index = typeof key === 'number' ? indexes.get(node)?.[key] : undefined
        node = isMapping(node) || Array.isArray(node) ? Reflect.get(node, key) : undefined
        return index ?? key
      })
    }
  }
}

/**
 * @param mismatches with the schema, in the same file as the fault
 * @returns whether the fault may only be there because a mismatching value was left out
 */
export function isDoubtful({ path, severity }: Fault, mismatches: readonly Fault[]): boolean {
  return mismatches.some(mismatch => {
    const mapping = mappingOf(mismatch.path)
    if (isWithin(mismatch.path, path)) return true
    // Why: most warnings compare several fields of a provider. Errors compare those of one mapping, such as a server.
    const scope = severity === 'warning' ? mapping.slice(0, 2) : mapping
    const isBroad = scope.length === 0 || (scope.length <= 2 && severity === 'error' && scope[0] === 'providers')
    return !isBroad && isWithin(path, scope)
  })
}

/** @returns the path of the innermost mapping that contains the value, and not only a list in that mapping */
function mappingOf(path: Path): Path {
  const end = path.findLastIndex(key => typeof key === 'string')
  return path.slice(0, Math.max(end, 0))
}

function isWithin(path: Path, outer: Path): boolean {
  return outer.every((key, depth) => path[depth] === key)
}
