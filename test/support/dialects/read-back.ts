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

/** @param body with white space between elements only where nothing else stands */
export function readBack(body: string): unknown {
  return parser.parse(body.replace(/>\s+</g, '><').trimEnd())
}
