/**
 * Hosts that answer with success where there is nothing. What stands there says nothing about a single document.
 */
import { lastOf, type Visit } from './examination.ts'

export function isSoft404(visit: Visit): boolean {
  const status = lastOf(visit).response?.status ?? 0
  return visit.asked.isNonsense && status >= 200 && status < 300
}

export function hostsOfSoft404(visits: readonly Visit[]): ReadonlySet<string> {
  return new Set(visits.filter(isSoft404).map(({ asked }) => new URL(asked.request.url).hostname))
}
