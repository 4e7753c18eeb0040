/**
 * Metrics of a directory of users. None reveals how many of the addresses that were looked up exist.
 */
import type { Users } from '../../lookups/users.ts'
import type { Measure } from './measure.ts'

export function userMeasures({ directory, counts }: Pick<Users, 'directory' | 'counts'>): readonly Measure[] {
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
      help: 'Look-ups of log-in names, by result.',
      values: () => resultsOf(counts)
    },
    {
      type: 'counter',
      name: 'signpost_users_queries_total',
      help: 'Questions put to the directory of users itself, by result: ok, failed, refused.',
      values: () => resultsOf(directory.queries)
    },
    {
      type: 'counter',
      name: 'signpost_users_restarts_total',
      help: 'Processes of the driver of users started in place of one that had stopped.',
      values: () => [{ value: directory.restarts }]
    }
  ]
}

function resultsOf(counts: Readonly<Record<string, number>>) {
  return Object.entries(counts).map(([result, value]) => ({ labels: { result }, value }))
}
