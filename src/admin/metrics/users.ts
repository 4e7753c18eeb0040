/**
 * What Prometheus reads of a directory of users, and of what is kept of its answers. Nothing tells how many of the
 * addresses asked for there are.
 */
import type { Users } from '../../lookups/users.ts'
import type { Measure } from './measure.ts'

export function userMeasures({ directory, cache }: Pick<Users, 'directory' | 'cache'>): readonly Measure[] {
  return [
    {
      type: 'gauge',
      name: 'signpost_users_up',
      help: '1 while the directory of users answers, else 0.',
      aggregator: 'min',
      values: () => [{ value: directory.up === true ? 1 : 0 }]
    },
    {
      type: 'counter',
      name: 'signpost_users_lookups_total',
      help: 'Addresses whose log-in names were wanted, by what came of it.',
      values: () => resultsOf(cache.counts)
    },
    {
      type: 'counter',
      name: 'signpost_users_queries_total',
      help: 'Questions put to the directory of users itself, by whether it has answered.',
      values: () => resultsOf(directory.queries)
    },
    {
      type: 'gauge',
      name: 'signpost_users_kept_addresses',
      help: 'Answers in memory.',
      values: () => [{ value: cache.sizes.known }]
    }
  ]
}

function resultsOf(counts: Readonly<Record<string, number>>) {
  return Object.entries(counts).map(([result, value]) => ({ labels: { result }, value }))
}
