/**
 * Counts requests by their results, and measures how long they took. Why plain numbers: they become metrics only when metrics are
 * requested, so that requests do not pay for it.
 */
import type { Table } from '../../settings/table.ts'

/** The properties by which requests are counted: each has few values, and none that a stranger can invent. */
export interface Counted {
  readonly dialect: string
  readonly domain: string | undefined
  readonly outcome: string
  readonly client: string
}

export type Labels = Readonly<Record<string, string>>

export interface RequestCount {
  readonly labels: Labels
  count: number
}

export interface Durations {
  readonly labels: Labels
  readonly buckets: readonly Bucket[]
  count: number
  seconds: number
}

/** How many took at most so long. */
export interface Bucket {
  /** Seconds. */
  readonly most: number
  count: number
}

export interface Tally {
  /** @returns the label that a domain is counted under; undefined if requests are not counted by domain */
  placeOf(domain: string | undefined): string | undefined
  /** @returns adds a request of this kind, and how many milliseconds it took */
  seriesOf(counted: Counted): (ms: number) => void
  /** Counts a response that reports an error. */
  countError(code: string): void
  /** Responses that report an error, by its code. */
  readonly errors: Iterable<readonly [string, number]>
  readonly requests: Iterable<RequestCount>
  readonly durations: Iterable<Durations>
  readonly redis: RedisCounts
  readonly connections: ConnectionCounts
  readonly proxyRefusals: ProxyRefusals
}

/** Connections of the public listeners. */
export interface ConnectionCounts {
  open: number
  /** Closed at once, since a limit was reached. */
  refused: number
}

/**
 * Why a connection is closed because of `http.proxyProtocol`. `untrusted`: the peer is no trusted proxy. `missing`: it begins with
 * something else than a header. `invalid`: the header does not follow the specification. `timeout`: it did not arrive in time.
 */
export type ProxyRefusal = 'untrusted' | 'missing' | 'invalid' | 'timeout'

/** Number of closed connections by reason. */
export type ProxyRefusals = Record<ProxyRefusal, number>

/** The Redis of `limits.rate`. */
export interface RedisCounts {
  /** Undefined if there is none, or before the first request. */
  isUp: boolean | undefined
  /** Requests that could not be counted there. */
  failed: number
}

/** Seconds. Why so few and so small: an answer takes 20 to 100 µs, and each bound is one more series for every dialect. */
const bounds = [0.00002, 0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1]

/** @param tableOf returns the current table if requests are counted by domain */
export function createTally(tableOf?: () => Table): Tally {
  const requests = new Map<string, RequestCount>()
  const durations = new Map<string, Durations>()
  const errors = new Map<string, number>()
  const placeOf = createPlaceOf(tableOf)
  return {
    placeOf,
    countError(code) {
      errors.set(code, (errors.get(code) ?? 0) + 1)
    },
    errors: { [Symbol.iterator]: () => errors.entries() },
    seriesOf({ dialect, domain, outcome, client }) {
      const place = placeOf(domain)
      const labels = { dialect, outcome, client, ...(place !== undefined && { domain: place }) }
      const request = entryOf(requests, Object.values(labels).join(' '), () => ({ labels, count: 0 }))
      const duration = entryOf(durations, dialect, () => ({
        labels: { dialect },
        buckets: bounds.map(most => ({ most, count: 0 })),
        count: 0,
        seconds: 0
      }))
      return ms => {
        request.count += 1
        add(duration, ms / 1000)
      }
    },
    requests: { [Symbol.iterator]: () => requests.values() },
    durations: { [Symbol.iterator]: () => durations.values() },
    redis: { isUp: undefined, failed: 0 },
    connections: { open: 0, refused: 0 },
    proxyRefusals: { untrusted: 0, missing: 0, invalid: 0, timeout: 0 }
  }
}

function add(durations: Durations, seconds: number): void {
  durations.count += 1
  durations.seconds += seconds
  for (const bucket of durations.buckets) if (seconds <= bucket.most) bucket.count += 1
}

function entryOf<Entry>(entries: Map<string, Entry>, key: string, create: () => Entry): Entry {
  const known = entries.get(key)
  if (known !== undefined) return known
  const entry = create()
  entries.set(key, entry)
  return entry
}

/** Why the pattern and not the domain: strangers can ask about any number of domains below `*.example.com`. */
function createPlaceOf(tableOf?: () => Table): Tally['placeOf'] {
  if (tableOf === undefined) return () => undefined
  let current: Table | undefined
  let patterns: ReadonlyMap<string, string> = new Map()
  return (domain = '') => {
    const table = tableOf()
    if (table !== current)
      patterns = new Map(table.providers.flatMap(({ domains }) => domains.map(name => [name, name])))
    current = table
    return patternOf(patterns, domain)
  }
}

/** @returns the table's own text. Why: it is kept as a label, and the domain is a part of a request. */
function patternOf(patterns: ReadonlyMap<string, string>, domain: string): string {
  const exact = patterns.get(domain)
  if (exact !== undefined) return exact
  for (let dot = domain.indexOf('.'); dot > 0; dot = domain.indexOf('.', dot + 1)) {
    const pattern = patterns.get(`*${domain.slice(dot)}`)
    if (pattern !== undefined) return pattern
  }
  return 'other'
}
