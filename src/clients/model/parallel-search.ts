/**
 * One of the searches that a program makes at the same time, of which it takes the first in its own order.
 */
import type { Discovery, FoundAccount } from './client.ts'
import { orRefusal, Refusal } from './refusal.ts'
import type { Tracer } from './tracer.ts'

export interface Attempt {
  readonly tracers: readonly Tracer[]
  /** Undefined where there was nothing to read. */
  readonly outcome: Outcome | undefined
}

export interface Outcome {
  /** Whose last step brought it. */
  readonly tracer: Tracer
  /** Or why it is refused. */
  readonly found: FoundAccount | string
  /** Refused, and yet the program looks no further. */
  readonly isFinal: boolean
}

export type Servers = Omit<FoundAccount, 'from'>

/** @param read throws a `Refusal` */
export function toOutcome(tracer: Tracer, from: string, read: () => Servers): Outcome {
  const servers = orRefusal(read)
  if (servers instanceof Refusal) return refused(tracer, servers.message)
  return { tracer, found: { ...servers, from }, isFinal: false }
}

export function refused(tracer: Tracer, reason: string, isFinal = false): Outcome {
  tracer.note(`refused: ${reason}`)
  return { tracer, found: reason, isFinal }
}

/** @param attempts in the program's order */
export function takeFirst(attempts: readonly Attempt[]): Discovery {
  const outcomes = attempts.map(({ outcome }) => outcome).filter(outcome => outcome !== undefined)
  const taken = outcomes.find(({ found, isFinal }) => typeof found !== 'string' || isFinal) ?? outcomes[0]
  const trace = () => attempts.flatMap(({ tracers }) => tracers.flatMap(tracer => tracer.trace))
  if (taken === undefined) return { account: undefined, reason: 'nothing found', trace: trace() }
  if (typeof taken.found === 'string') return { account: undefined, reason: taken.found, trace: trace() }
  taken.tracer.note('used')
  return { account: taken.found, reason: undefined, trace: trace() }
}
