/**
 * Orders the certificate of a group if it is due and its names lead here, and stores the result. A failure is stored
 * with the time of the next attempt.
 */
import { obtainCertificate } from '../acme/order.ts'
import { AcmeProblem } from '../acme/problem.ts'
import type { Certificate } from '../keys/certificates.ts'
import { NetworkFault } from '../network/network-fault.ts'
import type { AcmeSession } from './authority.ts'
import type { NameGroup } from './names.ts'
import {
  type Failure,
  type FailureOrigin,
  mostOrders,
  namesToOrder,
  type Priority,
  waitAfterFailure
} from './pace/plan.ts'
import { findReachability, noReachability, type ReachabilityOptions } from './reachability/reachability.ts'
import { readReceived } from './received-certificate.ts'
import { planRenewal, type RenewalPlan } from './renewal.ts'
import { type CertificateStorage, StorageFault } from './storage/certificate-storage.ts'
import { createChallengeFiles } from './storage/challenge-files.ts'
import type { GroupState } from './storage/group-state.ts'
import type { OrderBudget } from './storage/order-budget.ts'
import { certificateFile, stateFile, writeCertificate } from './storage/stored-certificate.ts'
import { createTlsChallengeFiles } from './storage/tls-challenge-files.ts'

export interface AttemptResult {
  /** When the next attempt is due, in milliseconds since 1970; infinite if the group can be forgotten. */
  readonly nextAt: number
  /** Why there is no complete certificate; undefined if all is well or nothing was due. */
  readonly problem?: string | undefined
  /** The certificate that was obtained now. */
  readonly obtained?: Certificate
  /** When the certificate in use expires, in milliseconds since 1970; undefined without a certificate. */
  readonly notAfter?: number | undefined
  /** The host names in the certificate in use; undefined without a certificate. */
  readonly names?: readonly string[] | undefined
  /** Why the requested name was not added to a certificate that is good without it. */
  readonly refusal?: Refusal | undefined
  readonly hold?: Hold
  readonly trouble?: Trouble | undefined
}

export interface Refusal extends Pick<Failure, 'origin' | 'retryAfterMs'> {
  readonly text: string
}

/** Orders that must wait. */
export interface Hold {
  /** Milliseconds since 1970. */
  readonly until: number
  /** All orders that are not more important than this. */
  readonly priority: Priority
}

/** What the authority said to an order and may concern others, too. */
export interface Trouble {
  /** `limited`: there were too many orders, or too many certificates for a domain. */
  readonly kind: 'unavailable' | 'limited'
  /** When the authority wants to be asked again. */
  readonly retryAfterMs: number | undefined
}

export interface OrderingOptions extends Pick<ReachabilityOptions, 'challenge' | 'headStartMs' | 'handshakeMs'> {
  readonly storage: CertificateStorage
  readonly budget: OrderBudget
  readonly ordersPerHour: number
  readonly openSession: () => Promise<AcmeSession>
  /** Differs if the authority or the account is another one: `accessOf`. */
  readonly access: string
  /** Milliseconds since 1970. */
  readonly clock: () => number
  /** Rejects when the service stops. */
  readonly pause: (milliseconds: number) => Promise<void>
  /** Aborted when the service stops. */
  readonly signal: AbortSignal
}

interface Ordering extends OrderingOptions {
  readonly current: Certificate | undefined
  readonly state: GroupState
  /** Those whose absence is a problem. */
  readonly required: readonly string[]
  /** Of the names, unless the certificate must be renewed. */
  readonly priority: GroupPriority
}

export type GroupPriority = Exclude<Priority, 'renewal'>

/**
 * @param group with names that may be ordered
 * @throws StorageFault
 */
