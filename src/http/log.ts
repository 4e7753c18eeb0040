/**
 * The log: one line a request with dialect, domain, outcome, client family and duration, and nothing that names a person.
 */
import { type DestinationStream, type Logger, pino } from 'pino'
import type { Settings } from '../settings/schema.ts'
import { createLogStream } from './log-stream.ts'

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

export function createAccessLog(logger: Logger, settings: Settings['log']): AccessLog {
  if (settings?.requests === false || !logger.isLevelEnabled('info')) return () => undefined
  const prepared = new Map<string, Logger>()
  return ({ dialect, domain, outcome, client }, started) => {
    const key = `${dialect} ${domain} ${outcome} ${client}`
    let line = prepared.get(key)
    if (line === undefined) {
      // Why: pino serialises a child's fields once, so that a request costs only its duration.
      line = logger.child({ dialect, domain, outcome, client })
      if (prepared.size >= mostPrepared) prepared.clear()
      prepared.set(key, line)
    }
    line.info({ ms: Math.round((performance.now() - started) * 1000) / 1000 })
  }
}
