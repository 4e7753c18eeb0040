import fc from 'fast-check'
import t from 'tap'
import type { ClientNames } from '../../../src/http/limits/client-keys.ts'
import { createCounter } from '../../../src/http/limits/counter.ts'

const options = { limit: 2, windowMs: 1000 }

t.test('counter: counts each client in time windows that begin with its first request', async t => {
  const count = createCounter(() => options)
  t.same(
    [
      ['a', 0],
      ['a', 500],
      ['b', 900],
      ['a', 999],
      ['a', 1000],
      ['b', 1000],
      ['b', 1899],
      ['a', 1900],
      ['a', 1999],
      ['b', 1900]
    ].map(([name, now]) => count([String(name)], Number(now), 1)),
    [0, 0, 0, 1, 0, 0, 1, 0, 1, 0]
  )
})

t.test('counter: agrees with a simple model that lists all requests', async t => {
  const requests = fc.array(fc.record({ name: fc.constantFrom('a', 'b', 'c'), after: fc.nat(400) }), { maxLength: 60 })
  fc.assert(
    fc.property(requests, requests => {
      const count = createCounter(() => options)
      const windows = new Map<string, number[]>()
      let now = 0
      for (const { name, after } of requests) {
        now += after
        const [first = now, ...others] = windows.get(name) ?? []
        const isOpen = windows.has(name) && now < first + options.windowMs
        const window = isOpen ? [first, ...others, now] : [now]
        windows.set(name, window)
        t.equal(count([name], now, 1), window.length <= options.limit ? 0 : first + options.windowMs - now)
      }
    })
  )
})

t.test('counter: a request counts with its weight, and does not extend its window', async t => {
  const count = createCounter(() => ({ limit: 12, windowMs: 1000 }))
  t.equal(count(['a'], 0, 10), 0)
  t.equal(count(['a'], 500, 2), 0)
  t.equal(count(['a'], 999, 1), 1)
  t.equal(count(['a'], 1000, 13), 1000)
  t.equal(count(['a'], 1001, 1), 999, 'a request over the limit is counted')
})

t.test('counter: a network has twice the limit of a client, and the next larger one four times', async t => {
  const count = createCounter(() => options)
  const letIn = (network: string) => {
    let requests = 0
    for (let client = 0; client < 20; client++)
      if (count([`${network}-${client}`, network, 'all'], 0, 1) === 0) requests++
    return requests
  }
  t.same([letIn('one'), letIn('other'), letIn('third')], [4, 4, 0])
})

t.test('counter: refused requests of a client do not count for its network', async t => {
  const count = createCounter(() => options)
  const ask = (client: string) => [1, 2, 3, 4, 5].map(now => count([client, 'network'], now, 1) === 0)
  t.same(ask('a'), [true, true, false, false, false])
  t.same(ask('b'), [true, true, false, false, false])
  t.same(ask('c'), [false, false, false, false, false])
})

t.test('counter: a network at its limit uses no more memory', async t => {
  const count = createCounter(() => ({ limit: 1, windowMs: 1000 }))
  const before: ClientNames = ['first', 'elsewhere']
  t.equal(count(before, 0, 1), 0)
  for (let at = 0; at < 40_000; at++) count([`client ${at}`, 'network'], 0, 1)
  t.equal(count(before, 1, 1), 999, 'the first client is not forgotten')
})

t.test('counter: starts over when there are too many clients', async t => {
  const count = createCounter(() => ({ limit: 1, windowMs: 1000 }))
  for (let at = 0; at < 30_000; at++) count([`client ${at}`], 0, 1)
  t.equal(count(['client 0'], 1, 1), 999)
  t.equal(count(['one more'], 1, 1), 0)
  t.equal(count(['client 0'], 2, 1), 0)
  t.equal(count(['one more'], 2, 1), 999)
})
