import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { createSlots } from '../../../src/certificates/pace/slots.ts'

t.test('slots: some work at a time, some more waits, and no more is accepted', async t => {
  const slots = createSlots({ most: 2, mostWaiting: 1 })
  const ends: (() => void)[] = []
  const work = () => new Promise<string>(resolve => ends.push(() => resolve('done')))
  const [first, second, third] = [slots.use(work), slots.use(work), slots.use(work)]
  t.equal(await slots.use(work), undefined)
  t.equal(ends.length, 2)
  ends[0]?.()
  t.equal(await first, 'done')
  await turn()
  t.equal(ends.length, 3, 'the next one has begun')
  ends[1]?.()
  ends[2]?.()
  t.same(await Promise.all([second, third]), ['done', 'done'])
  await t.rejects(slots.use(async () => Promise.reject(new Error('x'))))
  t.equal(await slots.use(async () => 'again'), 'again', 'a failure frees its slot')
})
