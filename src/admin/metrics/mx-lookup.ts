/**
 * What Prometheus reads of look-ups of mail exchangers.
 */
import type { MxLookUp } from '../../lookups/exchangers.ts'
import type { Measure } from './measure.ts'

export function mxMeasures({ cache }: Pick<MxLookUp, 'cache'>): readonly Measure[] {
  return [
    {
      type: 'counter',
      name: 'signpost_mx_lookups_total',
      help: 'Domains of no list whose mail exchangers were wanted, by what came of it.',
      values: () => Object.entries(cache.counts).map(([result, value]) => ({ labels: { result }, value }))
    },
    {
      type: 'gauge',
      name: 'signpost_mx_kept_domains',
      help: 'Answers in memory: domains whose mail goes to the mx of a provider, and all others.',
      values: () => Object.entries(cache.sizes).map(([kind, value]) => ({ labels: { kind }, value }))
    }
  ]
}
