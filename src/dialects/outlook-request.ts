/**
 * The body of a POX request: MS-OXDSCLI 2.2.3. Clients differ in order, prefixes, white space and encoding.
 */
import { readXml, type XmlNode } from '../formats/xml.ts'

export interface OutlookRequest {
  /** Trimmed; empty where there is none. */
  readonly address: string
  /** AcceptableResponseSchema, trimmed; empty where there is none. */
  readonly schema: string
  readonly hasLegacyDn: boolean
}

/** @returns undefined where the body is no POX request */
export function readOutlookRequest(body: Buffer): OutlookRequest | undefined {
  const text = decode(body)
  return text === undefined ? undefined : (recognise(text) ?? parse(text))
}

// Why: the general parser costs four fifths of the time of a request, and nearly every client sends one of two shapes.
// test/dialects/outlook-request.test.ts proves that whatever these accept, the parser reads the same.
const head = String.raw`(?:<\?xml version="1\.0"(?: encoding="[Uu][Tt][Ff]-8")?\?>)?\s*<Autodiscover xmlns="[\w:/.-]*">\s*<Request>\s*`
const address = String.raw`<EMailAddress>\s*([\w.+@=-]+)\s*</EMailAddress>\s*`
const schema = String.raw`<AcceptableResponseSchema>\s*([\w:/.-]+)\s*</AcceptableResponseSchema>\s*`
const tail = String.raw`</Request>\s*</Autodiscover>\s*$`
// Observed: Outlook, Thunderbird, FairEmail and Delta Chat's relatives put the address first, EmailEngine and SnappyMail last.
const addressFirst = new RegExp(`^${head}${address}${schema}${tail}`)
const schemaFirst = new RegExp(`^${head}${schema}${address}${tail}`)

/** @returns undefined where the text has not one of the two usual shapes */
export function recognise(text: string): OutlookRequest | undefined {
  const match = addressFirst.exec(text)
  if (match !== null) return { address: match[1] ?? '', schema: match[2] ?? '', hasLegacyDn: false }
  const swapped = schemaFirst.exec(text)
  if (swapped !== null) return { address: swapped[2] ?? '', schema: swapped[1] ?? '', hasLegacyDn: false }
  return undefined
}

/** @returns undefined where the text is no POX request */
export function parse(text: string): OutlookRequest | undefined {
  const request = child(child(readXml(text), 'Autodiscover'), 'Request')
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

function textOf(node: Found): string {
  const text = typeof node === 'object' ? child(node, '#text') : node
  return typeof text === 'string' ? text.trim() : ''
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
