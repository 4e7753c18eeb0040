/**
 * A JSON schema in which objects have no other properties than those described.
 */
import type { XSchema } from 'typebox/schema'

export function closedSchema(schema: object): XSchema {
  return closed(schema) as XSchema
}

function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const parts = Object.fromEntries(Object.entries(schema).map(([key, part]) => [key, closed(part)]))
  return 'properties' in schema ? { ...parts, additionalProperties: false } : parts
}
