/**
 * What is wrong with a document according to a schema.
 */
import { type DtdValidator, type RelaxNGValidator, XmlDocument, XmlLibError, type XsdValidator } from 'libxml2-wasm'

/** @returns one line a fault; none where the body is well-formed and valid */
export function schemaFaults(schema: DtdValidator | RelaxNGValidator | XsdValidator, body: string): string[] {
  try {
    using document = XmlDocument.fromString(body)
    schema.validate(document)
    return []
  } catch (error) {
    if (!(error instanceof XmlLibError)) throw error
    return error.details.map(({ line, message }) => `line ${line}: ${message.trim()}`)
  }
}
