import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { createUniformDuration } from '../../src/lookups/uniform-duration.ts'

async function timed(run: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await run().catch(() => undefined)
  return performance.now() - started
}

t.test('uniform duration: no result or error is returned before the end of the first step', async t => {
  const uniform = createUniformDuration({ stepMs: 10, mostMs: 1000 })
  t.equal(await uniform(async () => 'there'), 'there')
  await t.rejects(
    uniform(async () => Promise.reject(new Error('away'))),
    { message: 'away' }
  )
  for (const run of [async () => 'there', async () => Promise.reject(new Error('away'))]) {
    t.ok((await timed(() => uniform(run))) >= 10)
  }
})

t.test('uniform duration: a late result is returned at the end of a later step', async t => {
  const uniform = createUniformDuration({ stepMs: 20, mostMs: 1000 })
  t.ok((await timed(() => uniform(() => sleep(30)))) >= 40)
})

t.test('uniform duration: after slow results, all take twice as long, up to the limit', async t => {
  for (const [mostMs, least] of [
    [1000, 60],
    [40, 40]
  ] as const) {
    const uniform = createUniformDuration({ stepMs: 10, mostMs })
    await uniform(() => sleep(30))
    t.ok((await timed(() => uniform(async () => 1))) >= least)
  }
})

t.test('uniform duration: one slow result of a hundred does not delay others, three do', async t => {
  const uniform = createUniformDuration({ stepMs: 1, mostMs: 10_000 })
  const slow = () => uniform(() => sleep(500))
  await Promise.all(Array.from({ length: 99 }, () => uniform(async () => 1)))
  await slow()
  t.ok((await timed(() => uniform(async () => 1))) < 1000)
  await Promise.all([slow(), slow()])
  t.ok((await timed(() => uniform(async () => 1))) >= 900)
})

t.test('uniform duration: failures do not count as slow', async t => {
  const uniform = createUniformDuration({ stepMs: 1, mostMs: 10_000 })
  const fail = async () => {
    await sleep(500)
    throw new Error('late')
  }
  await timed(() => uniform(fail))
  t.ok((await timed(() => uniform(async () => 1))) < 1000)
})

t.test('uniform duration: after a thousand fast results, slow ones are forgotten', async t => {
  const uniform = createUniformDuration({ stepMs: 1, mostMs: 10_000 })
  await uniform(() => sleep(500))
  // Why at the same time: each of them waits as long as the slow ones require.
  await Promise.all(Array.from({ length: 1000 }, () => uniform(async () => 1)))
  t.ok((await timed(() => uniform(async () => 1))) < 1000)
})
