import fc from 'fast-check'
import t from 'tap'
import { toLimits } from '../../src/settings/limits.ts'
import { limitsShare } from '../../src/settings/limits-share.ts'

const whole = fc.integer({ min: 1, max: 1_000_000 })

t.test('limits share: of one process is all of it', async t => {
  t.same(limitsShare(toLimits(), 1), toLimits())
})

t.test('limits share: what is counted is divided, and sizes and times stay', async t => {
  const { rate, connections, connectionsPerAddress, ...rest } = limitsShare(toLimits(), 4)
  t.same([rate.requests, rate.seconds, connections, connectionsPerAddress], [150, 60, 1250, 62])
  t.match(toLimits(), rest)
})

t.test('limits share: all processes together allow no more than the limit, and never nothing', async () => {
  fc.assert(
    fc.property(whole, whole, fc.integer({ min: 1, max: 64 }), (requests, connections, workers) => {
      const share = limitsShare(toLimits({ rate: { requests }, connections }), workers)
      return [
        [share.rate.requests, requests],
        [share.connections, connections]
      ].every(([part = 0, all = 0]) => part >= 1 && (part * workers <= all || all < workers))
    })
  )
})

t.test('limits share: no limit stays none, and a Redis counts all together', async t => {
  const none = limitsShare(toLimits({ rate: { requests: 0 }, connectionsPerAddress: 0 }), 4)
  t.same([none.rate.requests, none.connectionsPerAddress], [0, 0])
  const together = limitsShare(toLimits({ rate: { redis: 'redis://127.0.0.1' } }), 4)
  t.equal(together.rate.requests, 600)
})
