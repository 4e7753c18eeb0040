import fc from 'fast-check'
import t from 'tap'
import { createCounter } from '../../../src/http/limits/counter.ts'

t.test('counter: counts each key in windows that begin with its first coming', async t => {
  const count = createCounter(1000)
  t.same(
    [
      ['a', 0],
      ['a', 500],
      ['b', 900],
      ['a', 999],
      ['a', 1000],
      ['b', 1899],
      ['a', 1999],
      ['b', 1900]
    ].map(([key, now]) => count(String(key), Number(now), 1).used),
    [1, 2, 1, 3, 1, 2, 2, 1]
  )
})

t.test('counter: is what a list of all comings says', async t => {
  const comings = fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c'), after: fc.nat(400) }), { maxLength: 60 })
  fc.assert(
    fc.property(comings, comings => {
      const count = createCounter(1000)
      const windows = new Map<string, number[]>()
      let now = 0
      for (const { key, after } of comings) {
        now += after
        const [first = now, ...others] = windows.get(key) ?? []
        const window = now < first + 1000 ? [first, ...others, now] : [now]
        if (windows.get(key) === undefined) window.splice(1)
        windows.set(key, window)
        t.equal(count(key, now, 1).used, window.length)
      }
    })
  )
})

t.test('counter: begins anew when there are too many', async t => {
  const count = createCounter(1000)
  for (let at = 0; at < 10_000; at++) count(`key ${at}`, 0, 1)
  t.equal(count('key 0', 1, 1).used, 2)
  t.equal(count('one more', 1, 1).used, 1)
  t.equal(count('key 0', 2, 1).used, 1)
  t.equal(count('one more', 2, 1).used, 2)
})

t.test('counter: a use counts as much as it weighs, and the window ends as it began', async t => {
  const count = createCounter(1000)
  t.match(count('a', 0, 10), { used: 10, ends: 1000 })
  t.match(count('a', 999, 3), { used: 13, ends: 1000 })
  t.match(count('a', 1000, 2), { used: 2, ends: 2000 })
})
