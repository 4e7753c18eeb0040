/**
 * The body of a POX request: MS-OXDSCLI 2.2.3. Clients differ in order, prefixes, white space and encoding.
 */
import { readXml, type XmlNode } from '../../formats/xml.ts'

export interface OutlookRequest {
  /** Trimmed; empty where there is none. */
  readonly address: string
  /** AcceptableResponseSchema, trimmed; empty where there is none. */
  readonly schema: string
  readonly hasLegacyDn: boolean
}

/** @returns undefined where the body is no POX request */
export function readOutlookRequest(body: Buffer): OutlookRequest | undefined {
  // Why latin1: the usual shapes are ASCII, which is the same in it, and costs nothing to decode.
  const usual = body.length > longestUsual ? undefined : recognise(body.toString('latin1'))
  if (usual !== undefined) return usual
  const text = decode(body)
  return text === undefined ? undefined : parse(text)
}

/** Bytes. Why: a request has 400, and a longer one of nothing but white space costs the patterns more than the parser. */
const longestUsual = 2048

// Why: the general parser costs four fifths of the time of a request, and nearly every client sends one of two shapes.
// test/dialects/outlook/request.test.ts proves that whatever these accept, the parser reads the same.
// Spec: XML 1.0 2.3: white space is these four; \s has no-break spaces and more, which outside the root are an error.
const space = String.raw`[ \t\r\n]*`
const head = String.raw`(?:<\?xml version="1\.0"(?: encoding="[Uu][Tt][Ff]-8")? ?\?>)?${space}<Autodiscover xmlns="[\w:/.-]*">${space}<Request>${space}`
const address = String.raw`<EMailAddress>${space}([\w.+@=-]+)${space}</EMailAddress>${space}`
const schema = String.raw`<AcceptableResponseSchema>${space}([\w:/.-]+)${space}</AcceptableResponseSchema>${space}`
// Observed: EmailEngine (autodetect-imap-settings.js) writes an apostrophe after the root, and takes an error for the
// answer that there is no IMAP.
const tail = String.raw`</Request>${space}</Autodiscover>[ \t\r\n']*$`
// Observed: Outlook, Thunderbird, FairEmail and Delta Chat's relatives put the address first, EmailEngine and SnappyMail last.
const addressFirst = new RegExp(`^${head}${address}${schema}${tail}`)
const schemaFirst = new RegExp(`^${head}${schema}${address}${tail}`)

/** @returns undefined where the text has not one of the two usual shapes */
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

/** What stands after the last tag is left out. @returns undefined where the text is no POX request */
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

/** Why not a repeated element: two addresses in one request are somebody's trick. */
function child(node: Found, name: string): Found {
  return typeof node === 'object' && !Array.isArray(node) && Object.hasOwn(node, name)
    ? (node as Record<string, Found>)[name]
    : undefined
}

/** @returns empty where there is no text, or other elements in it */
function textOf(node: Found): string {
  return typeof node === 'string' ? node.trim() : ''
}

/** Spec: XML 1.0 appendix F.1: a byte order mark decides. @returns undefined where the bytes are not in the encoding */
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
