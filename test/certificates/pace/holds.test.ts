import t from 'tap'
import { createHolds } from '../../../src/certificates/pace/holds.ts'

t.test('holds: a hold concerns its priority and less important ones, until its end', async t => {
  let now = 0
  const holds = createHolds(() => now)
  const all = () => (['renewal', 'listed', 'customer', 'open'] as const).map(each => holds.until(each))
  t.same(all(), [0, 0, 0, 0])
  holds.add({ priority: 'customer', until: 20 })
  holds.add({ priority: 'customer', until: 10 })
  t.same(all(), [0, 0, 20, 20])
  holds.add({ priority: 'renewal', until: 15 })
  t.same(all(), [15, 15, 20, 20])
  now = 15
  t.same(all(), [0, 0, 20, 20])
  holds.expire()
  t.same(all(), [0, 0, 0, 0])
})

const minute = 60_000
const unavailable = { kind: 'unavailable', retryAfterMs: undefined } as const
const limited = { kind: 'limited', retryAfterMs: 24 * 60 * minute } as const

t.test(
  'holds: while the authority is unavailable, all orders wait, longer each time, up to a quarter of an hour',
  async t => {
    let now = 0
    const holds = createHolds(() => now)
    for (const minutes of [1, 2, 4, 8, 15, 15]) {
      holds.addTrouble('a.example', unavailable)
      t.equal(holds.until('renewal') - now, minutes * minute)
      now = holds.until('renewal')
    }
    holds.endTrouble()
    holds.addTrouble('a.example', unavailable)
    t.equal(holds.until('renewal') - now, minute)
    holds.addTrouble('a.example', { kind: 'unavailable', retryAfterMs: 10 * minute })
    t.equal(holds.until('renewal') - now, 10 * minute, 'the authority demands it')
  }
)

t.test('holds: a limit of the authority concerns one domain first, and all after three domains in a row', async t => {
  let now = 0
  const holds = createHolds(() => now)
  holds.addTrouble('a.one.example', limited)
  t.equal(holds.until('renewal', 'b.one.example'), 60 * minute)
  t.same([holds.until('open', 'a.two.other'), holds.until('open')], [0, 0])
  holds.addTrouble('one.other', limited)
  t.equal(holds.until('renewal'), 0)
  holds.addTrouble('one.third', limited)
  t.equal(holds.until('renewal'), 15 * minute)
  now = 61 * minute
  t.equal(holds.until('open', 'a.one.example'), 0)
  holds.endTrouble()
  holds.addTrouble('one.third', { ...limited, retryAfterMs: undefined })
  t.equal(holds.until('open', 'one.third'), 62 * minute)
  t.equal(holds.until('open'), 0)
  holds.expire()
  t.equal(holds.until('open', 'one.third'), 0)
})
