/**
 * The messages between the primary process and its workers, and what both need to exchange them.
 */
import type { ProcessMetrics } from '../../admin/metrics.ts'
import type { SettingsTexts } from '../../sources/file.ts'
import type { ListenAddresses } from '../listen.ts'
import type { ReloadScope } from '../reloader.ts'

/** The environment variable that makes a process of the same command a worker. Its value is the worker's number. */
export const workerVariable = 'SIGNPOST_WORKER'

/**
 * The file descriptor that workers write the log to. It is the standard output of the primary process.
 *
 * Why not 1: whenever a process is started, libuv makes its descriptors 0 to 2 blocking, and with them those of all
 * processes that share them. A full log pipe without a reader would then keep a process from ending.
 */
export const workerLogFd = 4

/** The first message to a worker: what it needs at its start and cannot read itself. */
export interface WorkerTask {
  /** The path of the settings file. */
  readonly file: string
  /** The text of the settings, if they come from options and not from the file. */
  readonly text?: string | undefined
  /** The last good texts of the settings, if a file is broken. */
  readonly lastGood?: SettingsTexts
  readonly addresses: Pick<ListenAddresses, 'http' | 'tls'>
  /** The number of workers that share the limits. */
  readonly workers: number
  /** Whether an administrator can ask for its metrics. */
  readonly isMeasured: boolean
}

/** All further messages to a worker. */
export type ToWorker =
  /** Reload the settings and keys; everything also expires cached lookups. */
  | { readonly type: 'reload'; readonly scope: ReloadScope }
  /** Must be answered with the same number at once. */
  | { readonly type: 'ping'; readonly beat: number }
  /** The certificate of a group of names has been stored. */
  | { readonly type: 'certificate'; readonly key: string }
  /** The answer to `wanted`, with the same number: whether the name has a certificate now. */
  | { readonly type: 'answered'; readonly question: number; readonly isThere: boolean }
  /** Must be answered with the metrics, under the number of the question. */
  | { readonly type: 'measure'; readonly question: number }
  /** End gradually and without losing a request: a replacement is serving. */
  | { readonly type: 'retire' }
  /** Finish the requests in progress, and end. */
  | { readonly type: 'stop'; readonly boundMs: number }

export type FromWorker =
  | { readonly type: 'ready'; readonly ready: Ready }
  /** The worker cannot start, and ends. */
  | { readonly type: 'unable'; readonly code: string; readonly message: string }
  /** A sign of life. */
  | { readonly type: 'pong'; readonly beat: number }
  /** A client waits for the certificate of a name; must be answered with the same number. */
  | { readonly type: 'wanted'; readonly question: number; readonly name: string }
  /** The answer to a question; without one, the last message before the worker ends. */
  | { readonly type: 'measured'; readonly question: number | undefined; readonly metrics: ProcessMetrics }

/** Where a server listens, according to the system. */
interface BoundAddress {
  readonly address: string
  readonly port: number
}

/** The addresses that a worker listens on. */
export interface Ready {
  readonly plain: readonly BoundAddress[]
  readonly secure: readonly BoundAddress[]
}
