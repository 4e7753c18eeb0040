/**
 * What is wrong with an answer of autodiscover in XML: autodiscover.xsd, and what XML Schema has no words for.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { XmlDocument, XsdValidator } from 'libxml2-wasm'
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs'
import { schemaFaults } from './schema-faults.ts'

xmlRegisterFsInputProviders()
const file = fileURLToPath(new URL('autodiscover.xsd', import.meta.url))
using schemaDocument = XmlDocument.fromBuffer(readFileSync(file), { url: file })
const schema = XsdValidator.fromDoc(schemaDocument)

export function autodiscoverFaults(body: string): string[] {
  const protocols = [...body.matchAll(/<Protocol>(.*?)<\/Protocol>/gs)].map(([protocol]) => protocol)
  const types = protocols.map(protocol => textIn(protocol, 'Type'))
  return [
    ...schemaFaults(schema, body),
    ...(body.startsWith('<?xml version="1.0" encoding="UTF-8"?>\n<Autodiscover ') ? [] : ['another beginning']),
    ...(/<!|<\?(?!xml )|<\/?\w+:|xmlns:/.test(body) ? ['a document type, comment, CDATA, instruction or prefix'] : []),
    ...(types.join() === order.filter(type => types.includes(type)).join()
      ? []
      : [`another order than ${order.join(', ')}`]),
    ...protocols.flatMap(protocolFaults),
    ...(textIn(body, 'Url') === textIn(body, 'Name') ? [] : ['Url and Name differ'])
  ]
}

const order = ['IMAP', 'POP3', 'SMTP', 'CalDAV', 'CardDAV']

/** What a Protocol of a mail server has, in addition to Type, Server, LoginName and DomainRequired. */
const mailElements = ['TTL', 'Port', 'SPA', 'SSL', 'Encryption', 'AuthRequired']

function protocolFaults(protocol: string): string[] {
  const type = textIn(protocol, 'Type')
  const isUrl = textIn(protocol, 'Server').startsWith('https://')
  const present = mailElements.filter(name => protocol.includes(`<${name}>`))
  if (type === 'CalDAV' || type === 'CardDAV') {
    return [...(isUrl ? [] : [`${type} without a URL`]), ...present.map(name => `${type} with ${name}`)]
  }
  const missing = mailElements.filter(name => !present.includes(name))
  const port = textIn(protocol, 'Port')
  const switches = `${textIn(protocol, 'SSL')} ${textIn(protocol, 'Encryption')}`
  return [
    ...(isUrl ? [`${type} with a URL`] : []),
    ...missing.map(name => `${type} without ${name}`),
    ...(['on SSL', 'on TLS', 'off None'].includes(switches) ? [] : [`SSL and Encryption contradict: ${switches}`]),
    ...(['993', '995', '465'].includes(port) && switches !== 'on SSL' ? [`${switches} on port ${port}`] : []),
    ...(['143', '110', '587'].includes(port) && switches === 'on SSL' ? [`${switches} on port ${port}`] : []),
    ...((type === 'SMTP') === protocol.includes('<UsePOPAuth>') ? [] : [`${type} and UsePOPAuth`])
  ]
}

function textIn(markup: string, element: string): string {
  return new RegExp(`<${element}>(.*)</${element}>`).exec(markup)?.[1] ?? ''
}
