/**
 * A certificate authority (RFC 8555) in memory: it checks nonces and signatures, fetches challenges, and issues certificates.
 */
import { createPublicKey, hash, type JsonWebKey, type KeyObject, verify, type X509Certificate } from 'node:crypto'
import { type AcmeClient, type AcmeClientOptions, createAcmeClient } from '../../../src/acme/acme-client.ts'
import type { HttpResponse } from '../../../src/clients/model/world.ts'
import { elementsOf } from '../../../src/formats/cms/der.ts'
import type { ExchangeRequest, Exchanger } from '../../../src/network/http-exchange.ts'
import { toNetworkFault } from '../../../src/network/network-fault.ts'
import { ecKey, type Issued, type IssueOptions, issue, pemOf } from '../certificates.ts'
import { isProof } from './validate-over-tls.ts'

export interface FakeRequest {
  readonly method: string
  readonly path: string
  /** Undefined for GET, HEAD and POST-as-GET. */
  readonly payload: Readonly<Record<string, unknown>> | undefined
}

export interface FakeReply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly text?: string
}

export interface FakeAuthority {
  readonly exchange: Exchanger
  readonly requests: FakeRequest[]
  readonly root: Issued
  /** Replaces a response of the authority, unless it returns undefined. May throw an error of the network. */
  intercept: (request: FakeRequest) => FakeReply | undefined
  /** Properties of the certificates that are issued. */
  issuing: Pick<IssueOptions, 'from' | 'until' | 'hosts'>
  /** The response of `renewalInfo`. Default: the directory does not contain it. */
  renewal: FakeReply | undefined
  readonly orders: FakeOrder[]
  /** The types of the challenges that it offers. */
  offered: readonly string[]
}

/** How the authority reaches the service. */
export interface FakeAuthorityOptions {
  /** @returns the certificate that the service presents to a challenge over TLS */
  readonly fetchCertificate?: (name: string) => Promise<X509Certificate | undefined>
}

interface FakeOrder {
  readonly names: readonly string[]
  status: string
  valid: Set<string>
  polls: number
  certificate?: string
}

export const directoryUrl = 'https://ca.example/dir'
const origin = 'https://ca.example'

/** @returns a client of the authority, with a new account */
export async function openAcmeClient(
  { exchange }: Pick<FakeAuthority, 'exchange'>,
  changes: Partial<AcmeClientOptions> = {}
): Promise<AcmeClient> {
  return await createAcmeClient({
    directory: directoryUrl,
    accountKey: pemOf(ecKey()),
    email: undefined,
    externalAccount: undefined,
    exchange,
    clock: () => 0,
    ...changes
  })
}

/** The problem document of a type of RFC 8555. */
export function problemReply(type: string, detail: string, headers: Readonly<Record<string, string>> = {}): FakeReply {
  return { status: 400, headers, json: { type: `urn:ietf:params:acme:error:${type}`, detail } }
}

