import fc from 'fast-check'
import t from 'tap'
import { createBackoff } from '../../../src/serve/workers/backoff.ts'

t.test('backoff: who has worked for a while is replaced at once, however often', async t => {
  const { waitAfter } = createBackoff()
  for (let times = 0; times < 20; times++) t.equal(waitAfter(10_000), 0)
})

t.test('backoff: the first that ends soon is replaced at once, the next ones later and later', async t => {
  const { waitAfter } = createBackoff()
  t.same(
    Array.from({ length: 10 }, () => waitAfter(50)),
    [0, 100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]
  )
})

t.test('backoff: is never longer than ten seconds, and forgotten after a while of work', async () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 20_000 })), lives => {
      const { waitAfter } = createBackoff()
      const waits = lives.map(lived => ({ lived, wait: waitAfter(lived) }))
      return waits.every(({ lived, wait }) => wait >= 0 && wait <= 10_000 && (lived < 10_000 || wait === 0))
    })
  )
})
