/**
 * Kinds of fields that several parts of the schema share.
 */
import Type from 'typebox'

/** Unknown keys are errors. */
export const closed = { additionalProperties: false }

export const Text = (description: string) => Type.String({ minLength: 1, description })

export const Count = (minimum: number, maximum: number, description: string) =>
  Type.Optional(Type.Integer({ minimum, maximum, description }))

/** Why: the field is `writeOnly` because people write the secret itself instead of the file, and findings must not print it. */
export const SecretFile = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, description, writeOnly: true }))
