/**
 * Whether the certificate authority will find this service under a name, and by which challenge. The service makes up a challenge and
 * answers it through the name, as it will answer the authority. Why: failed challenges count against the limits of the authority.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ChallengeType } from '../../acme/order.ts'
import { openHttpCheck, type ReachCheck, type ReachCheckOptions } from './over-http.ts'
import { openTlsCheck } from './over-tls.ts'

export interface Reachability {
  /** The challenges that can prove a name, by name, the best one first. */
  readonly ways: ReadonlyMap<string, readonly ChallengeType[]>
  /** Why a name cannot be reached, by name. */
  readonly problems: ReadonlyMap<string, string>
}

export interface ReachabilityOptions extends ReachCheckOptions {
  /** The only challenge to use. Default: each name uses the one that works. */
  readonly challenge?: ChallengeType | undefined
  /** How long the first check may take before the second one begins. */
  readonly headStartMs?: number | undefined
}

/** Why short: a client may be waiting, and where a firewall drops packets, a check takes five seconds. */
const usualHeadStartMs = 1000

/** Why http first: many programs and proxies know it, and its answer needs no certificate. */
const openers = { 'http-01': openHttpCheck, 'tls-alpn-01': openTlsCheck } satisfies Record<ChallengeType, object>

type Checks = readonly [first: ReachCheck, second?: ReachCheck]

export const noReachability: Reachability = { ways: new Map(), problems: new Map() }

/** @throws StorageFault */
export async function findReachability(names: readonly string[], options: ReachabilityOptions): Promise<Reachability> {
  const { challenge, headStartMs = usualHeadStartMs } = options
  const checks: Checks =
    challenge === undefined
      ? [await openHttpCheck(options), openTlsCheck(options)]
      : [await openers[challenge](options)]
  try {
    const finding = names.map(async name => [name, await findWays(name, checks, headStartMs)] as const)
    // Why all, even if one fails: their challenges must have ended before another node has the lock.
    await Promise.allSettled(finding)
    const results = await Promise.all(finding)
    const ways = new Map<string, readonly ChallengeType[]>()
    const problems = new Map<string, string>()
    // Why in the order of the names: a problem is logged again if its text changes.
    for (const [name, result] of results) {
      if (typeof result === 'string') problems.set(name, result)
      else ways.set(name, result)
    }
    return { ways, problems }
  } finally {
    await Promise.all(checks.map(each => each?.end()))
  }
}

/** @returns the challenges that can prove the name, or why there are none. @throws StorageFault */
async function findWays(
  name: string,
  [first, second]: Checks,
  headStartMs: number
): Promise<readonly ChallengeType[] | string> {
  const firstResult = first.find(name)
  if (second === undefined) {
    const problem = await firstResult
    return problem === undefined ? [first.type] : `port ${first.port}: ${problem}`
  }
  const headStart = sleep(headStartMs, 'slow' as const, { ref: false })
  // Why both: if the authority does not offer the first one, the second may work as well.
  if ((await Promise.race([firstResult, headStart])) === undefined) return [first.type, second.type]
  const secondProblem = await second.find(name)
  if (secondProblem === undefined) return [second.type]
  const firstProblem = await firstResult
  if (firstProblem === undefined) return [first.type]
  if (firstProblem === secondProblem) return `ports ${first.port} and ${second.port}: ${firstProblem}`
  return `port ${first.port}: ${firstProblem}, port ${second.port}: ${secondProblem}`
}
