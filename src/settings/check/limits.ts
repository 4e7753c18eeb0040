/**
 * Limits that contradict one another.
 */

import { type Limits, toLimits } from '../limits.ts'
import { error, expected, type Fault, type Path, warning } from '../load/fault.ts'
import { redisPlace } from '../redis-place.ts'
import type { Settings } from '../schema.ts'
import { checkNetwork } from './network.ts'

export interface CheckLimitsOptions {
  /** As in the settings. */
  readonly workers?: NonNullable<Settings['http']>['workers']
}

export function checkLimits(limits: Settings['limits'], path: Path, { workers }: CheckLimitsOptions = {}): Fault[] {
  const { rate, headersSeconds, requestSeconds, urlBytes, headerBytes } = toLimits(limits)
  const faults = rate.allow.flatMap((network, index) => checkNetwork(network, [...path, 'rate', 'allow', index]))
  if (headersSeconds > requestSeconds) {
    const most = `at most requestSeconds (${requestSeconds}), which includes them`
    faults.push(expected([...path, 'headersSeconds'], headersSeconds, most))
  }
  faults.push(...checkRedis(rate, [...path, 'rate', 'redis']))
  if (urlBytes > headerBytes) {
    faults.push(expected([...path, 'urlBytes'], urlBytes, `at most headerBytes (${headerBytes}), which includes it`))
  }
  return typeof workers === 'number' ? [...faults, ...checkShares(limits ?? {}, path, { workers })] : faults
}

function checkRedis({ redis }: Limits['rate'], path: Path): Fault[] {
  if (redis === undefined) return []
  const place = redisPlace(redis)
  if (place === undefined) return [error(path, 'found another value, expected a URL such as redis://127.0.0.1:6379')]
  if (place.password === undefined) return []
  return [warning(path, 'found a password in the table, expected it in redisPasswordFile or SIGNPOST_REDIS_PASSWORD')]
}

/** Why: each worker would allow one, and all together more than the limit. */
function checkShares(
  { rate, connections, connectionsPerAddress }: NonNullable<Settings['limits']>,
  path: Path,
  { workers }: { readonly workers: number }
): Fault[] {
  const shared: readonly (readonly [Path, number | undefined])[] = [
    [['rate', 'requests'], rate?.redis === undefined ? rate?.requests : undefined],
    [['connections'], connections],
    [['connectionsPerAddress'], connectionsPerAddress]
  ]
  return shared.flatMap(([place, limit = 0]) =>
    limit > 0 && limit < workers
      ? [expected([...path, ...place], limit, `at least http.workers (${workers}), which share it`)]
      : []
  )
}
