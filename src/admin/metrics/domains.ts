/**
 * What Prometheus reads of domains that no list of the table has, and of log-in names that are looked up.
 */
import type { Domains } from '../../lookups/domains.ts'
import type { TlsAsk } from '../tls-ask.ts'
import { directoryMeasures } from './directory.ts'
import type { Measure } from './measure.ts'
import { mxMeasures } from './mx-lookup.ts'
import { userMeasures } from './users.ts'

/** @param tlsAsk where somebody may ask for certificates */
export function domainMeasures(
  { customers, mxLookUp, users }: Pick<Domains, 'customers' | 'mxLookUp' | 'users'>,
  tlsAsk?: Pick<TlsAsk, 'counts'>
): readonly Measure[] {
  return [
    ...(customers === undefined ? [] : directoryMeasures(customers)),
    ...(mxLookUp === undefined ? [] : mxMeasures(mxLookUp)),
    ...(users === undefined ? [] : userMeasures(users)),
    ...(tlsAsk === undefined ? [] : [tlsAskMeasure(tlsAsk)])
  ]
}

function tlsAskMeasure({ counts }: Pick<TlsAsk, 'counts'>): Measure {
  return {
    type: 'counter',
    name: 'signpost_tls_ask_total',
    help: 'Names for which a certificate was wanted, by the answer.',
    values: () => Object.entries(counts).map(([answer, value]) => ({ labels: { answer }, value }))
  }
}
