/**
 * The log: one line a request with dialect, domain, outcome, client family and duration, and nothing that names a person.
 */
import { type DestinationStream, type Logger, pino } from 'pino'
import type { Settings } from '../settings/schema.ts'
import { createLogStream } from './log-stream.ts'
import type { Tally } from './tally.ts'

export type Outcome = 'answered' | 'redirected' | 'refused' | 'not-served' | 'failed'

export interface Access {
  readonly dialect: string
  /** Asked about; undefined where none was named. */
  readonly domain: string | undefined
  readonly outcome: Outcome
  readonly client: string
}

/** @param started by `performance.now()` */
export type AccessLog = (access: Access, started: number) => void

/** @param destination default: standard output, written in blocks so that a request never waits for it */
export function createLogger(settings: Settings['log'], destination: DestinationStream = createLogStream(1)): Logger {
  return pino({ level: settings?.level ?? 'info', base: null }, destination)
}

/** How many prepared lines are kept: domains of strangers would otherwise fill the memory. */
const mostPrepared = 1000

/** What is to be done for each request of one kind. */
interface Prepared {
  readonly line: Logger | undefined
  readonly count: ((ms: number) => void) | undefined
}

/** @param tally counts requests too, whether or not they are logged */
export function createAccessLog(logger: Logger, settings: Settings['log'], tally?: Tally): AccessLog {
  const isLogged = settings?.requests !== false && logger.isLevelEnabled('info')
  if (!isLogged && tally === undefined) return () => undefined
  const prepared = new Map<string, Prepared>()
  let epoch = tally?.epoch

  function prepare(access: Access): Prepared {
    // Why: pino serialises a child's fields once, so that a request costs only its duration.
    const { dialect, domain, outcome, client } = access
    const line = isLogged ? logger.child({ dialect, domain, outcome, client }) : undefined
    return { line, count: tally?.seriesOf(access) }
  }

  return (access, started) => {
    const ms = performance.now() - started
    const key = `${access.dialect} ${access.domain} ${access.outcome} ${access.client}`
    if (tally?.epoch !== epoch) {
      prepared.clear()
      epoch = tally?.epoch
    }
    let known = prepared.get(key)
    if (known === undefined) {
      known = prepare(access)
      if (prepared.size >= mostPrepared) prepared.clear()
      prepared.set(key, known)
    }
    known.count?.(ms)
    known.line?.info({ ms: Math.round(ms * 1000) / 1000 })
  }
}
