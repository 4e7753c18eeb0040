/**
 * What is wrong with an autoconfig document: autoconfig.rng or autoconfig-extras.rng, and what RELAX NG has no words for.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { RelaxNGValidator, XmlDocument } from 'libxml2-wasm'
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs'
import { schemaFaults } from './schema-faults.ts'

xmlRegisterFsInputProviders()
const plain = openSchema('autoconfig.rng')
const wide = openSchema('autoconfig-extras.rng')

function openSchema(name: string): RelaxNGValidator {
  const file = fileURLToPath(new URL(name, import.meta.url))
  using document = XmlDocument.fromBuffer(readFileSync(file), { url: file })
  return RelaxNGValidator.fromDoc(document)
}

/** @param extras the provider has opted in to more than the safest document */
export function clientConfigFaults(body: string, extras = false): string[] {
  const usernames = [...body.matchAll(/<username>(.*?)<\/username>/gs)].map(([, username]) => username)
  return [
    ...schemaFaults(extras ? wide : plain, body),
    ...(body.startsWith('<?xml version="1.0" encoding="UTF-8"?>\n<clientConfig ') ? [] : ['another beginning']),
    ...(/<!|xmlns|<\?(?!xml )/.test(body) ? ['a document type, comment, CDATA, namespace or instruction'] : []),
    // Observed: FairEmail takes the last <username> of the whole file.
    ...(new Set(usernames).size === 1 ? [] : ['user names differ']),
    ...(/<(hostname|port|socketType|username|authentication|domain)>[^<]*&/.test(body) ? ['an entity in a value'] : [])
  ]
}
