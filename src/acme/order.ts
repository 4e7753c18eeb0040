/**
 * One order, from its names to the certificate: RFC 8555 7.4 and 7.5. It can be continued after a crash at any step, because it is
 * saved as soon as the authority knows it, together with the key of the certificate.
 */
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { AcmeAnswer, AcmeClient } from './acme-client.ts'
import { certificateRequest } from './certificate-request.ts'
import { keyAuthorization } from './jws.ts'
import { AcmeProblem, asMapping, describeProblem } from './problem.ts'

/** An order that the authority knows. */
export interface SavedOrder {
  readonly url: string
  readonly names: readonly string[]
  /** PEM: the private key of the certificate. */
  readonly key: string
}

export interface Challenge {
  /** The host name that is to be proved. */
  readonly name: string
  /** Only letters, digits, `-` and `_`. */
  readonly token: string
  readonly keyAuthorization: string
}

/** A way to answer challenges. */
export interface Solver {
  readonly type: 'http-01' | 'tls-alpn-01'
  /** From its end on, the challenge is answered. @returns a function that ends this */
  present(challenge: Challenge): Promise<() => Promise<void>>
}

export interface OrderOptions {
  readonly client: AcmeClient
  /** The key of the account. */
  readonly accountKey: KeyObject
  readonly solver: Solver
  /** An earlier order that was not completed. */
  readonly saved: SavedOrder | undefined
  /** The certificate that the new one replaces, as RFC 9773 5 identifies it. */
  readonly replaces: string | undefined
  readonly save: (order: SavedOrder) => Promise<void>
  /** Rejects when the service stops. */
  readonly pause: (milliseconds: number) => Promise<void>
}

export interface Obtained {
  /** PEM: the certificate, and those of its issuers. */
  readonly chain: string
  /** PEM. */
  readonly key: string
}

/**
 * @param names as A-labels
 * @throws AcmeProblem, NetworkFault
 */
export async function obtainCertificate(names: readonly string[], options: OrderOptions): Promise<Obtained> {
  const { client, saved } = options
  const open = saved && hasNames(saved, names) ? await readOpen(saved, client) : undefined
  const { order, answer } = open ?? (await create(names, options))
  return await complete(order, answer, options)
}

interface OpenOrder {
  readonly order: SavedOrder
  readonly answer: AcmeAnswer
}

function hasNames({ names }: SavedOrder, others: readonly string[]): boolean {
  return [...names].sort().join() === [...others].sort().join()
}

/** @returns undefined if the order can no longer be completed */
async function readOpen(order: SavedOrder, client: AcmeClient): Promise<OpenOrder | undefined> {
  try {
    const answer = await client.send(order.url)
    return answer.json.status === 'invalid' ? undefined : { order, answer }
  } catch (error) {
    // Why: the authority has forgotten it, or it belongs to another account. Other errors say nothing about the order.
    if (error instanceof AcmeProblem && forgotten.includes(error.type)) return undefined
    throw error
  }
}

const forgotten: readonly string[] = ['malformed', 'unauthorized', 'orderNotFound', 'http']

async function create(names: readonly string[], options: OrderOptions): Promise<OpenOrder> {
  const { client, replaces, save } = options
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const identifiers = names.map(value => ({ type: 'dns', value }))
  const url = await client.resource('newOrder')
  const ask = (further: object) => client.send(url, { identifiers, ...further })
  const answer =
    replaces === undefined
      ? await ask({})
      : // Spec: RFC 9773 5: an authority may refuse the order because of this member.
        await ask({ replaces }).catch(error => {
          if (error instanceof AcmeProblem && irreplaceable.includes(error.type)) return ask({})
          throw error
        })
  const order = { url: answer.location, names, key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })) }
  await save(order)
  return { order, answer }
}

const irreplaceable: readonly string[] = ['alreadyReplaced', 'malformed', 'unauthorized', 'conflict']

/** How often an order, or an authorization, is read until it has changed. With the pauses this is about two minutes. */
const mostPolls = 30

/** @throws AcmeProblem, NetworkFault */
async function complete(order: SavedOrder, first: AcmeAnswer, options: OrderOptions): Promise<Obtained> {
  const { client, pause } = options
  let answer = first
  for (let polls = 0; polls < mostPolls; polls++) {
    const { status, authorizations, finalize, certificate, error } = answer.json
    if (status === 'valid') return { chain: (await client.send(String(certificate))).text, key: order.key }
    if (status === 'invalid') throw refused(error)
    if (status === 'ready') {
      const csr = certificateRequest(createPrivateKey(order.key), order.names).toString('base64url')
      answer = await client.send(String(finalize), { csr })
      continue
    }
    if (status === 'pending' && Array.isArray(authorizations)) {
      await Promise.all(authorizations.map(url => authorize(String(url), options)))
    } else await pause(pauseAfter(polls, answer))
    answer = await client.send(order.url)
  }
  throw new AcmeProblem('http', 'the certificate authority does not complete the order')
}

/** @throws AcmeProblem, NetworkFault */
async function authorize(url: string, options: OrderOptions): Promise<void> {
  const { client, accountKey, solver, pause } = options
  const { json } = await client.send(url)
  if (json.status === 'valid') return
  const challenges = Array.isArray(json.challenges) ? json.challenges.map(asMapping) : []
  const challenge = challenges.find(({ type }) => type === solver.type)
  const token = String(challenge?.token)
  if (challenge === undefined || !isToken(token)) {
    throw new AcmeProblem('http', `the certificate authority offers no valid ${solver.type} challenge`)
  }
  const name = String(asMapping(json.identifier).value)
  const end = await solver.present({ name, token, keyAuthorization: keyAuthorization(token, accountKey) })
  try {
    await client.send(String(challenge.url), {})
    await untilAuthorized(url, { client, pause })
  } finally {
    await end()
  }
}

async function untilAuthorized(url: string, { client, pause }: Pick<OrderOptions, 'client' | 'pause'>): Promise<void> {
  for (let polls = 0; polls < mostPolls; polls++) {
    const answer = await client.send(url)
    const { status, challenges } = answer.json
    if (status === 'valid') return
    if (status !== 'pending' && status !== 'processing') {
      const failed = Array.isArray(challenges) ? challenges.map(asMapping).find(each => each.error !== undefined) : {}
      throw refused(failed?.error)
    }
    await pause(pauseAfter(polls, answer))
  }
  throw new AcmeProblem('http', 'the certificate authority does not check the challenge')
}

/** Spec: RFC 8555 8.3: base64url. Why a limit: it becomes the name of a file. */
export function isToken(text: string): boolean {
  return /^[\w-]{16,128}$/.test(text)
}

function refused(error: unknown): AcmeProblem {
  const { type = 'http', text } = describeProblem(error)
  return new AcmeProblem(type, text)
}

const firstPauseMs = 250
const longestPauseMs = 5000

/** Why short at first: a client may be waiting for the certificate. */
function pauseAfter(polls: number, { retryAfterMs }: AcmeAnswer): number {
  return Math.min(retryAfterMs ?? firstPauseMs * 1.5 ** polls, longestPauseMs)
}
