/**
 * When the certificate authority wants a certificate to be renewed: RFC 9773.
 */
import type { X509Certificate } from 'node:crypto'
import { contentsOf, elementsOf, objectIdentifier } from '../formats/cms/der.ts'
import { asObject, parseObject } from '../json.ts'
import type { Exchanger } from '../network/http-exchange.ts'
import { retryAfter } from './problem.ts'

export interface RenewalWindow {
  /** Milliseconds since 1970. */
  readonly start: number
  readonly end: number
  /** When the authority wants to be asked again. */
  readonly retryAfterMs: number | undefined
}

/** Spec: RFC 9773 4.1. @returns undefined if the certificate does not identify its issuer's key */
export function renewalId({ raw }: X509Certificate): string | undefined {
  const [tbsCertificate = raw] = elementsOf(raw)
  const fields = elementsOf(tbsCertificate)
  const serial = fields.find(([tag]) => tag === integer)
  const extensions = fields.find(([tag]) => tag === context3)
  const all = extensions === undefined ? [] : elementsOf(contentsOf(extensions)).map(elementsOf)
  const identifier = all.find(([id]) => id?.equals(authorityKeyIdentifier))?.at(-1)
  const key = identifier && elementsOf(contentsOf(identifier)).find(([tag]) => tag === keyIdentifier)
  if (serial === undefined || key === undefined) return undefined
  return [key, serial].map(each => contentsOf(each).toString('base64url')).join('.')
}

const integer = 0x02
const context3 = 0xa3
const keyIdentifier = 0x80
const authorityKeyIdentifier = objectIdentifier('2.5.29.35')

export interface AskRenewalOptions {
  readonly exchange: Exchanger
  /** Milliseconds since 1970. */
  readonly now: number
}

/**
 * @param resource the URL of `renewalInfo` in the directory
 * @returns undefined if the authority does not say
 */
export async function askRenewalWindow(
  resource: string,
  id: string,
  { exchange, now }: AskRenewalOptions
): Promise<RenewalWindow | undefined> {
  const url = `${resource.replace(/\/$/, '')}/${id}`
  const { response } = await exchange({ method: 'GET', url, headers: { 'user-agent': 'signpost' } })
  if (response?.status !== 200) return undefined
  const window = asObject(parseObject(response.body).suggestedWindow)
  const [start, end] = [window.start, window.end].map(each => Date.parse(String(each)))
  if (start === undefined || end === undefined || !(start < end)) return undefined
  return { start, end, retryAfterMs: retryAfter(response.headers['retry-after'], now) }
}