/** @param fetchUrl fetches the answer to a challenge from the service */
export function createFakeAuthority(
  fetchUrl: (url: string) => Promise<string | undefined>,
  { fetchCertificate = async () => undefined }: FakeAuthorityOptions = {}
): FakeAuthority {
  const root = issue('Fake Root', { ca: true, from: -3650, until: 3650 })
  const nonces = new Set<string>()
  const orders: FakeOrder[] = []
  let accountKey: KeyObject | undefined
  let hasAccount = false
  let count = 0

  function newNonce(): string {
    const nonce = `nonce-${++count}`
    nonces.add(nonce)
    return nonce
  }

  function open(request: ExchangeRequest): FakeRequest | undefined {
    const path = request.url.slice(origin.length)
    if (request.body === undefined) return { method: request.method, path, payload: undefined }
    const { protected: head, payload, signature } = JSON.parse(request.body)
    const { nonce, jwk, url } = JSON.parse(Buffer.from(head, 'base64url').toString()) as {
      nonce: string
      jwk?: JsonWebKey
      url: string
    }
    if (jwk !== undefined) accountKey = createPublicKey({ key: jwk, format: 'jwk' })
    const isSigned =
      accountKey !== undefined &&
      verify(
        'sha256',
        Buffer.from(`${head}.${payload}`),
        { key: accountKey, dsaEncoding: 'ieee-p1363' },
        Buffer.from(signature, 'base64url')
      )
    if (!nonces.delete(nonce) || !isSigned || url !== request.url) return undefined
    return {
      method: request.method,
      path,
      payload: payload === '' ? undefined : JSON.parse(Buffer.from(payload, 'base64url').toString())
    }
  }

  async function answer({ path, payload }: FakeRequest): Promise<FakeReply> {
    const [, what = '', which = '', name = '', type = ''] = path.split('/')
    const order = orders[Number(which)]
    if (what === 'dir') return directory()
    if (what === 'nonce') return {}
    if (what === 'account') return which === '' ? openAccount(payload) : readAccount(payload)
    if (what === 'renewal') return fake.renewal ?? { status: 404 }
    if (what === 'orders') return create(payload)
    if (order === undefined) return problemReply('malformed', 'no such order')
    if (what === 'order') return { json: describe(order, which) }
    if (what === 'authorization') return { json: authorization(order, which, name) }
    if (what === 'challenge') return await check(order, name, type)
    if (what === 'finalize') return finalize(order, which, String(payload?.csr))
    return { text: order.certificate ?? '' }
  }

  function openAccount(payload: FakeRequest['payload']): FakeReply {
    if (payload?.onlyReturnExisting === true && !hasAccount) return problemReply('accountDoesNotExist', 'unknown key')
    const status = hasAccount ? 200 : 201
    hasAccount = true
    return { status, headers: { location: `${origin}/account/1` }, json: {} }
  }

  /** Observed: pebble refuses updates that change nothing. */
  function readAccount(payload: FakeRequest['payload']): FakeReply {
    return payload === undefined ? { json: {} } : problemReply('malformed', 'use POST-as-GET')
  }

  function directory(): FakeReply {
    const json = { newNonce: `${origin}/nonce`, newAccount: `${origin}/account`, newOrder: `${origin}/orders` }
    return { json: { ...json, ...(fake.renewal && { renewalInfo: `${origin}/renewal/` }) } }
  }

  function create(payload: FakeRequest['payload']): FakeReply {
    const identifiers = payload?.identifiers as readonly { value: string }[]
    const order = {
      names: identifiers.map(({ value }) => value),
      status: 'pending',
      valid: new Set<string>(),
      polls: 0
    }
    orders.push(order)
    const which = String(orders.length - 1)
    return { status: 201, headers: { location: `${origin}/order/${which}` }, json: describe(order, which) }
  }

  function describe(order: FakeOrder, which: string) {
    if (order.status === 'pending' && order.names.every(name => order.valid.has(name))) order.status = 'ready'
    else if (order.status === 'processing') order.status = 'valid'
    return {
      status: order.status,
      authorizations: order.names.map(name => `${origin}/authorization/${which}/${name}`),
      finalize: `${origin}/finalize/${which}`,
      ...(order.status === 'valid' && { certificate: `${origin}/certificate/${which}` }),
      ...(order.status === 'invalid' && { error: { type: 'urn:ietf:params:acme:error:unauthorized', detail: 'no' } })
    }
  }

  function authorization(order: FakeOrder, which: string, name: string) {
    // Why: a real authority needs some time, too.
    if (order.status === 'checking' && ++order.polls > 1) order.status = 'pending'
    const token = tokenOf(name)
    const status = order.status === 'invalid' ? 'invalid' : order.valid.has(name) ? 'valid' : 'pending'
    const error = { type: 'urn:ietf:params:acme:error:unauthorized', detail: 'wrong answer' }
    return {
      status,
      identifier: { type: 'dns', value: name },
      challenges: fake.offered.map(type => ({
        type,
        url: `${origin}/challenge/${which}/${name}/${type}`,
        token,
        ...(status === 'invalid' && { error })
      }))
    }
  }

  async function check(order: FakeOrder, name: string, type: string): Promise<FakeReply> {
    const token = tokenOf(name)
    const keyAuthorization = `${token}.${thumbprint(accountKey)}`
    if (await isProved(name, { type, token, keyAuthorization })) order.valid.add(name)
    else order.status = 'invalid'
    return { json: {} }
  }

  async function isProved(
    name: string,
    { type, token, keyAuthorization }: Readonly<Record<'type' | 'token' | 'keyAuthorization', string>>
  ): Promise<boolean> {
    if (type === 'http-01') {
      return (await fetchUrl(`http://${name}/.well-known/acme-challenge/${token}`)) === keyAuthorization
    }
    const certificate = await fetchCertificate(name)
    return certificate !== undefined && isProof(certificate, name, keyAuthorization)
  }

  function finalize(order: FakeOrder, which: string, csr: string): FakeReply {
    const [information] = elementsOf(Buffer.from(csr, 'base64url'))
    const [, , spki] = elementsOf(information ?? Buffer.alloc(0))
    const publicKey = createPublicKey({ key: spki ?? Buffer.alloc(0), format: 'der', type: 'spki' })
    const options = { issuer: root, publicKey, hosts: order.names, authorityKey: Buffer.from('root'), ...fake.issuing }
    order.certificate = `${issue(order.names[0] ?? '', options).pem}${root.pem}`
    order.status = 'processing'
    return { json: { ...describe(order, which), status: 'processing' } }
  }

  const fake: FakeAuthority = {
    root,
    orders,
    requests: [],
    intercept: () => undefined,
    issuing: { until: 90 },
    offered: ['dns-01', 'http-01', 'tls-alpn-01'],
    renewal: undefined,
    async exchange(request) {
      const opened = open(request)
      if (opened) fake.requests.push(opened)
      const base = { request, tls: undefined, ms: 1 }
      try {
        const reply = opened
          ? (fake.intercept(opened) ?? (await answer(opened)))
          : problemReply('badNonce', 'an unknown nonce')
        // Why not with the directory: real authorities omit it there.
        const nonce = opened?.path === '/dir' ? undefined : newNonce()
        return { ...base, response: toResponse(reply, nonce), fault: undefined }
      } catch (error) {
        return { ...base, response: undefined, fault: toNetworkFault(error) }
      }
    }
  }
  return fake
}

/** Spec: RFC 7638 3. */
function thumbprint(accountKey: KeyObject | undefined): string {
  const { crv, kty, x, y } = accountKey?.export({ format: 'jwk' }) ?? {}
  return hash('sha256', JSON.stringify({ crv, kty, x, y }), 'base64url')
}

function toResponse({ status = 200, headers = {}, json, text }: FakeReply, nonce: string | undefined): HttpResponse {
  return {
    status,
    headers: { ...(nonce !== undefined && { 'replay-nonce': nonce }), ...headers },
    body: text ?? JSON.stringify(json ?? null)
  }
}

/** Why a digest: a token must not be longer for a longer name. */
function tokenOf(name: string): string {
  return `token-of-${hash('sha256', name)}`
}
