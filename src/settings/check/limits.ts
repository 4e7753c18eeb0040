/**
 * Limits that contradict one another.
 */

import { isIP, isIPv4, isIPv6 } from 'node:net'
import { type Limits, toLimits } from '../limits.ts'
import { error, expected, type Fault, type Path, warning } from '../load/finding.ts'
import { toMxLookup } from '../lookup-defaults.ts'
import { redisPlace } from '../redis-url.ts'
import type { Settings } from '../schema.ts'
import { checkNetwork } from './address.ts'

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

//@@ src/settings/check/mx-lookup.ts
//@@ /**
//@@  * Look-ups of mail exchangers that could not be made, or bring nothing.
//@@  */
export function checkMxLookup({ mxLookup, providers }: Settings, path: Path): Fault[] {
  if (mxLookup === undefined) return []
  const { resolvers = [], minSeconds, maxSeconds } = toMxLookup(mxLookup)
  const faults = resolvers.flatMap((place, index) => checkPlace(place, [...path, 'resolvers', index]))
  if (minSeconds > maxSeconds) {
    faults.push(expected([...path, 'minSeconds'], minSeconds, `at most maxSeconds (${maxSeconds})`))
  }
  if (providers.every(({ mx = [] }) => mx.length === 0)) {
    faults.push(warning(path, 'found nothing to look for: no provider has mx'))
  }
  return faults
}

function checkPlace(place: string, path: Path): Fault[] {
  const [, v6 = '', v4 = '', port] = /^(?:\[(.+)\]|([^:]+)):(\d{1,5})$/.exec(place) ?? []
  const isPlace = (isIPv6(v6) || isIPv4(v4)) && Number(port) > 0 && Number(port) < 65_536
  if (isPlace || isIP(place) !== 0) return []
  return [expected(path, place, 'an IP address such as 127.0.0.1, 127.0.0.1:53 or [::1]:53')]
}
