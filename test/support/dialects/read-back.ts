/**
 * An XML document as its reader sees it: attributes as `@name`, values as untrimmed text.
 */
import { XMLParser } from 'fast-xml-parser'

const parser = new XMLParser({
  ignoreDeclaration: true,
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  trimValues: false,
  isArray: name => name === 'incomingServer' || name === 'Protocol'
})

/** @param body an XML document. White space that is the only text between two tags is ignored. */
export function readBack(body: string): unknown {
  return parser.parse(body.replace(/>\s+</g, '><').trimEnd())
}
