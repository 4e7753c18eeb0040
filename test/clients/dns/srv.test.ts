import t from 'tap'
import { inSrvOrder } from '../../../src/clients/dns/srv.ts'

t.test('sorts by lowest priority, then by greatest weight, and omits "."', async t => {
  const records = [
    { priority: 2, weight: 9, port: 1, target: 'd.example' },
    { priority: 1, weight: 1, port: 1, target: 'b.example' },
    { priority: 1, weight: 1, port: 1, target: 'c.example' },
    { priority: 0, weight: 0, port: 0, target: '.' },
    { priority: 1, weight: 5, port: 1, target: 'a.example' }
  ]
  t.same(
    inSrvOrder(records).map(({ target }) => target),
    ['a.example', 'b.example', 'c.example', 'd.example']
  )
})
