/**
 * A client of a certificate authority (RFC 8555): acme-client, with our own exchanges and their limits.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Authorization, Client, Order } from 'acme-client'
import { parseObject } from '../json.ts'
import type { Exchanger } from '../network/http-exchange.ts'
import { NetworkFault } from '../network/network-fault.ts'
import { AcmeProblem, retryAfter, toProblem, unexpected } from './problem.ts'

/** What the authority sent. Nothing about it is certain but that it is JSON or text. */
export interface Answered<T> {
  readonly value: T
  /** When the authority wants to be asked again. */
  readonly retryAfterMs: number | undefined
}

/** Every function rejects with an AcmeProblem or a NetworkFault. The account is created before the first order. */
export interface AcmeClient {
  /** @param names as A-labels. @param replaces the certificate that is replaced, as RFC 9773 5 identifies it */
  createOrder(names: readonly string[], replaces?: string): Promise<Answered<Order>>
  readOrder(url: string): Promise<Answered<Order>>
  readAuthorizations(order: Order): Promise<Answered<readonly Authorization[]>>
  /** @returns what answers a challenge */
  keyAuthorization(challenge: AcmeChallenge): Promise<string>
  /** The challenge is answered from now on. */
  completeChallenge(challenge: AcmeChallenge): Promise<void>
  /** @param key PEM: the private key of the certificate */
  finalize(order: Order, names: readonly string[], key: string): Promise<Answered<Order>>
  /** @returns PEM: the certificate, and those of its issuers */
  download(order: Order): Promise<string>
  /** @returns the URL of RFC 9773; undefined if the authority has none. Rejects if the directory cannot be read */
  renewalInfo(): Promise<string | undefined>
}

export type AcmeChallenge = Authorization['challenges'][number]

/** As the authority gives it to a customer: RFC 8555 7.3.4. */
export interface ExternalAccount {
  readonly id: string
  /** base64url. */
  readonly hmacKey: string
}

export interface AcmeClientOptions {
  /** The URL of the directory. */
  readonly directory: string
  /** PEM: the key of the account. */
  readonly accountKey: string
  readonly email: string | undefined
  readonly externalAccount: ExternalAccount | undefined
  readonly exchange: Exchanger
  /** Milliseconds since 1970. */
  readonly clock: () => number
}

/** What a call of the library uses, and what it found. */
interface Call extends Pick<AcmeClientOptions, 'exchange' | 'clock'> {
  retryAfterMs?: number | undefined
  badNonce?: AcmeProblem | undefined
}

/** Why: the library has one configuration of axios for the whole process. */
const calls = new AsyncLocalStorage<Call>()

/** How often a call is repeated because of its nonce, after the library has repeated it five times. */
const mostRepeats = 2

/** Why the library is loaded here: most services need no certificates from it. */
export async function createAcmeClient(options: AcmeClientOptions): Promise<AcmeClient> {
  const { directory, accountKey, email, externalAccount, exchange, clock } = options
  const library = await import('acme-client')
  library.axios.defaults.adapter = adapt
  const client = new library.Client({
    directoryUrl: directory,
    accountKey,
    ...(externalAccount && { externalAccountBinding: { kid: externalAccount.id, hmacKey: externalAccount.hmacKey } })
  })
  let hasAccount = false

  async function call<T>(work: (client: Client) => Promise<T>, repeats = 0): Promise<Answered<T>> {
    const current: Call = { exchange, clock }
    try {
      const value = await calls.run(current, () => work(client))
      return { value, retryAfterMs: current.retryAfterMs }
    } catch (error) {
      if (current.badNonce && repeats < mostRepeats) return await call(work, repeats + 1)
      if (error instanceof AcmeProblem || error instanceof NetworkFault) throw error
      throw current.badNonce ?? unexpected(error as Error)
    }
  }

  async function withAccount<T>(work: (client: Client) => Promise<T>): Promise<Answered<T>> {
    if (!hasAccount) await openAccount()
    hasAccount = true
    return await call(work)
  }

  /** Why two steps: the library sends what it has for a new account to an account that exists, and authorities refuse that. */
  async function openAccount(): Promise<void> {
    const contact = email === undefined ? {} : { contact: [`mailto:${email}`] }
    try {
      await call(each => each.createAccount({ onlyReturnExisting: true }))
    } catch (error) {
      // Spec: RFC 8555 7.3.1.
      if (!(error instanceof AcmeProblem) || error.type !== 'accountDoesNotExist') refuseAccount(error)
      await call(each => each.createAccount({ termsOfServiceAgreed: true, ...contact })).catch(refuseAccount)
    }
  }

  return {
    createOrder(names, replaces) {
      const identifiers = names.map(value => ({ type: 'dns', value }))
      return withAccount(each => each.createOrder({ identifiers, ...(replaces !== undefined && { replaces }) }))
    },
    readOrder: url => withAccount(each => each.getOrder({ url } as Order)),
    readAuthorizations: order =>
      withAccount(async each => (await each.getAuthorizations(fewAuthorizations(order))).map(wellFormed)),
    keyAuthorization: challenge => client.getChallengeKeyAuthorization(challenge),
    completeChallenge: async challenge => void (await withAccount(each => each.completeChallenge(challenge))),
    async finalize(order, names, key) {
      const [, request] = await library.crypto.createCsr({ altNames: [...names] }, key)
      return await withAccount(each => each.finalizeOrder(order, request))
    },
    download: async order => String((await withAccount(each => each.getCertificate(order))).value),
    async renewalInfo() {
      const { response, fault } = await exchange({
        method: 'GET',
        url: directory,
        headers: { 'user-agent': 'signpost' }
      })
      if (fault !== undefined) throw fault
      if (response.status !== 200) throw toProblem(response, clock())
      const { renewalInfo } = parseObject(response.body)
      if (typeof renewalInfo !== 'string') return undefined
      checkUrl(renewalInfo)
      return renewalInfo
    }
  }
}

