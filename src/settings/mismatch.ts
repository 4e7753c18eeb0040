/**
 * Where a value breaks the schema, in words: what was found, and what is allowed.
 */
import { readFileSync } from 'node:fs'
import { Ajv, type ErrorObject } from 'ajv'
import { distance } from 'fastest-levenshtein'
import { type Fault, found, type Path } from './finding.ts'
import type { Settings } from './schema.ts'

// Why the generated file and not schema.ts: loading a schema library took a third of the time to the first answer.
const schema = JSON.parse(readFileSync(new URL('../../config/signpost.schema.json', import.meta.url), 'utf8'))
const matches = new Ajv({ allErrors: true, strict: false, unicodeRegExp: true }).compile<Settings>(schema)

/** @returns one fault for every place where the value is not what the schema allows; none where it is `Settings` */
export function findMismatches(value: unknown): Fault[] {
  if (matches(value)) return []
  const faults = (matches.errors ?? []).map(error => toFault(error, value))
  // Why: a text that is too short often breaks a pattern too, and both are told in the same words.
  return [...new Map(faults.map(fault => [`${JSON.stringify(fault.path)} ${fault.message}`, fault])).values()]
}

function toFault({ keyword, instancePath, schemaPath, params }: ErrorObject, value: unknown): Fault {
  const path = toPath(instancePath, value)
  const parent = schemaAt(schemaPath.slice(2, -keyword.length - 1))
  if (keyword === 'additionalProperties') {
    const key = String(params.additionalProperty)
    return { severity: 'error', path: [...path, key], message: unknownKey(key, parent), ofKey: true }
  }
  if (keyword === 'required') {
    const key = String(params.missingProperty)
    const message = `found no ${key}, expected ${expectation(parent.properties?.[key] ?? {})}`
    return { severity: 'error', path, message }
  }
  return { severity: 'error', path, message: `found ${found(at(value, path))}, expected ${expectation(parent)}` }
}

interface SchemaNode {
  readonly type?: string
  readonly title?: string
  readonly enum?: readonly string[]
  readonly minimum?: number
  readonly maximum?: number
  readonly properties?: Readonly<Record<string, SchemaNode>>
}

function schemaAt(pointer: string): SchemaNode {
  const steps = pointer === '' ? [] : pointer.split('/').map(unescapePointer)
  return steps.reduce((node, step) => node[step], schema)
}

function expectation({ title, type, enum: values, minimum, maximum }: SchemaNode): string {
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

function unknownKey(key: string, { properties = {} }: SchemaNode): string {
  const known = Object.keys(properties)
  const near = known
    .map(name => ({ name, far: distance(name.toLowerCase(), key.toLowerCase()) }))
    .sort((a, b) => a.far - b.far)[0]
  if (near !== undefined && near.far <= Math.max(2, key.length / 3)) return `unknown key, did you mean "${near.name}"?`
  return known.length > 0
    ? `unknown key, expected one of ${known.join(', ')}`
    : 'unknown key, expected a language such as en or pt-BR'
}

function toPath(pointer: string, value: unknown): Path {
  const path: (string | number)[] = []
  let node = value
  for (const step of pointer.split('/').slice(1).map(unescapePointer)) {
    path.push(Array.isArray(node) ? Number(step) : step)
    node = (node as Record<string, unknown> | undefined)?.[step]
  }
  return path
}

function unescapePointer(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~')
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((node, step) => (node as Record<string | number, unknown> | undefined)?.[step], value)
}
