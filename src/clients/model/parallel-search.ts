/**
 * Searches that a program runs in parallel. It uses the first result in its own order of preference.
 */
import { type Discovery, type FoundAccount, orRefusal, Refusal } from './client.ts'
import type { Tracer } from './tracer.ts'

export interface SearchResult {
  readonly tracers: readonly Tracer[]
  /** Undefined if there was no document. */
  readonly outcome: Outcome | undefined
}

export interface Outcome {
  /** The tracer whose last step found the document. */
  readonly tracer: Tracer
  /** The account, or why the document is rejected. */
  readonly found: FoundAccount | string
  /** Whether the program stops searching although it rejects the document. */
  readonly isFinal: boolean
}

export type Servers = Omit<FoundAccount, 'from'>

/** @param read throws a `Refusal` if the program rejects the document */
export function toOutcome(tracer: Tracer, from: string, read: () => Servers): Outcome {
  const servers = orRefusal(read)
  if (servers instanceof Refusal) return refused(tracer, servers.message)
  return { tracer, found: { ...servers, from }, isFinal: false }
}

export function refused(tracer: Tracer, reason: string, isFinal = false): Outcome {
  tracer.note(`refused: ${reason}`)
  return { tracer, found: reason, isFinal }
}

/** @param results in the program's order of preference */
export function takeFirst(results: readonly SearchResult[]): Discovery {
  const outcomes = results.map(({ outcome }) => outcome).filter(outcome => outcome !== undefined)
  const taken = outcomes.find(({ found, isFinal }) => typeof found !== 'string' || isFinal) ?? outcomes[0]
  const trace = () => results.flatMap(({ tracers }) => tracers.flatMap(tracer => tracer.trace))
  if (taken === undefined) return { account: undefined, reason: 'nothing found', trace: trace() }
  if (typeof taken.found === 'string') return { account: undefined, reason: taken.found, trace: trace() }
  taken.tracer.note('used')
  return { account: taken.found, reason: undefined, trace: trace() }
}