/** Troubles of the authority that have nothing to do with the account. */
const passing: readonly string[] = ['http', 'serverInternal', 'badNonce', 'rateLimited']

/** Why another type: pebble answers a wrong key of an external account with `unauthorized`, as it does for a name. */
function refuseAccount(error: unknown): never {
  if (!(error instanceof AcmeProblem) || passing.includes(error.type)) throw error
  throw new AcmeProblem('account', `the certificate authority opens no account: ${error.message}`, error.retryAfterMs)
}

/** Spec: RFC 8555 6.1. Why: an authority must not lead to servers of the private network by http. @throws AcmeProblem */
function checkUrl(url: string): void {
  if (!/^https:/i.test(url)) throw unexpected(new Error(`a URL with no https: ${url}`))
}

/** Why: the library fetches all of them at the same time. Let's Encrypt permits this many names in a certificate. */
const mostAuthorizations = 100

/** @throws Error */
function fewAuthorizations(order: Order): Order {
  if (Array.isArray(order.authorizations) && order.authorizations.length <= mostAuthorizations) return order
  throw new Error(`an order without a list of at most ${mostAuthorizations} authorizations`)
}

/** Why: the library checks nothing. @throws Error */
function wellFormed(authorization: Authorization): Authorization {
  const { challenges, identifier } = authorization
  const isWhole = Array.isArray(challenges) && challenges.every(each => typeof each?.token === 'string')
  if (isWhole && typeof identifier?.value === 'string') return authorization
  throw new Error('an authorization without a name or challenges')
}

type Adapter = Extract<typeof import('acme-client')['axios']['defaults']['adapter'], (...args: never) => unknown>

/**
 * Answers the requests of the library. Why problems are thrown here: the library's own errors have no type and no Retry-After, and it
 * repeats requests that were refused with 429 or 5xx with the nonce that is used up.
 */
const adapt: Adapter = async config => {
  const call = calls.getStore()
  if (call === undefined) throw new Error('a request outside a call')
  const { data: body, method } = config
  const url = String(config.url)
  checkUrl(url)
  const { response, fault } = await call.exchange({
    method: String(method).toUpperCase(),
    url,
    headers: {
      'user-agent': 'signpost',
      ...(body !== undefined && { 'content-type': 'application/jose+json' })
    },
    ...(body !== undefined && { body })
  })
  if (fault !== undefined) throw fault
  const { status, headers } = response
  call.retryAfterMs = retryAfter(headers['retry-after'], call.clock())
  const problem = status < 300 ? undefined : toProblem(response, call.clock())
  // Spec: RFC 8555 6.5: the answer brings a new nonce, and the library repeats the request with it.
  call.badNonce = problem?.type === 'badNonce' ? problem : undefined
  if (problem !== undefined && call.badNonce === undefined) throw problem
  return { status, statusText: '', headers, data: response.body, config }
}
