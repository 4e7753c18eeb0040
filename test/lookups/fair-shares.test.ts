import fc from 'fast-check'
import t from 'tap'
import { createShares, type Sharer } from '../../src/lookups/fair-shares.ts'

/** @returns how many places the client gets one after the other */
function takeAll({ take }: ReturnType<typeof createShares>, sharer: Sharer): number {
  let taken = 0
  while (taken < 1000 && take(sharer) !== undefined) taken++
  return taken
}

t.test('fair shares: the first client gets a fifth of all places, and each further one a little less', async t => {
  const shares = createShares(() => 50)
  t.same(
    ['a', 'b', 'c', 'd'].map(name => takeAll(shares, [name])),
    [10, 8, 7, 5]
  )
})

t.test('fair shares: a client without limits gets all remaining places', async t => {
  const shares = createShares(() => 50)
  t.equal(takeAll(shares, ['a']), 10)
  t.equal(takeAll(shares, undefined), 40)
  t.equal(shares.take(['b']), undefined)
})

t.test('fair shares: a network gets more places than one of its clients, but not all', async t => {
  const shares = createShares(() => 50)
  const taken = Array.from({ length: 100 }, (_, at) => takeAll(shares, [`/64 ${at}`, `/56 ${at >> 2}`, '/48']))
  t.equal(
    taken.reduce((sum, each) => sum + each),
    25
  )
  t.equal(takeAll(shares, ['elsewhere']), 5)
})

t.test('fair shares: hundreds of clients get one place each, down to the last', async t => {
  const shares = createShares(() => 20)
  const taken = Array.from({ length: 30 }, (_, at) => (shares.take([`client ${at}`]) === undefined ? 0 : 1))
  t.same(taken, [...Array(20).fill(1), ...Array(10).fill(0)])
})

t.test('fair shares: one place is enough for one client at a time', async t => {
  const shares = createShares(() => 1)
  const giveBack = shares.take(['a', 'b'])
  t.equal(shares.take(['c']), undefined)
  giveBack?.()
  t.ok(shares.take(['c']))
})

t.test('fair shares: if the number of places shrinks below those in use, one must be released first', async t => {
  let places = 4
  const shares = createShares(() => places)
  const taken = [shares.take(undefined), shares.take(undefined), shares.take(undefined)]
  places = 2
  t.equal(shares.take(undefined), undefined)
  taken[0]?.()
  t.equal(shares.take(undefined), undefined)
  taken[1]?.()
  t.ok(shares.take(undefined))
  places = 3
  t.ok(shares.take(undefined))
})

t.test('fair shares: released places can be used again', async () => {
  const step = fc.record({ client: fc.nat(5), give: fc.nat(10) })
  fc.assert(
    fc.property(fc.array(step), steps => {
      const shares = createShares(() => 8)
      const taken: (() => void)[] = []
      for (const { client, give } of steps) {
        const giveBack = shares.take([`client ${client}`, `network ${client >> 1}`])
        if (giveBack !== undefined) taken.push(giveBack)
        if (taken.length > 8) return false
        if (give < 3) taken.splice(give, 1)[0]?.()
      }
      for (const giveBack of taken) giveBack()
      return (
        takeAll(shares, undefined) === 8 &&
        takeAll(
          createShares(() => 8),
          ['a']
        ) === 2
      )
    })
  )
})
