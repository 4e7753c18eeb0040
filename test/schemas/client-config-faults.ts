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

export interface Allowed {
  /** The provider has opted in to more than the safest document. */
  readonly extras?: boolean
  /** Servers have different login names. */
  readonly ownNames?: boolean
}

const placeholders = ['%EMAILADDRESS%', '%EMAILLOCALPART%', '%EMAILDOMAIN%']

export function clientConfigFaults(body: string, { extras = false, ownNames = false }: Allowed = {}): string[] {
  const usernames = [...body.matchAll(/<username>(.*?)<\/username>/gs)].map(([, username]) => username)
  return [
    ...schemaFaults(extras ? wide : plain, body),
    ...(body.startsWith('<?xml version="1.0" encoding="UTF-8"?>\n<clientConfig ') ? [] : ['another beginning']),
    ...(/<!|xmlns|<\?(?!xml )/.test(body) ? ['a document type, comment, CDATA, namespace or instruction'] : []),
    // Observed: FairEmail uses the last <username> of the whole file.
    ...(ownNames || new Set(usernames).size === 1 ? [] : ['user names differ']),
    ...(usernames.some(name => name?.match(/%[A-Za-z]+%/g)?.some(word => !placeholders.includes(word)))
      ? ['an unknown placeholder in a user name']
      : []),
    ...(/<(hostname|port|socketType|username|authentication|domain)>[^<]*&/.test(body) ? ['an entity in a value'] : [])
  ]
}
