import fc from 'fast-check'
import t from 'tap'
import { createAccessLog, createLogger } from '../../../src/http/log/access-log.ts'
import { createTally, type Labels, type Tally } from '../../../src/http/log/tally.ts'
import type { Table } from '../../../src/settings/table.ts'
import { exampleSettings } from '../../support/served-app.ts'
import { tableOf } from '../../support/table-of.ts'

const answered = {
  dialect: 'thunderbird',
  domain: 'example.com',
  outcome: 'answered',
  status: 200,
  client: 'curl'
} as const
const silent = createLogger({ level: 'silent' }, { write: () => undefined })
const requestsOf = ({ requests }: Tally) => [...requests].map(({ labels, count }) => [labels, count] as const)
const domainsOf = (tally: Tally) => requestsOf(tally).map(([{ domain }, count]) => [domain, count])

t.test('tally: counts each kind of request without its domain', async t => {
  const tally = createTally()
  const add = tally.seriesOf(answered)
  add(1)
  add(1)
  tally.seriesOf({ ...answered, domain: 'example.org' })(1)
  tally.seriesOf({ ...answered, client: 'none' })(1)
  t.same(requestsOf(tally), [
    [{ dialect: 'thunderbird', outcome: 'answered', client: 'curl' }, 3],
    [{ dialect: 'thunderbird', outcome: 'answered', client: 'none' }, 1]
  ])
})

t.test('tally: counts each duration in every bucket whose bound it does not exceed', async t => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1000, noNaN: true })), times => {
      const tally = createTally()
      const add = tally.seriesOf(answered)
      for (const ms of times) add(ms)
      const [{ buckets = [], count = 0, seconds = 0 } = {}] = tally.durations
      t.equal(count, times.length)
      t.same(
        buckets.map(bucket => bucket.count),
        buckets.map(({ most }) => times.filter(ms => ms / 1000 <= most).length)
      )
      const sum = times.reduce((total, ms) => total + ms / 1000, 0)
      return Math.abs(seconds - sum) < 1e-9 * (1 + sum)
    })
  )
})

t.test('tally: by domain, counts listed domains separately, each pattern as one, and all others as one', async t => {
  const tally = createTally(() => tableOf(exampleSettings))
  for (const [domain, label] of [
    ['example.com', 'example.com'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['a.customers.example', '*.customers.example'],
    ['b.a.customers.example', '*.customers.example'],
    ['customers.example', 'other'],
    ['a.example.com', 'other'],
    ['com', 'other'],
    [undefined, 'other']
  ] as const) {
    const client = `for ${domain}`
    tally.seriesOf({ ...answered, client, domain })(1)
    const labels = requestsOf(tally).map(([labels]): Labels => labels)
    t.equal(labels.find(each => each.client === client)?.domain, label, client)
  }
})

t.test('tally: the access log counts, whether or not it logs', async t => {
  for (const settings of [{ level: 'silent' }, { requests: false }, {}] as const) {
    const lines: string[] = []
    const tally = createTally()
    const access = createAccessLog(createLogger(settings, { write: line => lines.push(line) }), settings, tally)
    for (let count = 0; count < 3; count++) access({ ...answered, status: 200 }, performance.now())
    t.equal(requestsOf(tally)[0]?.[1], 3)
    t.equal(lines.length, 'level' in settings || 'requests' in settings ? 0 : 3)
  }
})

t.test('tally: a domain is counted separately as soon as the table lists it', async t => {
  let table: Table = tableOf(exampleSettings)
  const tally = createTally(() => table)
  const access = createAccessLog(silent, {}, tally)
  const request = { ...answered, domain: 'new.example' }
  access(request, performance.now())
  access(request, performance.now())
  table = tableOf(exampleSettings.replace('[example.com,', '[new.example,'))
  access(request, performance.now())
  t.same(domainsOf(tally), [
    ['other', 2],
    ['new.example', 1]
  ])
})

t.test('tally: the number of series is bounded for any number of domains', async t => {
  const table = tableOf(exampleSettings)
  const tally = createTally(() => table)
  const access = createAccessLog(silent, {}, tally)
  for (let at = 0; at < 3000; at++) {
    access({ ...answered, status: 200, domain: `d${at}.customers.example` }, performance.now())
    access({ ...answered, status: 200, domain: `d${at}.example` }, performance.now())
  }
  t.same(domainsOf(tally), [
    ['*.customers.example', 3000],
    ['other', 3000]
  ])
})
