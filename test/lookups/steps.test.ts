import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { createSteps } from '../../src/lookups/steps.ts'

async function timed(ask: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await ask().catch(() => undefined)
  return performance.now() - started
}

t.test('steps: no answer comes before the end of the first step, and no rejection either', async t => {
  const inSteps = createSteps({ stepMs: 10, mostMs: 1000 })
  t.equal(await inSteps(async () => 'there'), 'there')
  await t.rejects(
    inSteps(async () => Promise.reject(new Error('away'))),
    { message: 'away' }
  )
  for (const ask of [async () => 'there', async () => Promise.reject(new Error('away'))]) {
    t.ok((await timed(() => inSteps(ask))) >= 10)
  }
})

t.test('steps: a late answer comes at the end of a later step', async t => {
  const inSteps = createSteps({ stepMs: 20, mostMs: 1000 })
  t.ok((await timed(() => inSteps(() => sleep(30)))) >= 40)
})

t.test('steps: once three answers were slow, all take twice as long as they did, up to the most', async t => {
  for (const [mostMs, least] of [
    [1000, 60],
    [40, 40]
  ] as const) {
    const inSteps = createSteps({ stepMs: 10, mostMs })
    const slow = () => inSteps(() => sleep(30))
    await Promise.all([slow(), slow()])
    await slow()
    t.ok((await timed(() => inSteps(async () => 1))) >= least)
    await Promise.all(Array.from({ length: 200 }, () => inSteps(async () => 1)))
    t.ok((await timed(() => inSteps(async () => 1))) >= least, 'fast answers push out no slow ones')
  }
})

t.test('steps: one or two slow answers slow down no other', async t => {
  const inSteps = createSteps({ stepMs: 10, mostMs: 10_000 })
  await Promise.all([1, 2].map(() => inSteps(() => sleep(500))))
  t.ok((await timed(() => inSteps(async () => 1))) < 1000)
})

t.test('steps: failures do not count as slow', async t => {
  const inSteps = createSteps({ stepMs: 1, mostMs: 10_000 })
  const fail = async () => {
    await sleep(500)
    throw new Error('late')
  }
  await Promise.all([1, 2, 3].map(() => timed(() => inSteps(fail))))
  t.ok((await timed(() => inSteps(async () => 1))) < 1000)
})

t.test('steps: slow answers are forgotten after ten to twenty minutes', async t => {
  let minutes = 0
  const inSteps = createSteps({ stepMs: 1, mostMs: 10_000, now: () => minutes * 60_000 })
  const slow = () => Promise.all([1, 2, 3].map(() => inSteps(() => sleep(200))))
  const fast = () => timed(() => inSteps(async () => 1))
  await slow()
  minutes = 15
  t.ok((await fast()) >= 400)
  minutes = 26
  t.ok((await fast()) < 400)
  await slow()
  minutes = 50
  t.ok((await fast()) < 400, 'also while nobody asks')
})
