/**
 * Imports a document of unknown format: Thunderbird autoconfig, a response of autodiscover, an Apple profile, which may be
 * signed, PACC, or the seed of automx2.
 */
import { signedContent } from '../formats/cms/content.ts'
import { tags } from '../formats/cms/der.ts'
import { type DecodingFault, decodeText } from '../formats/text-encoding.ts'
import { blankDoctype, hasDeclarations } from '../formats/xml.ts'
import { type XmlMistake, xmlMistake } from '../formats/xml-mistakes.ts'
import { readLenientTree, xmlFault } from '../formats/xml-tree.ts'
import { isObject } from '../json.ts'
import { createPositions, type Position } from '../settings/load/position.ts'
import { importMobileconfig } from './formats/apple/mobileconfig.ts'
import { importAutoconfig } from './formats/autoconfig/autoconfig.ts'
import { importAutodiscover } from './formats/autodiscover.ts'
import { importAutomx2Seed } from './formats/automx2/seed.ts'
import { importPaccFile } from './formats/pacc.ts'
import { refusal } from './import-log.ts'
import type { Dropped, Imported, ImportedProvider } from './imported.ts'
import { readJson } from './read-json.ts'

export interface UnknownFormat {
  /** A description with its article, such as `a web page`. */
  readonly found: string
  /** Set if the format is right, but the document has a fault. */
  readonly position?: Position
}

const formats = [importAutoconfig, importMobileconfig, importAutodiscover, importAutomx2Seed, importPaccFile]

/** @param source name of the document in messages */
export function importDocument(bytes: Buffer, source: string): Imported | UnknownFormat {
  const signed = signedContent(fromPem(bytes)) ?? profileInside(bytes)
  const content = signed ?? bytes
  const decoded = decodeText(content)
  if ('fault' in decoded) return describeUndecodable(content, decoded)
  const [text, ...late] = withoutLateDeclaration(decoded.text, source)
  for (const format of formats) {
    const found = format(text, source)
    if (found === undefined) continue
    const mistake = /^\s*</.test(text) ? xmlMistake(text) : undefined
    if (mistake?.kind === 'reference') return describeReference(text, mistake)
    const refused = mistake === undefined ? [] : [refusal(mistake, text, source)]
    const imported = { ...found, dropped: [...late, ...refused, ...found.dropped] }
    return signed === undefined ? imported : withSignature(imported, source)
  }
  return describe(text)
}

/**
 * Observed: in Mozilla's database (2026, studio-it.pl.xml), an empty line precedes the declaration.
 * @returns the text with spaces instead of a declaration that is not at its start, and what to say about it
 */
function withoutLateDeclaration(text: string, source: string): [text: string, ...Dropped[]] {
  const [late] = /^\s+<\?xml\s[^>]*>/.exec(text) ?? []
  if (late === undefined) return [text]
  const why = 'because of the white space before it, Thunderbird and other programs cannot read this document'
  const origin = { source, ...createPositions(text)(text.indexOf('<')) }
  return [late.replace(/[^\n]/g, ' ') + text.slice(late.length), { origin, what: 'XML declaration', why }]
}

/** Why an error: the text would keep the reference, and mail programs refuse the document. */
function describeReference(text: string, { what, why, offset }: XmlMistake): UnknownFormat {
  const found = `XML that is not well-formed: ${what} ${why}`
  return { found, position: createPositions(text)(offset) }
}

function describeJson(text: string): UnknownFormat {
  const json = readJson(text)
  if (!('fault' in json)) {
    const isUrl = isObject(json.value) && json.value.Protocol !== undefined && json.value.Url !== undefined
    return {
      found: isUrl ? 'a response of Outlook autodiscover in JSON, which has no servers' : 'JSON of another kind'
    }
  }
  return { found: `JSON that is not well-formed: ${json.fault}`, position: json.position }
}

/** Spec: RFC 7468 8 and 9 define both labels. */
function fromPem(bytes: Buffer): Buffer {
  const [, base64] = /^-----BEGIN (?:PKCS7|CMS)-----([^-]+)-----END/.exec(bytes.toString('latin1')) ?? []
  return base64 === undefined ? bytes : Buffer.from(base64, 'base64')
}

/** Why: decoding as text damages the lengths in the signature, but the profile inside is still in one piece. */
function profileInside(bytes: Buffer): Buffer | undefined {
  const isSequence = bytes[0] === tags.sequence
  const start = bytes.indexOf('<?xml')
  const end = bytes.lastIndexOf('</plist>')
  return isSequence && start > 0 && end > start ? bytes.subarray(start, end + '</plist>'.length) : undefined
}

function withSignature({ providers, dropped }: Imported, source: string): Imported {
  const note = 'It was signed, but the signature was not checked.'
  const noted = (provider: ImportedProvider) => ({ ...provider, notes: [...(provider.notes ?? []), note] })
  const signature = { origin: { source }, what: 'signature', why: 'it was not checked' }
  return { providers: providers.map(noted), dropped: [...dropped, signature] }
}

function describeUndecodable(bytes: Buffer, { fault, before }: DecodingFault): UnknownFormat {
  if (bytes.toString('latin1', 0, 8) === 'bplist00') return binaryList
  // Why: documents begin with a bracket, and other data is not worth a position.
  const start = before === '' ? bytes.toString('latin1', 0, 64) : before
  if (!/^\s*[<{]/.test(start)) return { found: 'binary data' }
  return { found: fault.replace(/^found /, ''), position: createPositions(before)(before.length) }
}

const binaryList = { found: 'a binary property list (plutil -convert xml1 makes a readable one)' }

function describe(text: string): UnknownFormat {
  if (text === '') return { found: 'an empty file' }
  if (text.startsWith('bplist00')) return binaryList
  if (text.includes('\0')) return { found: 'binary data' }
  if (/^\s*(?:<!DOCTYPE html|<html)/i.test(text)) return { found: 'a web page' }
  if (/^HTTP\/\d/.test(text))
    return { found: 'an HTTP response with its header, of which only the body can be imported' }
  if (/^providers:/m.test(text)) return { found: 'a settings table, which needs no import' }
  if (/^\s*(?:\{|\[\s*[[{"]|")/.test(text)) return describeJson(text)
  if (!/^\s*</.test(text)) return { found: 'a text' }
  if (hasDeclarations(text)) return { found: 'XML with declarations in its document type, which are not supported' }
  const xml = blankDoctype(text)
  const root = readLenientTree(xml)
  if (root !== undefined) return { found: `XML of another kind, <${root.name}>` }
  const { message, ...position } = xmlFault(xml)
  return { found: `XML that is not well-formed: ${message}`, position }
}
