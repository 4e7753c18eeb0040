/**
 * Signs what is served, where the settings say so.
 */
import type { Logger } from 'pino'
import type { Document } from '../dialects/document.ts'
import { errors } from '../errors.ts'
import type { KeyPair } from '../keys/key-pair.ts'
import type { Signing } from '../keys/signing.ts'
import type { Source } from '../sources/source.ts'
import { refusal } from './refusal.ts'
import { signedDocument } from './signed-document.ts'

/** @returns the document signed, or as it is, or a refusal in its place */
export type Signer = (document: Document) => Document

export interface SignerOptions {
  readonly source: Pick<Source, 'table'>
  readonly signing: Pick<Signing, 'keyAt'>
  readonly logger: Logger
  /** Milliseconds since 1970. */
  readonly now?: () => number
}

/** How long a signed document is kept, and how many: a signature costs more than all else about a request. */
const keptMs = 60_000
const mostKept = 500

const refused = refusal(errors.cannotSign())

export function createSigner({ source, signing, logger, now = Date.now }: SignerOptions): Signer {
  const kept = createKept()
  let told = false

  /** Why once: it is so for every request, until somebody brings a certificate. */
  function tell(required: boolean): void {
    if (told) return
    told = true
    if (required) logger.error('no valid certificate to sign with: profiles are refused')
    else logger.warn('no valid certificate to sign with: profiles are served unsigned')
  }

  return document => {
    const { signing: settings } = source.table.settings
    if (settings === undefined || document.status !== 200) return document
    const time = now()
    const key = signing.keyAt(time)
    if (key !== undefined) {
      told = false
      return kept(document, key, time)
    }
    const { required = false } = settings
    tell(required)
    return required ? refused : document
  }
}

interface Kept {
  readonly key: KeyPair
  readonly signed: Document
  readonly time: number
}

function createKept() {
  const all = new Map<string, Kept>()
  return (document: Document, key: KeyPair, time: number): Document => {
    const known = all.get(document.body)
    // Why also from below: the clock may have been put back.
    const isFresh = (each: Kept) => each.key === key && Math.abs(time - each.time) < keptMs
    if (known !== undefined && isFresh(known)) return known.signed
    const signed = signedDocument(document, key)
    all.delete(document.body)
    // Why from the front: a map keeps the order in which entries came, so the oldest are there.
    for (const [body, each] of all) {
      if (all.size < mostKept && isFresh(each)) break
      all.delete(body)
    }
    all.set(document.body, { key, signed, time })
    return signed
  }
}
