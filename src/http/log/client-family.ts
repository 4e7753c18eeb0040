/**
 * Which kind of program asks, for logs and figures: never for deciding what it gets.
 */
import { detached } from '../../formats/detached.ts'

const families = [
  ['thunderbird', /Thunderbird/],
  ['outlook', /Microsoft (?:Office|Outlook)|Outlook|MSAutodiscover|WinHttp-Autodiscover/i],
  // Why before the systems: a browser names the one it runs on.
  ['browser', /^Mozilla\//],
  ['evolution', /^Evolution/],
  ['fairemail', /^(?:eu\.faircode|FairEmail)/i],
  ['emailengine', /^emailengine/i],
  // Observed: Thunderbird for Android and K-9 Mail send OkHttp's own.
  ['android', /^okhttp|Dalvik|Android/],
  ['apple', /iPhone|iPad|Macintosh|Darwin|^profiled/],
  ['curl', /^curl\//]
] as const

const known = new Map<string, string>()
const mostKnown = 500

/** How many characters of the header are read. It may have 16 kB, and every program names itself within these. */
const mostRead = 256

/** @returns `none` without the header (Delta Chat), `other` for an unknown program */
export function clientFamily(userAgent: string | undefined): string {
  if (userAgent === undefined || userAgent === '') return 'none'
  if (userAgent.length > mostRead) return familyOf(userAgent.slice(0, mostRead))
  const before = known.get(userAgent)
  if (before !== undefined) return before
  const family = familyOf(userAgent)
  if (known.size >= mostKnown) known.clear()
  known.set(detached(userAgent), family)
  return family
}

function familyOf(userAgent: string): string {
  return families.find(([, pattern]) => pattern.test(userAgent))?.[0] ?? 'other'
}
