import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { createUniformDuration } from '../../src/lookups/uniform-duration.ts'

async function timed(ask: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await ask().catch(() => undefined)
  return performance.now() - started
}

t.test('steps: no answer comes before the end of the first step, and no rejection either', async t => {
  const inSteps = createUniformDuration({ stepMs: 10, mostMs: 1000 })
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
  const inSteps = createUniformDuration({ stepMs: 20, mostMs: 1000 })
  t.ok((await timed(() => inSteps(() => sleep(30)))) >= 40)
})

t.test('steps: once answers were slow, all take twice as long as they did, up to the most', async t => {
  for (const [mostMs, least] of [
    [1000, 60],
    [40, 40]
  ] as const) {
    const inSteps = createUniformDuration({ stepMs: 10, mostMs })
    await inSteps(() => sleep(30))
    t.ok((await timed(() => inSteps(async () => 1))) >= least)
  }
})

t.test('steps: one slow answer of a hundred slows down no other, three do', async t => {
  const inSteps = createUniformDuration({ stepMs: 1, mostMs: 10_000 })
  const slow = () => inSteps(() => sleep(500))
  await Promise.all(Array.from({ length: 99 }, () => inSteps(async () => 1)))
  await slow()
  t.ok((await timed(() => inSteps(async () => 1))) < 1000)
  await Promise.all([slow(), slow()])
  t.ok((await timed(() => inSteps(async () => 1))) >= 900)
})

t.test('steps: failures do not count as slow', async t => {
  const inSteps = createUniformDuration({ stepMs: 1, mostMs: 10_000 })
  const fail = async () => {
    await sleep(500)
    throw new Error('late')
  }
  await timed(() => inSteps(fail))
  t.ok((await timed(() => inSteps(async () => 1))) < 1000)
})

t.test('steps: after a thousand fast answers, slow ones are forgotten', async t => {
  const inSteps = createUniformDuration({ stepMs: 1, mostMs: 10_000 })
  await inSteps(() => sleep(500))
  // Why at the same time: all of them wait as long as the slow one makes them.
  await Promise.all(Array.from({ length: 1000 }, () => inSteps(async () => 1)))
  t.ok((await timed(() => inSteps(async () => 1))) < 1000)
})
