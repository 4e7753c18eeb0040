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

t.test('steps: once answers have been slow, all take twice as long as they did, up to the most', async t => {
  for (const [mostMs, least] of [
    [1000, 60],
    [40, 40]
  ] as const) {
    const inSteps = createSteps({ stepMs: 10, mostMs })
    await Promise.all([1, 2].map(() => inSteps(() => sleep(30))))
    t.ok((await timed(() => inSteps(async () => 1))) < 1000, 'two of them do not count')
    await inSteps(() => sleep(30))
    t.ok((await timed(() => inSteps(async () => 1))) >= least)
  }
})

t.test('steps: failures do not count as slow, and slow answers are forgotten', async t => {
  const inSteps = createSteps({ stepMs: 1, mostMs: 1000 })
  await Promise.all([1, 2, 3].map(() => inSteps(() => sleep(300)).catch(() => undefined)))
  await Promise.all(Array.from({ length: 100 }, () => inSteps(async () => 1)))
  t.ok((await timed(() => inSteps(async () => 1))) < 300)
  const fail = async () => {
    await sleep(300)
    throw new Error('late')
  }
  await Promise.all([1, 2, 3].map(() => timed(() => inSteps(fail))))
  t.ok((await timed(() => inSteps(async () => 1))) < 300)
})
