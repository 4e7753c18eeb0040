import t from 'tap'
import { acmeMetrics } from '../../src/admin/acme-metrics.ts'
import { createMetrics } from '../../src/admin/metrics.ts'
import { readMetrics } from '../support/admin/read-metrics.ts'

t.test('acme metrics: attempts, certificates and the first expiry', async t => {
  let firstExpiry: number | undefined = 5000
  const orderer = {
    counts: { obtained: 3, failed: 2, refused: 7 },
    summary: () => ({ certificates: 4, problems: 1, firstExpiry })
  }
  const metrics = createMetrics([acmeMetrics(orderer)])
  const read = async () => readMetrics(await metrics.text())
  const { figureOf } = await read()
  t.equal(figureOf('signpost_acme_attempts_total', { result: 'obtained' }), 3)
  t.equal(figureOf('signpost_acme_attempts_total', { result: 'failed' }), 2)
  t.equal(figureOf('signpost_acme_attempts_total', { result: 'refused' }), 7)
  t.equal(figureOf('signpost_acme_certificates', { state: 'stored' }), 4)
  t.equal(figureOf('signpost_acme_certificates', { state: 'incomplete' }), 1)
  t.equal(figureOf('signpost_acme_first_expiry_timestamp_seconds'), 5)
  firstExpiry = undefined
  t.equal((await read()).figureOf('signpost_acme_first_expiry_timestamp_seconds'), undefined)
})
