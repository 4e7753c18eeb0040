/**
 * The body of a POX request: MS-OXDSCLI 2.2.3. Clients differ in order, prefixes, white space and encoding.
 */
import { readXml, type XmlNode } from '../../formats/xml.ts'

export interface OutlookRequest {
  /** Trimmed; empty if missing. */
  readonly address: string
  /** AcceptableResponseSchema, trimmed; empty if missing. */
  readonly schema: string
  readonly hasLegacyDn: boolean
}

/** @returns undefined if the body is not a POX request */
export function readOutlookRequest(body: Buffer): OutlookRequest | undefined {
  // Why: latin1 costs nothing to decode, and the usual forms are ASCII, which is the same in latin1.
  const usual = body.length > longestUsual ? undefined : recognise(body.toString('latin1'))
  if (usual !== undefined) return usual
  const text = decode(body)
  return text === undefined ? undefined : parse(text)
}

/** In bytes. Why: requests have about 400. Long ones full of white space take the patterns longer than the parser. */
const longestUsual = 2048

// Why: the general parser takes four fifths of the time of a request, and nearly all clients send one of two forms.
// test/dialects/outlook/request.test.ts checks that the parser reads the same from all texts that these patterns match.
// Spec: XML 1.0 2.3 allows only these four white space characters. \s also matches no-break spaces and others, which are
// errors outside the root element.
const space = String.raw`[ \t\r\n]*`
const head = String.raw`(?:<\?xml version="1\.0"(?: encoding="[Uu][Tt][Ff]-8")? ?\?>)?${space}<Autodiscover xmlns="[\w:/.-]*">${space}<Request>${space}`
const address = String.raw`<EMailAddress>${space}([\w.+@=-]+)${space}</EMailAddress>${space}`
const schema = String.raw`<AcceptableResponseSchema>${space}([\w:/.-]+)${space}</AcceptableResponseSchema>${space}`
// Observed: EmailEngine (autodetect-imap-settings.js) adds an apostrophe after the root element, and concludes from an
// error response that there is no IMAP.
const tail = String.raw`</Request>${space}</Autodiscover>[ \t\r\n']*$`
// Observed: Outlook, Thunderbird, FairEmail and the forks of Delta Chat send the address first; EmailEngine and SnappyMail
// send it last.
const addressFirst = new RegExp(`^${head}${address}${schema}${tail}`)
const schemaFirst = new RegExp(`^${head}${schema}${address}${tail}`)

/** @returns undefined if the text has neither of the two usual forms */
export function recognise(text: string): OutlookRequest | undefined {
  const found = addressFirst.exec(text)
  if (found !== null) {
    const [, address = '', schema = ''] = found
    return { address, schema, hasLegacyDn: false }
  }
  const swapped = schemaFirst.exec(text)
  if (swapped === null) return undefined
  const [, schema = '', address = ''] = swapped
  return { address, schema, hasLegacyDn: false }
}

/** Ignores text after the last tag. @returns undefined if the text is not a POX request */
export function parse(text: string): OutlookRequest | undefined {
  const root = readXml(text.slice(0, text.lastIndexOf('>') + 1))
  const request = child(child(root, 'Autodiscover'), 'Request')
  if (request === undefined) return undefined
  return {
    address: textOf(child(request, 'EMailAddress')),
    schema: textOf(child(request, 'AcceptableResponseSchema')),
    hasLegacyDn: textOf(child(request, 'LegacyDN')) !== ''
  }
}

type Found = XmlNode | readonly XmlNode[] | undefined

/** Why: repeated elements count as missing, because two addresses in one request are an attack. */
function child(node: Found, name: string): Found {
  return typeof node === 'object' && !Array.isArray(node) && Object.hasOwn(node, name)
    ? (node as Record<string, Found>)[name]
    : undefined
}

/** @returns an empty text if the element is missing or contains other elements */
function textOf(node: Found): string {
  return typeof node === 'string' ? node.trim() : ''
}

/** Spec: XML 1.0 appendix F.1: the byte order mark determines the encoding. @returns undefined for invalid bytes */
function decode(body: Buffer): string | undefined {
  const encoding =
    body[0] === 0xff && body[1] === 0xfe ? 'utf-16le' : body[0] === 0xfe && body[1] === 0xff ? 'utf-16be' : 'utf-8'
  if (encoding === 'utf-8' && body[0] !== 0xef) {
    const text = body.toString('utf8')
    return text.includes('\ufffd') ? undefined : text
  }
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(body)
  } catch {
    return undefined
  }
}
