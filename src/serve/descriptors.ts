/**
 * File descriptors: each connection takes one, and so does everything else that the process opens.
 */
import type { Logger } from 'pino'
import { limitsShare, toLimits } from '../settings/limits.ts'
import type { Settings } from '../settings/schema.ts'
import { readText } from '../sources/read-file.ts'

/** Descriptors for listeners, the admin listener, databases, name servers, Redis, files and modules. */
const reserved = 512

/** If there are very few descriptors, one in this many is used for connections. The admin listener may use as many again. */
const connectionDivisor = 4

/**
 * @param file the limits according to Linux: proc_pid_limits(5). Node.js raises its own limit to the maximum when it starts
 * @returns the number of descriptors that this process may have; undefined if unlimited or unknown
 */
export function descriptorLimit(file = '/proc/self/limits'): number | undefined {
  const read = readText(file)
  const [, limit] = ('text' in read && /^Max open files +(\d+)/m.exec(read.text)) || []
  return limit === undefined ? undefined : Number(limit)
}

/** @returns the number of connections that fit into the limit */
export function connectionsThatFit(limit: number | undefined): number {
  return limit === undefined
    ? Number.POSITIVE_INFINITY
    : Math.max(Math.floor(limit / connectionDivisor), limit - reserved)
}

/** Logs a warning with the remedy if `limits.connections` cannot be reached. @param workers the number of workers that share the limit */
export function warnOfFewDescriptors(
  settings: Settings['limits'],
  logger: Pick<Logger, 'warn'>,
  { workers, limit }: { readonly workers: number; readonly limit: number | undefined }
): void {
  const { connections } = limitsShare(toLimits(settings), workers)
  const most = connectionsThatFit(limit)
  if (connections <= most) return
  const each = workers === 1 ? '' : ' in each worker'
  logger.warn(
    { descriptors: limit, connections: most, wanted: connections },
    `only ${most} connections are accepted${each}, because the process may have ${limit} open files: raise that limit to ${connections + reserved} (LimitNOFILE= of systemd, ulimit -n, --ulimit nofile= of Docker), or lower limits.connections`
  )
}
