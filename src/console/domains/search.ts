/**
 * The search for domains of the table. Domains of a directory are only found by their whole names.
 */
import type { Table } from '../../settings/table.ts'

export interface Match {
  /** A domain or a pattern. */
  readonly domain: string
  readonly provider: string
}

export interface Matches {
  readonly matches: readonly Match[]
  /** Whether there are more than were returned. */
  readonly isCut: boolean
}

/** Why so few: a longer text finds the right one sooner than a longer list. */
const mostMatches = 50

/** @param text in lower case; the empty text matches every domain. @returns the domains that contain it, in the order of the table */
export function searchDomains({ providers }: Pick<Table, 'providers'>, text: string): Matches {
  const matches: Match[] = []
  for (const { id, domains } of providers) {
    for (const domain of domains) {
      if (!domain.includes(text)) continue
      if (matches.length === mostMatches) return { matches, isCut: true }
      matches.push({ domain, provider: id })
    }
  }
  return { matches, isCut: false }
}
