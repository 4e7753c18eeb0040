/**
 * Examinations of domains from outside, one at a time, and the last result of each domain.
 */
import type { ExaminedDomain } from '../../doctor/examine-domain.ts'
import { neutralSubject, type Subject } from '../../doctor/look/examined-domain.ts'
import { SignpostError } from '../../errors.ts'

export interface Progress {
  readonly done: number
  readonly all: number
  /** For people. */
  readonly step: string
}

export interface LastCheck {
  /** As A-labels. */
  readonly domain: string
  /** When it ended: milliseconds since 1970. */
  readonly at: number
  /** Undefined if the domain could not be examined. */
  readonly examined: ExaminedDomain | undefined
  /** Why it could not be examined. */
  readonly failure: string | undefined
}

export interface Runner {
  /** The domain that is being examined. */
  readonly running: { readonly domain: string; readonly progress: Progress } | undefined
  /** @returns false if another examination is running */
  start(domain: string): boolean
  /** @returns the last result of the domain */
  resultOf(domain: string): LastCheck | undefined
  /** The last results, one for each domain, the newest first. */
  readonly results: readonly LastCheck[]
  /** Calls back with every progress, and at the end. @returns a function that ends this */
  follow(follower: Follower): () => void
}

export interface Follower {
  progress(progress: Progress): void
  end(): void
}

/** Why so few: a result contains all responses of the domain, each of up to 256 KiB. */
const mostResults = 5

export type Examine = (subject: Subject, progress: (text: string) => void) => Promise<ExaminedDomain>

/** @param now milliseconds since 1970 */
export function createRunner(examine: Examine, now = Date.now): Runner {
  const followers = new Set<Follower>()
  const results = new Map<string, LastCheck>()
  let running: Runner['running']

  async function run(domain: string): Promise<void> {
    const outcome = await examine(neutralSubject(domain), text => {
      const progress = toProgress(text)
      running = { domain, progress }
      for (const follower of followers) follower.progress(progress)
    }).then(
      examined => ({ examined, failure: undefined }),
      // Why no text of other errors: it may contain anything.
      error => ({ examined: undefined, failure: error instanceof SignpostError ? error.message : 'internal error' })
    )
    results.delete(domain)
    results.set(domain, { domain, at: now(), ...outcome })
    for (const oldest of [...results.keys()].slice(0, -mostResults)) results.delete(oldest)
    running = undefined
    for (const follower of followers) follower.end()
    followers.clear()
  }

  return {
    get running() {
      return running
    },
    start(domain) {
      if (running !== undefined) return false
      running = { domain, progress: { done: 0, all: 0, step: 'starting' } }
      // Why settled: an error of a follower is no reason to end the service.
      Promise.allSettled([run(domain)])
      return true
    },
    resultOf: domain => results.get(domain),
    get results() {
      return [...results.values()].reverse()
    },
    follow(follower) {
      if (running === undefined) {
        follower.end()
        return () => undefined
      }
      follower.progress(running.progress)
      followers.add(follower)
      return () => followers.delete(follower)
    }
  }
}

/** @param text such as `3 of 40: the DNS` */
function toProgress(text: string): Progress {
  const [counts = '', ...rest] = text.split(': ')
  const [done, all] = counts.split(' of ').map(Number) as [number, number | undefined]
  return { done, all: all ?? 0, step: rest.join(': ') }
}
