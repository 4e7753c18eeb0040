/**
 * Signs documents before they are served, if the settings have `signing`.
 */
import type { Logger } from 'pino'
import type { Document } from '../dialects/document.ts'
import { errors } from '../errors.ts'
import { type CmsSigner, signedData } from '../formats/cms/cms.ts'
import type { Signing } from '../keys/signing.ts'
import type { Source } from '../sources/source.ts'
import { refusal } from './refusal.ts'

declare module 'fastify' {
  interface FastifyInstance {
    readonly sign: Signer
  }
}

/** @returns the signed document, the same document if there is no key, or a refusal */
export type Signer = (document: Document) => Document

export interface SignerOptions {
  readonly source: Pick<Source, 'table'>
  readonly signing: Pick<Signing, 'keyAt'>
  readonly logger: Logger
  /** Milliseconds since 1970. */
  readonly now?: () => number
}

const cannotSign = errors.cannotSign()
const refused = refusal(cannotSign)

export function createSigner({ source, signing, logger, now = Date.now }: SignerOptions): Signer {
  let isLogged = false

  /** Why once: it would be the same for every request until there is a valid certificate. */
  function report(required: boolean): void {
    if (isLogged) return
    isLogged = true
    if (required) logger.error({ code: cannotSign.code }, 'no valid certificate to sign with: profiles are refused')
    else logger.warn('no valid certificate to sign with: profiles are served unsigned')
  }

  return document => {
    const { signing: settings } = source.table.settings
    if (settings === undefined || document.status !== 200) return document
    const key = signing.keyAt(now())
    if (key !== undefined) {
      isLogged = false
      // Why not cached: a profile that comes faster the second time, or with the same ECDSA signature, would reveal that
      // the same address has been requested before.
      return signedDocument(document, key)
    }
    const { required = false } = settings
    report(required)
    return required ? refused : document
  }
}

/**
 * A document in a CMS signature, which iPhones and Macs accept in place of the bare profile.
 * @returns the same document with the signed bytes as its body, one character a byte
 */
export function signedDocument({ status, headers, body }: Document, signer: CmsSigner): Document {
  const bytes = signedData(Buffer.from(body), signer)
  return { status, headers: { ...headers, 'content-length': bytes.length }, body: bytes.toString('latin1') }
}
