/**
 * Signed requests to a certificate authority: RFC 8555 6.2, with ES256 of RFC 7518 3.4 as flattened JSON of RFC 7515 7.2.2.
 */
import { createHmac, createPublicKey, hash, type KeyObject, sign } from 'node:crypto'

/** The public key of an account, as JSON (RFC 7517), with its members in the order that the thumbprint needs. */
export interface PublicJwk {
  readonly crv: string
  readonly kty: string
  readonly x: string
  readonly y: string
}

export interface SignedRequest {
  /** EC on P-256. */
  readonly key: KeyObject
  /** The URL of the account; undefined while it has none, so that the public key is sent instead. */
  readonly account: string | undefined
  readonly url: string
  readonly nonce: string
  /** Undefined: a POST that only reads (POST-as-GET, RFC 8555 6.3). */
  readonly payload: unknown
}

/** @returns the body of the request */
export function signRequest({ key, account, url, nonce, payload }: SignedRequest): string {
  const header = { alg: 'ES256', ...(account === undefined ? { jwk: publicJwk(key) } : { kid: account }), nonce, url }
  const signed = { protected: base64url(JSON.stringify(header)), payload: payloadOf(payload) }
  const signature = sign('sha256', Buffer.from(`${signed.protected}.${signed.payload}`), {
    key,
    dsaEncoding: 'ieee-p1363'
  })
  return JSON.stringify({ ...signed, signature: signature.toString('base64url') })
}

/** An account that a person has at the authority: RFC 8555 7.3.4. */
export interface ExternalAccount {
  readonly id: string
  /** base64url, as authorities give it. */
  readonly hmacKey: string
}

/**
 * @param key of the new account
 * @param options.url of the request that creates it
 * @returns the member `externalAccountBinding` of that request
 */
export function bindExternalAccount(
  key: KeyObject,
  { id, hmacKey }: ExternalAccount,
  { url }: { readonly url: string }
): Readonly<Record<'protected' | 'payload' | 'signature', string>> {
  const signed = {
    protected: base64url(JSON.stringify({ alg: 'HS256', kid: id, url })),
    payload: payloadOf(publicJwk(key))
  }
  const mac = createHmac('sha256', Buffer.from(hmacKey, 'base64url')).update(`${signed.protected}.${signed.payload}`)
  return { ...signed, signature: mac.digest('base64url') }
}

/** @returns what proves that a challenge was answered by the holder of the account: RFC 8555 8.1 */
export function keyAuthorization(token: string, key: KeyObject): string {
  // Spec: RFC 7638 3: the required members, sorted, without white space.
  return `${token}.${hash('sha256', JSON.stringify(publicJwk(key)), 'base64url')}`
}

function publicJwk(key: KeyObject): PublicJwk {
  const { crv = '', kty = '', x = '', y = '' } = createPublicKey(key).export({ format: 'jwk' }) as Partial<PublicJwk>
  return { crv, kty, x, y }
}

function payloadOf(payload: unknown): string {
  return payload === undefined ? '' : base64url(JSON.stringify(payload))
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url')
}
