/**
 * Where a value breaks the schema, in words: what was found, and what is allowed.
 */
import { readFileSync } from 'node:fs'
import { distance } from 'fastest-levenshtein'
import { type Fault, found, type Path } from './finding.ts'

/** The words of JSON Schema that `schema.ts` uses; test/settings/mismatch.test.ts holds this file against typebox's checker. */
interface Schema {
  readonly title?: string
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'boolean'
  readonly enum?: readonly unknown[]
  readonly pattern?: string
  readonly minLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly items?: Schema
  readonly minItems?: number
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly minProperties?: number
}

// Why the generated file and not schema.ts: loading a schema library took a third of the time to the first answer.
const settings: Schema = JSON.parse(readFileSync(new URL('../../config/signpost.schema.json', import.meta.url), 'utf8'))

/** @returns one fault for every place where the value is not what the schema allows; none where it is `Settings` */
export function findMismatches(value: unknown): Fault[] {
  return compare(value, settings, [])
}

function compare(value: unknown, schema: Schema, path: Path): Fault[] {
  if (!fits(value, schema)) return [fault(path, `found ${found(value)}, expected ${expectation(schema)}`)]
  if (Array.isArray(value)) return value.flatMap((item, index) => compare(item, schema.items ?? {}, [...path, index]))
  if (isMapping(value)) return compareMapping(value, schema, path)
  return []
}

function compareMapping(value: Readonly<Record<string, unknown>>, schema: Schema, path: Path): Fault[] {
  const missing = (schema.required ?? []).filter(key => !Object.hasOwn(value, key))
  return [
    ...missing.map(key => fault(path, `found no ${key}, expected ${expectation(schema.properties?.[key] ?? {})}`)),
    ...Object.entries(value).flatMap(([key, item]) => {
      const allowed = schemaOf(key, schema)
      const place = [...path, key]
      return allowed === undefined
        ? [{ ...fault(place, unknownKey(key, schema)), ofKey: true }]
        : compare(item, allowed, place)
    })
  ]
}

function fault(path: Path, message: string): Fault {
  return { severity: 'error', path, message }
}

function schemaOf(key: string, { properties = {}, patternProperties = {} }: Schema): Schema | undefined {
  if (Object.hasOwn(properties, key)) return properties[key]
  return Object.entries(patternProperties).find(([pattern]) => new RegExp(pattern, 'u').test(key))?.[1]
}

function fits(value: unknown, schema: Schema): boolean {
  const { type, pattern = '', minLength = 0, minimum = 0, maximum = 0, minItems = 0, minProperties = 0 } = schema
  if (schema.enum !== undefined) return schema.enum.includes(value)
  switch (type) {
    case 'string':
      return typeof value === 'string' && [...value].length >= minLength && new RegExp(pattern, 'u').test(value)
    case 'integer':
      return Number.isInteger(value) && Number(value) >= minimum && Number(value) <= maximum
    case 'array':
      return Array.isArray(value) && value.length >= minItems
    case 'object':
      return isMapping(value) && Object.keys(value).length >= minProperties
    default:
      return typeof value === type
  }
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function expectation({ title, type, enum: values, minimum, maximum }: Schema): string {
  if (title !== undefined) return title
  if (values !== undefined) return `one of ${values.join(', ')}`
  switch (type) {
    case 'integer':
      return `an integer from ${minimum} to ${maximum}`
    case 'boolean':
      return 'true or false'
    case 'array':
      return 'a list with at least one entry'
    case 'object':
      return 'a mapping'
    default:
      return 'a text'
  }
}

function unknownKey(key: string, { properties = {} }: Schema): string {
  const known = Object.keys(properties)
  const near = known
    .map(name => ({ name, far: distance(name.toLowerCase(), key.toLowerCase()) }))
    .sort((a, b) => a.far - b.far)[0]
  if (near !== undefined && near.far <= Math.max(2, key.length / 3)) return `unknown key, did you mean "${near.name}"?`
  return known.length > 0
    ? `unknown key, expected one of ${known.join(', ')}`
    : 'unknown key, expected a language such as en or pt-BR'
}
