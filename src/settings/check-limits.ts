/**
 * Limits that contradict one another.
 */
import { checkNetwork } from './check-network.ts'
import { expected, type Fault, type Path } from './fault.ts'
import { toLimits } from './limits.ts'
import type { Settings } from './schema.ts'

export function checkLimits(limits: Settings['limits'], path: Path): Fault[] {
  const { rate, headersSeconds, requestSeconds, urlBytes, headerBytes } = toLimits(limits)
  const faults = rate.allow.flatMap((network, index) => checkNetwork(network, [...path, 'rate', 'allow', index]))
  if (headersSeconds > requestSeconds) {
    const most = `at most requestSeconds (${requestSeconds}), which includes them`
    faults.push(expected([...path, 'headersSeconds'], headersSeconds, most))
  }
  if (urlBytes > headerBytes) {
    faults.push(expected([...path, 'urlBytes'], urlBytes, `at most headerBytes (${headerBytes}), which includes it`))
  }
  return faults
}
