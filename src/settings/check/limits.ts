/**
 * Checks of `limits` and `mxLookup`: limits that contradict each other, and lookups that cannot work.
 */
import { type Limits, toLimits } from '../limits.ts'
import { basedOn, error, everyItem, expected, type Fault, type Path, warning } from '../load/finding.ts'
import { toMxLookup } from '../lookup-defaults.ts'
import { parseRedisUrl } from '../redis-url.ts'
import type { Settings } from '../schema.ts'
import { checkNetwork, checkResolver } from './address.ts'

export interface CheckLimitsOptions {
  /** As in the settings. */
  readonly workers?: NonNullable<Settings['http']>['workers']
}

export function checkLimits(limits: Settings['limits'], path: Path, { workers }: CheckLimitsOptions = {}): Fault[] {
  const { rate, headersSeconds, requestSeconds, urlBytes, headerBytes } = toLimits(limits)
  const faults = rate.allow.flatMap((network, index) => checkNetwork(network, [...path, 'rate', 'allow', index]))
  if (headersSeconds > requestSeconds) {
    const most = `at most requestSeconds (${requestSeconds}), which includes them`
    const fault = expected([...path, 'headersSeconds'], headersSeconds, most)
    faults.push(...basedOn([[...path, 'requestSeconds']], [fault]))
  }
  faults.push(...checkRedis(rate, [...path, 'rate', 'redis']))
  if (urlBytes > headerBytes) {
    const fault = expected([...path, 'urlBytes'], urlBytes, `at most headerBytes (${headerBytes}), which includes it`)
    faults.push(...basedOn([[...path, 'headerBytes']], [fault]))
  }
  return typeof workers === 'number' ? [...faults, ...checkShares(limits ?? {}, path, { workers })] : faults
}

function checkRedis({ redis }: Limits['rate'], path: Path): Fault[] {
  if (redis === undefined) return []
  const server = parseRedisUrl(redis)
  if (server === undefined) return [error(path, 'found another value, expected a URL such as redis://127.0.0.1:6379')]
  if (server.password === undefined) return []
  return [warning(path, 'found a password in the table, expected it in redisPasswordFile or SIGNPOST_REDIS_PASSWORD')]
}

/** Why: each worker allows at least one, so together they would allow more than a limit below their number. */
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
  return shared.flatMap(([key, limit = 0]) =>
    limit > 0 && limit < workers
      ? basedOn(
          [[...path, 'rate', 'redis']],
          [expected([...path, ...key], limit, `at least http.workers (${workers}), which share it`)]
        )
      : []
  )
}

export function checkMxLookup({ mxLookup, providers }: Settings, path: Path): Fault[] {
  if (mxLookup === undefined) return []
  const { resolvers = [], minSeconds, maxSeconds } = toMxLookup(mxLookup)
  const faults = resolvers.flatMap((resolver, index) => checkResolver(resolver, [...path, 'resolvers', index]))
  if (minSeconds > maxSeconds) {
    const fault = expected([...path, 'minSeconds'], minSeconds, `at most maxSeconds (${maxSeconds})`)
    faults.push(...basedOn([[...path, 'maxSeconds']], [fault]))
  }
  if (providers.every(({ mx = [] }) => mx.length === 0)) {
    faults.push(...basedOn([['providers', everyItem, 'mx']], [warning(path, 'has no effect: no provider has mx')]))
  }
  return faults
}
