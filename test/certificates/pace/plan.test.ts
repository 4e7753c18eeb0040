import t from 'tap'
import {
  type FailureOrigin,
  mostOrders,
  namesToOrder,
  nextRenewalQuestion,
  priorities,
  renewalTime,
  waitAfterFailure
} from '../../../src/certificates/pace/plan.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const keys = Array.from({ length: 200 }, (_, at) => `domain-${at}.example`)

t.test('plan: a certificate is renewed after two thirds of its lifetime, a bit later by its name', async t => {
  for (const days of [90, 6]) {
    const times = keys.map(key => renewalTime({ notBefore: 0, notAfter: days * day }, key) / (days * day))
    t.ok(times.every(time => time >= 2 / 3 && time <= 0.7))
    t.ok(new Set(times).size > 190, 'names do not share a time')
    t.equal(renewalTime({ notBefore: 0, notAfter: day }, 'a'), renewalTime({ notBefore: 0, notAfter: day }, 'a'))
  }
})

t.test('plan: a suggested window decides, but leaves a sixth of the lifetime', async t => {
  const life = { notBefore: 0, notAfter: 60 * day }
  for (const key of keys) {
    const time = renewalTime(life, key, { start: 10 * day, end: 11 * day })
    t.ok(time >= 10 * day && time <= 11 * day)
    t.equal(renewalTime(life, key, { start: 70 * day, end: 80 * day }), 50 * day)
  }
  t.equal(nextRenewalQuestion(undefined, 5), 5 + 6 * hour)
  t.equal(nextRenewalQuestion(1000, 5), 5 + hour)
  t.equal(nextRenewalQuestion(2 * hour, 5), 5 + 2 * hour)
  t.equal(nextRenewalQuestion(10 * day, 5), 5 + day)
})

t.test(
  'plan: the wait doubles with each failure up to its limit, and is never shorter than the authority demands',
  async t => {
    const wait = (origin: FailureOrigin, failures: number, retryAfterMs?: number) =>
      waitAfterFailure({ origin, failures, retryAfterMs }, 'a.example')
    const near = (actual: number, expected: number) => t.ok(actual >= expected && actual <= expected * 1.1)
    near(wait('here', 1), minute)
    near(wait('here', 3), 4 * minute)
    near(wait('here', 50), hour)
    near(wait('refused', 1), 5 * minute)
    near(wait('refused', 2), 10 * minute)
    near(wait('refused', 1_000_000), day)
    near(wait('unavailable', 1), 5 * minute)
    near(wait('unavailable', 50), hour)
    near(wait('clock', 1), 2 * day)
    t.equal(wait('refused', 1, 3 * day), 3 * day)
  }
)

t.test(
  'plan: names that can be reached are ordered when there is no certificate, or a name is not covered',
  async t => {
    const names = ['a', 'b']
    const current = { notBefore: 0, notAfter: 60 * day, names: ['a'] }
    const plan = (changes: object) =>
      namesToOrder({ names, reachable: names, current: undefined, renewAt: 40 * day, now: day, ...changes })
    t.same(plan({}), names)
    t.same(plan({ reachable: ['b'] }), ['b'])
    t.same(plan({ reachable: [] }), [])
    t.same(plan({ current }), names)
    t.same(plan({ current: { ...current, names } }), [], 'nothing is due')
    t.same(plan({ current: { ...current, names }, now: 41 * day }), names, 'the renewal is due')
  }
)

t.test(
  'plan: a certificate loses a name only shortly before it expires, or if the name is not served any more',
  async t => {
    const current = { notBefore: 0, notAfter: 60 * day, names: ['a', 'b'] }
    const plan = (changes: object) =>
      namesToOrder({ names: ['a', 'b'], reachable: ['a'], current, renewAt: 40 * day, now: 41 * day, ...changes })
    t.same(plan({}), [])
    t.same(plan({ now: 51 * day }), ['a'])
    t.same(plan({ names: ['a'] }), ['a'])
    t.same(plan({ reachable: [], now: 59 * day }), [])
  }
)

t.test('plan: renewals may use all orders of an hour, and names that strangers invent half of them', async t => {
  const all = (ordersPerHour: number) => priorities.map(each => [each, mostOrders(ordersPerHour, each)])
  t.same(all(50), [
    ['renewal', 50],
    ['listed', 45],
    ['customer', 37],
    ['open', 25]
  ])
  t.same(Object.fromEntries(all(1)), { renewal: 1, listed: 1, customer: 1, open: 1 }, 'at least one')
})
