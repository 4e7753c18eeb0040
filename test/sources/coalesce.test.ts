import fc from 'fast-check'
import t from 'tap'
import { coalesce } from '../../src/sources/coalesce.ts'

const turn = () => new Promise(resolve => setImmediate(resolve))

/** @returns work whose runs end when the test says so; each returns its number */
function controlled() {
  const runs: PromiseWithResolvers<void>[] = []
  let under = 0
  let most = 0
  const work = async () => {
    const run = Promise.withResolvers<void>()
    const number = runs.push(run)
    under += 1
    most = Math.max(most, under)
    await run.promise.finally(() => {
      under -= 1
    })
    return number
  }
  return { runs, work, mostAtOnce: () => most }
}

t.test('coalesce: two hundred calls cause one run, and another one that they share', async t => {
  const { runs, work } = controlled()
  const run = coalesce(work)
  const all = Array.from({ length: 200 }, run)
  t.equal(runs.length, 1, 'the first starts immediately')
  runs[0]?.resolve()
  t.equal(await all[0], 1)
  await turn()
  t.equal(runs.length, 2)
  runs[1]?.resolve()
  t.same(new Set(await Promise.all(all)), new Set([1, 2]))
  await turn()
  t.equal(runs.length, 2)
  run()
  t.equal(runs.length, 3, 'later it starts immediately again')
})

t.test('coalesce: an error rejects the calls of that run only, and the next run starts', async t => {
  const { runs, work } = controlled()
  const run = coalesce(work)
  const [first, second] = [run(), run()]
  runs[0]?.reject(new Error('a fault'))
  await t.rejects(first, { message: 'a fault' })
  await turn()
  runs[1]?.resolve()
  t.equal(await second, 2)
  const thrown = coalesce(() => {
    throw new Error('at once')
  })
  await t.rejects(thrown(), { message: 'at once' })
  await t.rejects(thrown(), { message: 'at once' })
})

t.test('coalesce: pauses after a run for the given time, before the next one begins', async t => {
  const rests: number[] = []
  let rested = Promise.withResolvers<void>()
  let runs = 0
  const run = coalesce(() => ++runs, {
    restMs: tookMs => (tookMs >= 0 ? 7 : 0),
    pause: milliseconds => {
      rests.push(milliseconds)
      return rested.promise
    }
  })
  t.equal(await run(), 1)
  const next = run()
  await turn()
  t.same([runs, rests], [1, [7]])
  const before = rested
  rested = Promise.withResolvers()
  before.resolve()
  t.equal(await next, 2)
  t.same(rests, [7, 7])
})

t.test('coalesce: uses the system clock for pauses by default', async t => {
  const run = coalesce(() => performance.now(), { restMs: () => 20 })
  const [first, second] = await Promise.all([run(), run()])
  t.ok(second - first >= 15)
})

t.test('coalesce: there are never two runs at once, and each caller gets a run that began after the call', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom('call', 'end', 'turn'), { maxLength: 60 }), async steps => {
      const { runs, work, mostAtOnce } = controlled()
      const run = coalesce(work)
      const results: Promise<boolean>[] = []
      let ended = 0
      for (const step of steps) {
        if (step === 'turn') await turn()
        if (step === 'end') runs[ended++]?.resolve()
        ended = Math.min(ended, runs.length)
        if (step !== 'call') continue
        const begun = runs.length
        results.push(run().then(number => number > begun))
      }
      for (let left = results.length; left >= 0; left--) {
        for (const each of runs) each.resolve()
        await turn()
      }
      return (await Promise.all(results)).every(Boolean) && mostAtOnce() <= 1
    }),
    { numRuns: 50 }
  )
})
