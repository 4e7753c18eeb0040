/**
 * Compares a value with the schema and explains each mismatch: what was found and what is allowed.
 */
import { readFileSync } from 'node:fs'
import { isObject } from '../../json.ts'
import { error, expected, type Fault, type Path, printable } from './finding.ts'
import { nearest, suggestion } from './nearest.ts'

/**
 * The keywords of JSON Schema that `schema.ts` uses. A test compares this checker with that of typebox
 * (test/settings/load/schema-check.test.ts).
 */
export interface Schema {
  readonly title?: string
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'boolean'
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly pattern?: string
  /** A secret, or a field in which people write the secret by mistake. Findings do not print it. */
  readonly writeOnly?: boolean
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

// Why: this reads the generated file instead of schema.ts because loading a schema library took a third of the time to the
// first response.
const settings: Schema & Required<Pick<Schema, 'properties'>> = JSON.parse(
  readFileSync(new URL('../../../config/signpost.schema.json', import.meta.url), 'utf8')
)

const fields = Object.entries(settings.properties)
const shared = fields.filter(([key]) => key === 'providers')

/** Why without the others: the service has one place to listen, one log and so on, and included files cannot include. */
const included: Schema = { ...settings, title: 'a mapping with providers', properties: Object.fromEntries(shared) }

/** A value that does not match the schema, a missing key, or an unknown one. */
export interface Mismatch extends Fault {
  /** The value that cannot be used because of it: its own, or that of the key that was meant. */
  readonly unusable?: Path | undefined
}

export interface SchemaOptions {
  /** The main file, if the value is that of an included file. */
  readonly includedBy?: string | undefined
}

export function schemaFor({ includedBy }: SchemaOptions): Schema {
  return includedBy === undefined ? settings : included
}

/** @returns one fault for each mismatch with the schema */
export function findMismatches(value: unknown, options: SchemaOptions = {}): Mismatch[] {
  const { includedBy } = options
  const faults = compare(value, schemaFor(options), [])
  return includedBy === undefined ? faults : faults.map(fault => explainMainOnly(fault, includedBy))
}

function explainMainOnly(fault: Mismatch, main: string): Mismatch {
  const [key, ...below] = fault.path
  if (below.length > 0 || key === 'providers' || !Object.hasOwn(settings.properties, String(key))) return fault
  const message = `found ${key} in an included file, expected it in ${main}: included files have only providers`
  return { ...fault, message: printable(message) }
}

function compare(value: unknown, schema: Schema, path: Path): Mismatch[] {
  if (isAnything(schema)) return []
  if (!fits(value, schema)) {
    const what = expectation(schema) + hint(value, schema) + suggestion(value, choicesOf(schema))
    const fault =
      schema.writeOnly === true ? error(path, `found another value, expected ${what}`) : expected(path, value, what)
    return [{ ...fault, unusable: path }]
  }
  const { items = {} } = schema
  if (Array.isArray(value)) return value.flatMap((item, index) => compare(item, items, [...path, index]))
  if (isObject(value)) return compareMapping(value, schema, path)
  return []
}

function compareMapping(value: Readonly<Record<string, unknown>>, schema: Schema, path: Path): Mismatch[] {
  const { properties = {}, required = [] } = schema
  const known = Object.keys(properties)
  const found = Object.entries(value).flatMap(([key, item]): Mismatch[] => {
    const allowed = schemaOf(key, schema)
    const itemPath = [...path, key]
    if (allowed !== undefined) return compare(item, allowed, itemPath)
    const meant = nearest(key, known)
    const unusable = meant === undefined || Object.hasOwn(value, meant) ? undefined : [...path, meant]
    return [{ ...error(itemPath, unknownKey(meant, known)), ofKey: true, unusable }]
  })
  // Why: a misspelt key is one mistake, and not also a missing one.
  const misspelt = new Set(found.map(({ unusable = [] }) => unusable[path.length]))
  const missing = Object.entries(properties).filter(
    ([key]) => required.includes(key) && !Object.hasOwn(value, key) && !misspelt.has(key)
  )
  return [
    ...missing.map(([key, property]) => ({
      ...error(path, `found no ${key}, expected ${expectation(property)}`),
      unusable: [...path, key]
    })),
    ...found
  ]
}

/** @returns whether the schema allows any value, as for keys that begin with x- */
export function isAnything({ type, enum: values, anyOf }: Schema): boolean {
  return type === undefined && values === undefined && anyOf === undefined
}

export function schemaOf(key: string, { properties = {}, patternProperties = {} }: Schema): Schema | undefined {
  if (Object.hasOwn(properties, key)) return properties[key]
  return Object.entries(patternProperties).find(([pattern]) => new RegExp(pattern, 'u').test(key))?.[1]
}

export function fits(value: unknown, schema: Schema): boolean {
  const { type, pattern = '', minLength = 0, minimum = 0, maximum = 0, minItems = 0, minProperties = 0 } = schema
  if (schema.enum !== undefined) return schema.enum.includes(value)
  if (schema.anyOf !== undefined) return schema.anyOf.some(each => fits(value, each))
  switch (type) {
    case 'string':
      return typeof value === 'string' && [...value].length >= minLength && new RegExp(pattern, 'u').test(value)
    case 'integer':
      return Number.isInteger(value) && Number(value) >= minimum && Number(value) <= maximum
    case 'array':
      return Array.isArray(value) && value.length >= minItems
    case 'object':
      return isObject(value) && Object.keys(value).length >= minProperties
    default:
      return typeof value === type
  }
}

function expectation({ title, type = 'string', enum: values, minimum, maximum }: Schema): string {
  if (title !== undefined) return title
  if (values !== undefined) return `one of ${values.join(', ')}`
  if (type === 'integer') return `an integer from ${minimum} to ${maximum}`
  return { object: 'a mapping', array: 'a list', string: 'a text', boolean: 'true or false' }[type]
}

/** @returns the texts that the schema allows, if there is a list of them */
function choicesOf({ enum: values = [], anyOf = [] }: Schema): readonly string[] {
  return [...values.filter(value => typeof value === 'string'), ...anyOf.flatMap(choicesOf)]
}

/** Why: YAML reads 2026 as a number, true as a boolean, and "993" as a text. */
function hint(value: unknown, { type }: Schema): string {
  if (type === 'string' && (typeof value === 'number' || typeof value === 'boolean')) return ', in quotes'
  return type === 'integer' && typeof value === 'string' && /^\d+$/.test(value) ? ', without quotes' : ''
}

/** @param meant the known key that was probably meant. @returns the message about an unknown key */
export function unknownKey(meant: string | undefined, known: readonly string[]): string {
  if (meant !== undefined) return `unknown key, did you mean "${meant}"?`
  return known.length > 0
    ? `unknown key, expected one of ${known.join(', ')}`
    : 'unknown key, expected a language such as en or pt-BR'
}
