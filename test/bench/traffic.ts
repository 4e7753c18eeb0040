// Which domains are asked for, one after the other: drawn anew for every load, and the same in every run.
import { createRandom } from '../fuzz/random.ts'
import type { BenchRequest } from './cases.ts'
import { type Customer, customerAt } from './population.ts'
import { createZipf } from './zipf.ts'

export const traffics = ['zipf', 'uniform'] as const
export type Traffic = (typeof traffics)[number]

// Why so many: no list may be gone through twice, since what comes again is in a cache.
export const MOST_PER_SECOND = 50_000

/** @param turn of the loads, each of which has draws of its own. @returns ranks from 0 */
export const draw = (traffic: Traffic, domains: number, { turn, count }: { turn: number; count: number }): number[] => {
  const random = createRandom(domains, turn)
  const next = traffic === 'zipf' ? createZipf(domains, random) : () => random.below(domains)
  return Array.from({ length: count }, next)
}

/** Every domain once, the most popular last: so a cache ends as it is after a long time. */
export const walk = (domains: number): number[] => Array.from({ length: domains }, (_, index) => domains - 1 - index)

export const requestAt = (rank: number): BenchRequest => requestFor(customerAt(rank))

/** Autoconfig, as Thunderbird asks. */
export const requestFor = ({ domain }: Customer): BenchRequest => ({
  method: 'GET',
  target: `/mail/config-v1.1.xml?emailaddress=john.doe%40${domain}`,
  headers: { Host: `autoconfig.${domain}` }
})