export async function orderGroup({ key, names, asked }: NameGroup, ordering: Ordering): Promise<AttemptResult> {
  const { storage, budget, ordersPerHour, openSession, access, clock, pause, signal, current, required } = ordering
  const solvers = { 'http-01': createChallengeFiles(storage), 'tls-alpn-01': createTlsChallengeFiles(storage) }
  let { state } = ordering

  async function save(changes: Partial<GroupState>): Promise<AttemptResult> {
    state = { ...state, ...changes, access, triedAt: clock() }
    await storage.write(stateFile(key), JSON.stringify(state))
    return { nextAt: state.nextAt, problem: state.problem }
  }

  async function fail(origin: FailureOrigin, error: Error): Promise<AttemptResult> {
    const now = clock()
    // Why not a failure: the service stops, and the next start continues.
    if (signal.aborted) return { nextAt: now }
    const retryAfterMs = error instanceof AcmeProblem ? error.retryAfterMs : undefined
    const trouble = troubleOf(origin, error)
    if (isForAsked) {
      return {
        nextAt: state.nextAt,
        problem: state.problem,
        refusal: { origin, retryAfterMs, text: error.message },
        trouble
      }
    }
    const failures = state.failures + 1
    const wait = waitAfterFailure({ origin, failures, retryAfterMs }, key)
    const failed = { failures, nextAt: now + wait, problem: error.message }
    // Why not stored: strangers could fill the disk with names that lead nowhere.
    const isWorthless = ordering.priority === 'open' && current === undefined && origin === 'here'
    return { ...(isWorthless ? failed : await save(failed)), trouble }
  }

  const session = await openSession()
  const planOf = (certificate: Certificate) => planRenewal(key, certificate, { session, now: clock() })
  const plan = current && (await planOf(current))
  const isCovered = (name: string) => current?.names.includes(name) === true
  const isGood = plan !== undefined && plan.renewAt > clock() && required.every(isCovered)
  // Why it matters: strangers request names, and must not change what is known about a domain whose certificate is good.
  const isForAsked = isGood && asked !== undefined && !isCovered(asked)
  const isDue = !isGood || isForAsked
  const { ways, problems } = isDue ? await findReachability(names, { ...ordering, session }) : noReachability
  const reachable = names.filter(name => !problems.has(name))
  const isNowhere = reachable.length === 0
  const problem = describeUnreachable(problems, isNowhere ? names : [...required, ...(current?.names ?? [])])
  const ordered = isDue ? namesToOrder({ names, reachable, current, renewAt: plan?.renewAt ?? 0, now: clock() }) : []
  if (ordered.length === 0) {
    if (current === undefined || plan === undefined || problem !== undefined)
      return await fail('here', new Error(problem))
    const result = await save({ ...whenGood(current, plan, clock()), renewAt: plan.renewAt, order: undefined })
    return plan.isAnswered ? result : { ...result, trouble: unanswered }
  }
  const priority =
    plan !== undefined && plan.renewAt <= clock() ? renewalPriority(ordering.priority) : ordering.priority
  const most = mostOrders(ordersPerHour, priority)
  const freeAt = await budget.take(most)
  if (freeAt !== undefined) {
    const problem = `waiting, because ${most} of ${ordersPerHour} orders per hour (ordersPerHour) have been used`
    return { nextAt: freeAt, hold: { until: freeAt, priority }, problem }
  }
  try {
    const text = writeCertificate(
      await obtainCertificate(ordered, {
        client: session.client,
        solversOf: name => (ways.get(name) ?? []).map(way => solvers[way]),
        saved: state.failures < mostContinued ? state.order : undefined,
        replaces: plan?.id,
        save: async order => void (await save({ order })),
        pause
      })
    )
    const obtained = readReceived(text, { names: ordered, current, now: clock() })
    await storage.write(certificateFile(key), text)
    const now = clock()
    const next = afterSuccess(key, await planOf(obtained), { now, problem, obtained })
    return { ...(await save({ ...next, obtainedAt: now, order: undefined })), obtained }
  } catch (error) {
    if (error instanceof StorageFault) throw error
    return await fail(isUnavailable(error) ? 'unavailable' : 'refused', explain(error as Error))
  }
}

/** Why: an administrator must know that this is about the connection to the authority, and not about the names. */
function explain(error: Error): Error {
  return error instanceof NetworkFault ? new Error(`the certificate authority cannot be used: ${error.message}`) : error
}

/** After so many failures, an order is given up, and another one is created: the authority may never complete it. */
const mostContinued = 3

const unanswered: Trouble = { kind: 'unavailable', retryAfterMs: undefined }

/** Why not only faults of the network: an authority that answers with something unexpected does so for all domains. */
function isUnavailable(error: unknown): boolean {
  return !(error instanceof AcmeProblem) || concerningAll.includes(error.type)
}

/**
 * Why `userActionRequired` and `accountDoesNotExist`: an authority may answer any request of an account with them, and the next domain
 * has the same account. Problems of a new account, such as `externalAccountRequired`, arrive here as `account`.
 */
const concerningAll: readonly string[] = [
  ...['http', 'serverInternal', 'badNonce'],
  ...['account', 'userActionRequired', 'accountDoesNotExist']
]

function troubleOf(origin: FailureOrigin, error: Error): Trouble | undefined {
  const { type, retryAfterMs } = error instanceof AcmeProblem ? error : {}
  if (origin === 'unavailable') return { kind: 'unavailable', retryAfterMs }
  if (type === 'rateLimited') return { kind: 'limited', retryAfterMs }
  return undefined
}

/** Why not for names that strangers can invent: the renewals of thousands of them would leave no orders for all others. */
function renewalPriority(priority: GroupPriority): Priority {
  return priority === 'open' ? 'customer' : 'renewal'
}

type NextStep = Pick<GroupState, 'nextAt' | 'failures' | 'problem'>

function afterSuccess(
  key: string,
  plan: RenewalPlan,
  {
    now,
    problem,
    obtained
  }: { readonly now: number; readonly problem: string | undefined; readonly obtained: Certificate }
): NextStep & Pick<GroupState, 'renewAt'> {
  const { renewAt } = plan
  const wait = (origin: FailureOrigin) => waitAfterFailure({ origin, failures: 1, retryAfterMs: undefined }, key)
  // Why: otherwise every attempt would order another one.
  if (renewAt <= now) {
    const problem = 'the new certificate is due for renewal already: is the clock of this machine right?'
    return { renewAt, failures: 1, nextAt: now + wait('clock'), problem }
  }
  if (problem === undefined) return { renewAt, ...whenGood(obtained, plan, now) }
  return { renewAt, failures: 1, nextAt: now + wait('here'), problem }
}

const minuteMs = 60 * 1000

function whenGood({ notBefore }: Certificate, { nextAt }: RenewalPlan, now: number): NextStep {
  if (notBefore - now < 5 * minuteMs) return { failures: 0, nextAt, problem: undefined }
  const from = new Date(notBefore).toISOString()
  const problem = `the certificate is not valid before ${from}: is the clock of this machine right?`
  return { failures: 0, nextAt: Math.min(nextAt, now + 60 * minuteMs), problem }
}

/** @param names those whose absence is a problem */
function describeUnreachable(unreachable: ReadonlyMap<string, string>, names: readonly string[]): string | undefined {
  const texts = [...unreachable].flatMap(([name, problem]) => (names.includes(name) ? [`${name}: ${problem}`] : []))
  return texts.length === 0 ? undefined : texts.join('; ')
}
