/**
 * Look-ups of mail exchangers that could not be made, or bring nothing.
 */
import { isIP, isIPv4, isIPv6 } from 'node:net'
import { expected, type Fault, type Path, warning } from '../load/fault.ts'
import { toMxLookup } from '../mx-lookup.ts'
import type { Settings } from '../schema.ts'

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
