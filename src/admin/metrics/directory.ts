/**
 * What Prometheus reads of a directory, and of what is kept of its answers.
 */
import type { Customers } from '../../lookups/customers.ts'
import type { Measure } from './measure.ts'

export function directoryMeasures({ directory, cache }: Pick<Customers, 'directory' | 'cache'>): readonly Measure[] {
  return [
    {
      type: 'gauge',
      name: 'signpost_directory_up',
      help: '1 while the directory answers, else 0.',
      aggregator: 'min',
      values: () => [{ value: directory.up === true ? 1 : 0 }]
    },
    {
      type: 'counter',
      name: 'signpost_directory_lookups_total',
      help: 'Domains looked up that no list of the table has, by what came of it.',
      values: () => Object.entries(cache.counts).map(([result, value]) => ({ labels: { result }, value }))
    },
    {
      type: 'counter',
      name: 'signpost_directory_queries_total',
      help: 'Questions put to the directory itself, by result: ok, failed, refused.',
      values: () => Object.entries(directory.queries).map(([result, value]) => ({ labels: { result }, value }))
    },
    {
      type: 'counter',
      name: 'signpost_directory_restarts_total',
      help: 'Processes of the directory driver started in place of one that had stopped.',
      values: () => [{ value: directory.restarts }]
    },
    {
      type: 'gauge',
      name: 'signpost_directory_kept_domains',
      help: 'Answers in memory: domains that the directory knows, and those that it does not.',
      values: () => Object.entries(cache.sizes).map(([kind, value]) => ({ labels: { kind }, value }))
    }
  ]
}
