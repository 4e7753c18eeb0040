/**
 * Imports a document of unknown format: Thunderbird autoconfig or an Apple profile, which may be signed.
 */
import { isUtf8 } from 'node:buffer'
import { signedContent } from '../formats/cms/content.ts'
import { tags } from '../formats/cms/der.ts'
import { hasDeclarations, withoutDoctype } from '../formats/xml.ts'
import { readXmlTree } from '../formats/xml-tree.ts'
import { importMobileconfig } from './formats/apple/mobileconfig.ts'
import { importAutoconfig } from './formats/autoconfig/autoconfig.ts'
import type { Imported, ImportedProvider } from './imported.ts'

export interface UnknownFormat {
  /** A description with its article, such as `a web page`. */
  readonly found: string
}

/** @param source name of the document in messages */
export function importDocument(bytes: Buffer, source: string): Imported | UnknownFormat {
  const signed = signedContent(fromPem(bytes)) ?? profileInside(bytes)
  const text = (signed ?? bytes).toString('utf8').replace(/^\ufeff/, '')
  const imported = importAutoconfig(text, source) ?? importMobileconfig(text, source)
  if (imported === undefined) return { found: describe(signed ?? bytes, text) }
  return signed === undefined ? imported : withSignature(imported, source)
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

function describe(bytes: Buffer, text: string): string {
  if (bytes.length === 0) return 'an empty file'
  if (text.startsWith('bplist00')) return 'a binary property list (plutil -convert xml1 makes a readable one)'
  if (!isUtf8(bytes) || text.includes('\0')) return 'binary data'
  if (/^\s*(?:<!DOCTYPE html|<html)/i.test(text)) return 'a web page'
  if (/^providers:/m.test(text)) return 'a settings table, which needs no import'
  if (!/^\s*</.test(text)) return 'a text'
  if (hasDeclarations(text)) return 'XML with declarations in its document type, which are not supported'
  const root = readXmlTree(withoutDoctype(text))
  return root === undefined ? 'XML that is not well-formed' : `XML of another kind, <${root.name}>`
}
