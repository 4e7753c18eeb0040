/**
 * What is wrong with an autoconfig document: autoconfig.rng, and what RELAX NG has no words for.
 */
import { readFileSync } from 'node:fs'
import { RelaxNGValidator, XmlDocument } from 'libxml2-wasm'
import { schemaFaults } from './schema-faults.ts'

using schemaDocument = XmlDocument.fromBuffer(readFileSync(new URL('autoconfig.rng', import.meta.url)))
const schema = RelaxNGValidator.fromDoc(schemaDocument)

export function clientConfigFaults(body: string): string[] {
  const usernames = [...body.matchAll(/<username>(.*?)<\/username>/gs)].map(([, username]) => username)
  return [
    ...schemaFaults(schema, body),
    ...(body.startsWith('<?xml version="1.0" encoding="UTF-8"?>\n<clientConfig ') ? [] : ['another beginning']),
    ...(/<!|xmlns|<\?(?!xml )/.test(body) ? ['a document type, comment, CDATA, namespace or instruction'] : []),
    // Observed: FairEmail takes the last <username> of the whole file.
    ...(new Set(usernames).size === 1 ? [] : ['user names differ']),
    ...(/<(hostname|port|socketType|username|authentication|domain)>[^<]*&/.test(body) ? ['an entity in a value'] : [])
  ]
}
