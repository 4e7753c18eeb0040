/**
 * Misspelt keys of a settings file. Why: a value below a misspelt key is checked as if the key were right, so that one run
 * reports all mistakes in it.
 */
import { isObject } from '../../json.ts'
import { error, type Fault, type Path } from './finding.ts'
import { nearest } from './nearest.ts'
import { fits, type Schema, schemaOf, unknownKey } from './schema-check.ts'

export interface CorrectedKeys {
  /** A copy with the right keys. */
  readonly value: unknown
  /** One error for each misspelt key. Paths are those in the file. */
  readonly faults: readonly Fault[]
  /** @param path in the corrected value. @returns the path in the file */
  pathOf(path: Path): Path
}

/** @param whole the value of the file, which may match the schema or not */
export function correctKeys(whole: unknown, schema: Schema): CorrectedKeys {
  const faults: Fault[] = []
  const written = new Map<unknown, ReadonlyMap<string, string>>()

  function correct(value: unknown, schema: Schema, path: Path): unknown {
    if (Array.isArray(value)) {
      const { items = {} } = schema
      return items.type === 'object' ? value.map((item, index) => correct(item, items, [...path, index])) : value
    }
    return isObject(value) && schema.type === 'object' ? correctMapping(value, schema, path) : value
  }

  function correctMapping(mapping: Readonly<Record<string, unknown>>, schema: Schema, path: Path): unknown {
    const misspelt = misspeltKeys(mapping, schema)
    const known = Object.keys(schema.properties ?? {})
    for (const [key, meant] of misspelt) {
      faults.push({ ...error([...path, key], unknownKey(meant, known)), ofKey: true })
    }
    const corrected = Object.fromEntries(
      Object.entries(mapping).map(([key, item]) => {
        const right = misspelt.get(key) ?? key
        return [right, correct(item, schemaOf(right, schema) ?? {}, [...path, key])]
      })
    )
    written.set(corrected, new Map(Array.from(misspelt, ([key, meant]) => [meant, key])))
    return corrected
  }

  const value = correct(whole, schema, [])
  return {
    value,
    faults,
    pathOf(path) {
      let node = value
      return path.map(key => {
        const name = written.get(node)?.get(String(key)) ?? key
        node = isObject(node) || Array.isArray(node) ? Reflect.get(node, key) : undefined
        return name
      })
    }
  }
}

/** @returns the keys that are not in the schema, each with the one that was probably meant and has no value yet */
function misspeltKeys(mapping: Readonly<Record<string, unknown>>, schema: Schema): ReadonlyMap<string, string> {
  const known = Object.keys(schema.properties ?? {})
  const taken = new Set(Object.keys(mapping))
  const misspelt = new Map<string, string>()
  for (const [key, item] of Object.entries(mapping)) {
    if (schemaOf(key, schema) !== undefined) continue
    const meant = nearest(key, known)
    if (meant === undefined || taken.has(meant) || !isMeant(item, schemaOf(meant, schema))) continue
    taken.add(meant)
    misspelt.set(key, meant)
  }
  return misspelt
}

/** Why not a secret: people write the secret itself under such keys, and it would be taken for the name of a file. */
function isMeant(value: unknown, schema: Schema = {}): boolean {
  return schema.writeOnly !== true && fits(value, schema)
}
