/**
 * Thrown where a program gives a document up, and caught by its model.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal'
}

/** @returns what is read, or why it is given up */
export function orRefusal<Value>(read: () => Value): Value | Refusal {
  try {
    return read()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}
