import t from 'tap'
import { countersOfTally, countersOfWorkers } from '../../../src/console/traffic/counters.ts'
import { type Counters, createHistory, sums } from '../../../src/console/traffic/history.ts'
import { createTally } from '../../../src/http/log/tally.ts'

const minuteMs = 60_000

function countersOf(
  requests: Readonly<Record<string, number>>,
  errors: Readonly<Record<string, number>> = {}
): Counters {
  return {
    requests: Object.entries(requests).map(([key, count]) => {
      const [dialect = '', client = ''] = key.split(' ')
      return { labels: { dialect, client }, count }
    }),
    errors: Object.entries(errors).map(([code, count]) => ({ labels: { code }, count }))
  }
}

t.test('history: counters become the requests of each minute and hour, by dialect, program and error code', async t => {
  let now = 1_000 * 60 * minuteMs
  let counters = countersOf({ 'thunderbird evolution': 2, 'apple apple': 1 }, { AC_NOT_FOUND: 1 })
  const history = createHistory({ read: () => counters, now: () => now })
  const first = await history.sample()
  t.equal(first.minutes.length, 60)
  t.equal(first.hours.length, 24)
  t.equal(first.minutes.at(-1)?.total, 3)
  now += minuteMs
  counters = countersOf({ 'thunderbird evolution': 5, 'apple apple': 1, 'pacc none': 4 }, { AC_NOT_FOUND: 3 })
  const { minutes, hours } = await history.sample()
  t.same(
    minutes.slice(-3).map(({ total }) => total),
    [0, 3, 7]
  )
  t.same(sums(minutes, 'clients'), [
    ['evolution', 5],
    ['none', 4],
    ['apple', 1]
  ])
  t.same(sums(minutes.slice(-1), 'dialects'), [
    ['pacc', 4],
    ['thunderbird', 3]
  ])
  t.same(sums(hours, 'errors'), [['AC_NOT_FOUND', 3]])
  t.same(sums((await history.sample()).minutes, 'errors'), [['AC_NOT_FOUND', 3]], 'a second reading adds nothing')
})

t.test('history: minutes are dropped after an hour, and hours after a day, however long the service runs', async t => {
  let now = 0
  let count = 0
  const history = createHistory({ read: () => countersOf({ 'api other': count }), now: () => now })
  for (let minute = 0; minute < 30 * 60; minute++) {
    now = minute * minuteMs
    count += 1
    await history.sample()
  }
  const { minutes, hours } = await history.sample()
  t.equal(minutes.length, 60)
  t.ok(minutes.every(({ total }) => total === 1))
  t.equal(hours.length, 24)
  t.ok(hours.every(({ total }) => total === 60))
})

t.test('history: counters that are missing or smaller for a while add no requests', async t => {
  let counters = countersOf({ 'api other': 5 })
  const history = createHistory({ read: async () => counters, now: () => 0 })
  await history.sample()
  counters = countersOf({ 'api other': 3 })
  t.equal((await history.sample()).minutes.at(-1)?.total, 5)
  counters = { requests: [{ labels: {}, count: 2 }], errors: [{ labels: {}, count: 1 }] }
  t.equal((await history.sample()).minutes.at(-1)?.total, 7)
})

t.test('sums: equal counts are in the order of their names', async t => {
  const counts = new Map([
    ['b', 1],
    ['a', 1]
  ])
  const period = { total: 2, dialects: counts, clients: new Map(), errors: new Map() }
  t.same(sums([period], 'dialects'), [
    ['a', 1],
    ['b', 1]
  ])
  t.same(sums([{ ...period, dialects: new Map([...counts].toReversed()) }], 'dialects'), [
    ['a', 1],
    ['b', 1]
  ])
})

t.test('counters: are read from the tally in one process, and from the metrics of workers', async t => {
  const tally = createTally()
  const add = tally.seriesOf({ dialect: 'api', domain: undefined, outcome: 'answered', client: 'curl' })
  add(1)
  add(1)
  tally.countError('AC_NOT_FOUND')
  tally.countError('AC_NOT_FOUND')
  const { requests, errors } = countersOfTally(tally)
  t.same(
    requests.map(({ labels, count }) => [labels.dialect, labels.client, count]),
    [['api', 'curl', 2]]
  )
  t.same(errors, [{ labels: { code: 'AC_NOT_FOUND' }, count: 2 }])
  const worker = (value: number) => [
    { name: 'other', values: [{ labels: {}, value: 9 }] },
    { name: 'signpost_requests_total', values: [{ labels: { dialect: 'api' }, value }] },
    { name: 'signpost_errors_total' }
  ]
  t.same(countersOfWorkers([worker(2), worker(3), []]), {
    requests: [{ labels: { dialect: 'api' }, count: 5 }],
    errors: []
  })
})
