/**
 * A client of a certificate authority: RFC 8555. It has one account, keeps the nonces, and repeats requests whose nonce was
 * refused. docs/decisions.md says why it is not a library.
 */
import type { KeyObject } from 'node:crypto'
import type { HttpResponse } from '../clients/model/world.ts'
import type { Exchanger } from '../network/http-exchange.ts'
import { bindExternalAccount, type ExternalAccount, signRequest } from './jws.ts'
import { AcmeProblem, asMapping, parseJson, retryAfter, toProblem } from './problem.ts'

export interface AcmeAnswer {
  /** Parsed, if it is JSON; what the authority sends is not trusted to have any form. */
  readonly json: Readonly<Record<string, unknown>>
  readonly text: string
  /** The URL of a new resource. */
  readonly location: string
  readonly retryAfterMs: number | undefined
}

export interface AcmeClient {
  /**
   * Reads or changes a resource of the account, which is created first if necessary.
   * @param payload undefined to read
   * @throws AcmeProblem, NetworkFault
   */
  send(url: string, payload?: unknown): Promise<AcmeAnswer>
  /** @returns the URL of a resource of the directory. @throws AcmeProblem, NetworkFault */
  resource(name: 'newOrder'): Promise<string>
  /** Like `resource`, for those that an authority need not have. */
  optional(name: 'renewalInfo'): Promise<string | undefined>
}

export interface AcmeClientOptions {
  /** The URL of the directory. */
  readonly directory: string
  /** The key of the account: EC on P-256. */
  readonly key: KeyObject
  readonly email: string | undefined
  readonly externalAccount: ExternalAccount | undefined
  readonly exchange: Exchanger
  /** Milliseconds since 1970. */
  readonly clock: () => number
}

/** How often a request is sent again because of its nonce. Why so many: pebble refuses nonces by chance. */
const mostNonceRetries = 20

/** How many nonces are kept. */
const mostNonces = 20

export function createAcmeClient(options: AcmeClientOptions): AcmeClient {
  const { directory, key, email, externalAccount, exchange, clock } = options
  const nonces: string[] = []
  let resources: Readonly<Record<string, unknown>> | undefined
  let account: string | undefined

  /** @throws NetworkFault */
  async function ask(method: string, url: string, body?: string): Promise<HttpResponse> {
    const headers = {
      'user-agent': 'signpost',
      ...(body !== undefined && { 'content-type': 'application/jose+json' })
    }
    const { response, fault } = await exchange({ method, url, headers, ...(body !== undefined && { body }) })
    if (fault !== undefined) throw fault
    return response
  }

  async function find(name: string): Promise<string | undefined> {
    if (resources === undefined) {
      const response = await ask('GET', directory)
      if (response.status !== 200) throw toProblem(response, clock())
      resources = asMapping(parseJson(response.body))
    }
    const url = resources[name]
    return typeof url === 'string' ? url : undefined
  }

  async function resource(name: string): Promise<string> {
    const url = await find(name)
    if (url !== undefined) return url
    throw new AcmeProblem('http', `found no ${name} at the certificate authority: http.tls.acme.directory is not ACME`)
  }

  async function nextNonce(): Promise<string> {
    const known = nonces.pop()
    if (known !== undefined) return known
    const response = await ask('HEAD', await resource('newNonce'))
    const nonce = response.headers['replay-nonce']
    if (nonce === undefined) throw toProblem(response, clock())
    return nonce
  }

  async function post(url: string, payload: unknown, retries = 0): Promise<AcmeAnswer> {
    const body = signRequest({ key, account, url, nonce: await nextNonce(), payload })
    const response = await ask('POST', url, body)
    const nonce = response.headers['replay-nonce']
    if (nonce !== undefined && nonces.length < mostNonces) nonces.push(nonce)
    if (response.status < 300) return toAnswer(response, clock())
    const problem = toProblem(response, clock())
    // Spec: RFC 8555 6.5: the answer brings a new nonce.
    if (problem.type === 'badNonce' && retries < mostNonceRetries) return await post(url, payload, retries + 1)
    throw problem
  }

  /** Spec: RFC 8555 7.3.1: the account of a known key is returned and not created. */
  async function openAccount(): Promise<string> {
    const url = await resource('newAccount')
    const { location } = await post(url, {
      termsOfServiceAgreed: true,
      ...(email !== undefined && { contact: [`mailto:${email}`] }),
      ...(externalAccount && { externalAccountBinding: bindExternalAccount(key, externalAccount, { url }) })
    })
    return location
  }

  return {
    resource,
    optional: find,
    async send(url, payload) {
      account ??= await openAccount()
      return await post(url, payload)
    }
  }
}

function toAnswer({ headers, body }: HttpResponse, now: number): AcmeAnswer {
  return {
    json: asMapping(parseJson(body)),
    text: body,
    location: headers.location ?? '',
    retryAfterMs: retryAfter(headers['retry-after'], now)
  }
}
