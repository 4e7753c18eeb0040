/**
 * The log: one line for each request with dialect, domain, outcome, client family and duration, and no mail address. The
 * address of the client is left out unless `log.clientAddress` asks for it.
 */
import { type DestinationStream, type Logger, pino } from 'pino'
import type { Settings } from '../../settings/schema.ts'
import type { LogStream } from './log-stream.ts'
import { createLogTime } from './log-time.ts'
import type { Tally } from './tally.ts'

export type Outcome = 'answered' | 'redirected' | 'refused' | 'not-served' | 'failed'

export interface Access {
  readonly dialect: string
  /** Asked about; undefined where none was named. */
  readonly domain: string | undefined
  readonly outcome: Outcome
  /** Of the HTTP answer. */
  readonly status: number
  /** Of the error that the answer reports. */
  readonly code?: string | undefined
  /** The family of programs. */
  readonly client: string
  /** As far as `log.clientAddress` allows. */
  readonly clientAddress?: string | undefined
}

/** @param started by `performance.now()` */
export type AccessLog = (access: Access, started: number) => void

const defaultLevel = 'info'

export interface LoggerOptions {
  /** The number of the process among several that write to the same destination. */
  readonly worker?: number
}

/** @param destination with a `LogStream`, a warning says when it has dropped lines for the first time */
export function createLogger(
  settings: Settings['log'],
  destination: DestinationStream & Partial<Pick<LogStream, 'onFirstDrop'>>,
  { worker }: LoggerOptions = {}
): Logger {
  const logger = pino(
    {
      level: settings?.level ?? defaultLevel,
      base: worker === undefined ? null : { worker },
      formatters: { level: level => ({ level }) },
      timestamp: createLogTime()
    },
    destination
  )
  destination.onFirstDrop?.(() => {
    logger.warn('log lines were dropped: standard output does not keep up (see signpost_log_lines_dropped_total)')
  })
  return logger
}

/** Applies the level of reloaded settings. Loggers that were derived from this one keep theirs. */
export function setLogLevel(logger: Logger, settings: Settings['log']): void {
  logger.level = settings?.level ?? defaultLevel
}

/** What is to be done for each request of one kind. */
interface Kind {
  readonly line: Logger | undefined
  /** By the place that domains are counted under. */
  readonly counts: Map<string | undefined, (ms: number) => void>
}

/** By client, dialect, outcome and status. Why nested: a joined key would have to be built for every request. */
type Kinds = Map<string, Map<string, Map<Outcome, Map<number, Kind>>>>

/** @returns the map under the key, which is made if it is missing */
function branch<Key, Inner extends Map<unknown, unknown>>(outer: Map<Key, Inner>, key: Key): Inner {
  const known = outer.get(key)
  if (known !== undefined) return known
  const made = new Map() as Inner
  outer.set(key, made)
  return made
}

/** @param tally counts requests too, whether or not they are logged */
export function createAccessLog(logger: Logger, settings: Settings['log'], tally?: Tally): AccessLog {
  const isLogged = settings?.requests !== false && logger.isLevelEnabled('info')
  if (!isLogged && tally === undefined) return () => undefined
  // Why without the domain: of these kinds there are few, and of domains any number.
  const kinds: Kinds = new Map()

  function kindOf({ dialect, outcome, status, client }: Access): Kind {
    const byDialect = branch(kinds, client)
    const byOutcome = branch(byDialect, dialect)
    const byStatus = branch(byOutcome, outcome)
    const known = byStatus.get(status)
    if (known !== undefined) return known
    // Why: pino serialises a child's fields once, so that a request costs only its domain and its duration.
    const line = isLogged ? logger.child({ dialect, outcome, status, client }) : undefined
    const kind = { line, counts: new Map() }
    byStatus.set(status, kind)
    return kind
  }

  function counter({ placeOf, seriesOf }: Tally, { counts }: Kind, access: Access): (ms: number) => void {
    const place = placeOf(access.domain)
    const known = counts.get(place)
    if (known !== undefined) return known
    const series = seriesOf(access)
    counts.set(place, series)
    return series
  }

  return (access, started) => {
    const ms = performance.now() - started
    const { domain, clientAddress } = access
    const kind = kindOf(access)
    if (tally !== undefined) {
      counter(tally, kind, access)(ms)
      if (access.code !== undefined) tally.countError(access.code)
    }
    const rounded = Math.round(ms * 1000) / 1000
    kind.line?.info(clientAddress === undefined ? { domain, ms: rounded } : { domain, ms: rounded, clientAddress })
  }
}
