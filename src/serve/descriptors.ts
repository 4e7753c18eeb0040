/**
 * File descriptors: each connection takes one, and so does everything else that the process opens.
 */
import type { Logger } from 'pino'
import { limitsShare, toLimits } from '../settings/limits.ts'
import type { Settings } from '../settings/schema.ts'
import { readText } from '../sources/read-file.ts'

/** For listeners, the admin listener, databases, name servers, Redis, files and modules. */
const reserved = 512

/** Where descriptors are very few, connections get one of so many. The admin listener may have as many again. */
const fewest = 4

/**
 * @param file what Linux says about limits: proc_pid_limits(5). Node raises its own limit as far as it may when it starts
 * @returns how many descriptors this process may have; undefined if unlimited or unknown
 */
export function descriptorLimit(file = '/proc/self/limits'): number | undefined {
  const read = readText(file)
  const [, limit] = ('text' in read && /^Max open files +(\d+)/m.exec(read.text)) || []
  return limit === undefined ? undefined : Number(limit)
}

/** @returns how many connections fit into the limit */
export function connectionsThatFit(limit: number | undefined): number {
  return limit === undefined ? Number.POSITIVE_INFINITY : Math.max(Math.floor(limit / fewest), limit - reserved)
}

/** Tells the log, and how to change it, if `limits.connections` cannot be reached. @param workers how many share it */
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
