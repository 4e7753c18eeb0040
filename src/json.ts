/**
 * JSON texts and the values in them, which may be anything: most come from strangers.
 */

export type JsonObject = Readonly<Record<string, unknown>>

/** @returns undefined if the text is not JSON */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** @returns the object of a JSON text; one without members for any other text */
export function parseObject(text: string): JsonObject {
  return asObject(parseJson(text))
}

/** @returns an object without members for any other value */
export function asObject(value: unknown): JsonObject {
  return isObject(value) ? value : {}
}

/** @returns whether it is an object with named members, so neither a list nor null */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
