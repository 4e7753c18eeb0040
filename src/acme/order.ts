/**
 * One order, from its names to the certificate: RFC 8555 7.4 and 7.5. It can be continued after a crash at any step, because it is
 * saved as soon as the authority knows it, together with the key of the certificate.
 */
import type { Authorization, Order } from 'acme-client'
import type { AcmeClient, Answered } from './acme-client.ts'
import { newKey } from './new-key.ts'
import { AcmeProblem, describeProblem, shorten } from './problem.ts'

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

export type ChallengeType = 'http-01' | 'tls-alpn-01'

/** A way to answer challenges. */
export interface Solver {
  readonly type: ChallengeType
  /** From its end on, the challenge is answered. @returns a function that ends this */
  present(challenge: Challenge): Promise<() => Promise<void>>
}

export interface OrderOptions {
  readonly client: AcmeClient
  /** @returns those that can prove the name, the best first */
  readonly solversOf: (name: string) => readonly Solver[]
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
  readonly answer: Answered<Order>
}

function hasNames({ names }: SavedOrder, others: readonly string[]): boolean {
  return [...names].sort().join() === [...others].sort().join()
}

/** @returns undefined if the order can no longer be completed */
async function readOpen(order: SavedOrder, client: AcmeClient): Promise<OpenOrder | undefined> {
  try {
    const answer = await client.readOrder(order.url)
    return answer.value.status === 'invalid' ? undefined : { order, answer }
  } catch (error) {
    // Why: the authority has forgotten it, or it belongs to another account. Other errors say nothing about the order.
    if (error instanceof AcmeProblem && forgotten.includes(error.type)) return undefined
    throw error
  }
}

const forgotten: readonly string[] = ['malformed', 'unauthorized', 'orderNotFound', 'http']

async function create(names: readonly string[], { client, replaces, save }: OrderOptions): Promise<OpenOrder> {
  const answer = await client.createOrder(names, replaces).catch(error => {
    // Spec: RFC 9773 5: an authority may refuse the order because of the certificate that it replaces.
    const isRefused = error instanceof AcmeProblem && irreplaceable.includes(error.type)
    if (replaces !== undefined && isRefused) return client.createOrder(names)
    throw error
  })
  const order = { url: answer.value.url, names, key: newKey() }
  await save(order)
  return { order, answer }
}

const irreplaceable: readonly string[] = ['alreadyReplaced', 'malformed', 'unauthorized', 'conflict']

/** How often an order, or its authorizations, are read until they have changed. With the pauses this is about two minutes. */
const mostPolls = 30

/** @throws AcmeProblem, NetworkFault */
async function complete(order: SavedOrder, first: Answered<Order>, options: OrderOptions): Promise<Obtained> {
  const { client, pause } = options
  let answer = first
  for (let polls = 0; polls < mostPolls; polls++) {
    const { status, error } = answer.value
    if (status === 'valid') return { chain: await client.download(answer.value), key: order.key }
    if (status === 'invalid') throw refused(error)
    if (status === 'ready') {
      answer = await client.finalize(answer.value, order.names, order.key)
      continue
    }
    if (status === 'pending') await authorize(answer.value, options)
    else await pause(pauseAfter(polls, answer))
    answer = await client.readOrder(order.url)
  }
  throw new AcmeProblem('http', 'the certificate authority does not complete the order')
}

/** Proves every name. @throws AcmeProblem, NetworkFault */
async function authorize(order: Order, options: OrderOptions): Promise<void> {
  const { value: authorizations } = await options.client.readAuthorizations(order)
  const open = authorizations.filter(({ status }) => status !== 'valid')
  const ends: (() => Promise<void>)[] = []
  try {
    for (const each of open) ends.push(await answerChallenge(each, options))
    await untilAuthorized(order, options)
  } finally {
    await Promise.all(ends.map(end => end()))
  }
}

/** @returns a function that ends the answer */
async function answerChallenge(authorization: Authorization, { client, solversOf }: OrderOptions) {
  const { identifier } = authorization
  const { solver, challenge } = chooseChallenge(authorization, solversOf(identifier.value))
  const { token } = challenge
  const keyAuthorization = await client.keyAuthorization(challenge)
  const end = await solver.present({ name: identifier.value, token, keyAuthorization })
  try {
    await client.completeChallenge(challenge)
  } catch (error) {
    await end()
    throw error
  }
  return end
}

/** Why unauthorized: the authority works, and other names may be proved. @throws AcmeProblem */
function chooseChallenge({ challenges, identifier }: Authorization, solvers: readonly Solver[]) {
  if (solvers.length === 0) {
    const message = `the certificate authority requests proof of a name that was not ordered: ${identifier.value}`
    throw new AcmeProblem('unauthorized', shorten(message))
  }
  for (const solver of solvers) {
    const challenge = challenges.find(({ type, token }) => type === solver.type && isToken(token))
    if (challenge !== undefined) return { solver, challenge }
  }
  const possible = solvers.map(({ type }) => type).join(' or ')
  const offered = challenges.map(({ type }) => type).join(', ')
  const message = `the certificate authority offers no valid ${possible} challenge for ${identifier.value}: it offers ${offered || 'none'}`
  throw new AcmeProblem('unauthorized', shorten(message))
}

async function untilAuthorized(order: Order, { client, pause }: OrderOptions): Promise<void> {
  for (let polls = 0; polls < mostPolls; polls++) {
    const answer = await client.readAuthorizations(order)
    const open = answer.value.filter(({ status }) => status !== 'valid')
    const ended = open.find(({ status }) => !isOpen(status))
    if (ended !== undefined) throw refused(ended.challenges.find(({ error }) => error !== undefined)?.error)
    if (open.length === 0) return
    await pause(pauseAfter(polls, answer))
  }
  throw new AcmeProblem('http', 'the certificate authority does not check the challenge')
}

/** Observed: some authorities have a state `processing` that RFC 8555 7.1.6 does not give to authorizations. */
function isOpen(status: string): boolean {
  return status === 'pending' || status === 'processing'
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
function pauseAfter(polls: number, { retryAfterMs }: Answered<unknown>): number {
  return Math.min(retryAfterMs ?? firstPauseMs * 1.5 ** polls, longestPauseMs)
}
