/**
 * How many requests there were in each minute of the last hour and each hour of the last day. The counters of the metrics are read once
 * a minute, so requests pay nothing for it.
 *
 * Why memory is bounded: programs, dialects and error codes are sets that no stranger can extend.
 */
import { coalesce } from '../../sources/coalesce.ts'

/** A counter of the metrics: its labels, and how much it has counted since the start. */
export interface Count {
  readonly labels: Readonly<Record<string, string>>
  readonly count: number
}

export interface Counters {
  /** With the labels `dialect` and `client`. */
  readonly requests: readonly Count[]
  /** With the label `code`. */
  readonly errors: readonly Count[]
}

/** What was counted in a minute or an hour. */
export interface Period {
  readonly total: number
  readonly dialects: ReadonlyMap<string, number>
  readonly clients: ReadonlyMap<string, number>
  readonly errors: ReadonlyMap<string, number>
}

export interface Traffic {
  /** The last sixty minutes, the current one last. */
  readonly minutes: readonly Period[]
  /** The last twenty-four hours, the current one last. */
  readonly hours: readonly Period[]
}

export interface History {
  /** Reads the counters. @returns the traffic until now */
  sample(): Promise<Traffic>
}

export interface HistoryOptions {
  /** Reads the counters of all processes. */
  readonly read: () => Counters | Promise<Counters>
  /** Milliseconds since 1970. */
  readonly now?: () => number
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs

export function createHistory({ read, now = Date.now }: HistoryOptions): History {
  const minutes = createRing(60, minuteMs)
  const hours = createRing(24, hourMs)
  let last = new Map<string, number>()

  return {
    sample: coalesce(async () => {
      const { requests, errors } = await read()
      const time = now()
      const seen = new Map<string, number>()
      for (const { labels, count } of requests) {
        const { dialect = '', client = '' } = labels
        const growth = growthOf(`request ${Object.values(labels).join(' ')}`, count)
        for (const period of [minutes.at(time), hours.at(time)]) {
          period.total += growth
          add(period.dialects, dialect, growth)
          add(period.clients, client, growth)
        }
      }
      for (const { labels, count } of errors) {
        const { code = '' } = labels
        const growth = growthOf(`error ${code}`, count)
        for (const period of [minutes.at(time), hours.at(time)]) add(period.errors, code, growth)
      }
      last = seen
      return { minutes: minutes.until(time), hours: hours.until(time) }

      function growthOf(key: string, count: number): number {
        seen.set(key, count)
        // Why: the counters of a worker that is silent are missing for a while.
        return Math.max(0, count - (last.get(key) ?? 0))
      }
    })
  }
}

interface Counting {
  readonly number: number
  total: number
  readonly dialects: Map<string, number>
  readonly clients: Map<string, number>
  readonly errors: Map<string, number>
}

function empty(number: number): Counting {
  return { number, total: 0, dialects: new Map(), clients: new Map(), errors: new Map() }
}

/** The last periods of a length. */
function createRing(size: number, lengthMs: number) {
  let periods: readonly Counting[] = []
  return {
    at(time: number): Counting {
      const number = Math.floor(time / lengthMs)
      const known = periods.find(period => period.number === number)
      if (known !== undefined) return known
      const added = empty(number)
      periods = [...periods.filter(period => period.number > number - size), added]
      return added
    },
    until(time: number): readonly Period[] {
      const end = Math.floor(time / lengthMs)
      return Array.from({ length: size }, (_, index) => {
        const number = end - size + 1 + index
        return periods.find(period => period.number === number) ?? empty(number)
      })
    }
  }
}

function add(counts: Map<string, number>, key: string, growth: number): void {
  if (growth > 0) counts.set(key, (counts.get(key) ?? 0) + growth)
}

/** @returns the sums over all periods, the largest first */
export function sums(
  periods: readonly Period[],
  of: 'dialects' | 'clients' | 'errors'
): readonly (readonly [string, number])[] {
  const all = new Map<string, number>()
  for (const period of periods) for (const [key, count] of period[of]) add(all, key, count)
  return [...all].toSorted(([a, one], [b, other]) => other - one || (a < b ? -1 : 1))
}
