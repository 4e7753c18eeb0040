/**
 * Limits that contradict one another.
 */

import { toLimits } from '../limits.ts'
import { expected, type Fault, type Path } from '../load/fault.ts'
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
  if (urlBytes > headerBytes) {
    faults.push(expected([...path, 'urlBytes'], urlBytes, `at most headerBytes (${headerBytes}), which includes it`))
  }
  return typeof workers === 'number' ? [...faults, ...checkShares(limits ?? {}, path, { workers })] : faults
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
