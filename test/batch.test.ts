import { setImmediate as turnEnds } from 'node:timers/promises'
import t from 'tap'
import { createBatch } from '../src/batch.ts'

t.test('batch: the items of one turn of the event loop are handled together at its end, in their order', async t => {
  const handled: (readonly number[])[] = []
  const add = createBatch<number>(items => handled.push(items))
  for (const item of [1, 2, 3]) add(item)
  t.same(handled, [])
  await turnEnds()
  t.same(handled, [[1, 2, 3]])
  add(4)
  await turnEnds()
  t.same(handled, [[1, 2, 3], [4]])
})

t.test('batch: a full batch does not wait', async t => {
  const handled: (readonly number[])[] = []
  const add = createBatch<number>(items => handled.push(items), 2)
  for (const item of [1, 2, 3]) add(item)
  t.same(handled, [[1, 2]])
  await turnEnds()
  t.same(handled, [[1, 2], [3]])
  for (const item of [4, 5]) add(item)
  await turnEnds()
  t.same(handled, [[1, 2], [3], [4, 5]])
})

t.test('batch: an item that is added while others are handled belongs to the next batch', async t => {
  const handled: (readonly number[])[] = []
  const add = createBatch<number>(items => {
    handled.push(items)
    if (handled.length === 1) add(2)
  })
  add(1)
  await turnEnds()
  t.same(handled, [[1]])
  await turnEnds()
  t.same(handled, [[1], [2]])
})
