/**
 * Thrown where a program gives a document up, and caught by its model.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal'
}
