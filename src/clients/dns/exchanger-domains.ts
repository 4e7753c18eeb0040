/**
 * Domains at which Thunderbird and Thunderbird for Android search for settings after looking up the mail exchanger.
 */
import { isIP } from 'node:net'
import type { MxRecord } from '../model/world.ts'

// Why: the public suffix list is a file of 300 kB that changes every week. For nearly all mail exchangers, it results in the
// last two labels, or three below these suffixes. In other cases, the model contacts one host too many.
const publicSuffix = /^(?:ac|co|com|edu|go|gob|gouv|gov|gv|ne|net|or|org)\.[a-z]{2}$/

/**
 * Observed: releases-comm-central cf9726f, FetchConfig.sys.mjs: fetchConfigForMX: the best record without its first label,
 * if that is longer than the base domain, then the base domain; nothing if that is the mail domain.
 * thunderbird-android a59bd67, MxLookupAutoconfigDiscovery.kt does the same.
 */
export function exchangerDomains(records: readonly MxRecord[], mailDomain: string): string[] {
  const [best] = records
    .map(({ priority, exchange }) => ({ priority, host: exchange.replace(/\.$/, '').toLowerCase() }))
    .filter(({ host }) => host !== '')
    .toSorted((a, b) => a.priority - b.priority)
  const base = best && baseDomain(best.host)
  if (best === undefined || base === undefined || base === mailDomain) return []
  const parent = best.host.replace(/^[^.]*\./, '')
  return parent.length > base.length ? [parent, base] : [base]
}

/** @returns undefined if the host is an address, one label or a public suffix */
function baseDomain(host: string): string | undefined {
  const labels = host.split('.')
  const count = publicSuffix.test(labels.slice(-2).join('.')) ? 3 : 2
  return labels.length < count || isIP(host) > 0 ? undefined : labels.slice(-count).join('.')
}
