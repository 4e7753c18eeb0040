import t from 'tap'
import { createHolds } from '../../src/certificates/holds.ts'

t.test('holds: a hold concerns its priority and less important ones, until its end', async t => {
  let now = 0
  const holds = createHolds(() => now)
  const all = () => (['renewal', 'listed', 'customer', 'open'] as const).map(holds.until)
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
