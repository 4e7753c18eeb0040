// The sequence of requested domains: different for every load, but the same in every run.
import { createRandom } from '../fuzz/random.ts'
import type { BenchRequest } from './cases.ts'
import { type Customer, customerAt } from './population.ts'
import { createZipf } from './zipf.ts'

export const traffics = ['zipf', 'uniform'] as const
export type Traffic = (typeof traffics)[number]

// Why so many: a sequence must not be repeated, because repeated domains are in a cache.
export const MOST_PER_SECOND = 50_000

/** @param turn number of the load, each of which has a different sequence. @returns ranks from 0 */
export const draw = (traffic: Traffic, domains: number, { turn, count }: { turn: number; count: number }): number[] => {
  const random = createRandom(domains, turn)
  const next = traffic === 'zipf' ? createZipf(domains, random) : () => random.below(domains)
  return Array.from({ length: count }, next)
}

/** Every domain once, the most popular last, which fills a cache as after a long time. */
export const walk = (domains: number): number[] => Array.from({ length: domains }, (_, index) => domains - 1 - index)

export const requestAt = (rank: number): BenchRequest => requestFor(customerAt(rank))

/** The autoconfig request of Thunderbird. */
export const requestFor = ({ domain }: Customer): BenchRequest => ({
  method: 'GET',
  target: `/mail/config-v1.1.xml?emailaddress=john.doe%40${domain}`,
  headers: { Host: `autoconfig.${domain}` }
})
