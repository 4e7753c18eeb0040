/**
 * A document in a CMS signature, which iPhones and Macs take in place of the bare profile.
 */
import type { Document } from '../dialects/document.ts'
import { type CmsSigner, signedData } from '../formats/cms/cms.ts'

/** @returns the same document with the signed bytes as its body, one character a byte */
export function signedDocument({ status, headers, body }: Document, signer: CmsSigner): Document {
  const bytes = signedData(Buffer.from(body), signer)
  return { status, headers: { ...headers, 'content-length': bytes.length }, body: bytes.toString('latin1') }
}
