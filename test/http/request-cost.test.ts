/**
 * The maximum cost of a request with any content. `npm run bench:cost` prints the exact figures.
 */
import t from 'tap'
import { createClient } from '../bench/cost-measure.ts'
import { defaultLimits, shapes } from '../bench/cost-shapes.ts'
import { serveApp } from '../support/served-app.ts'

/** Milliseconds of processor time, including the overhead of this test and of coverage. */
const most = 12

/** Why so many: on a busy machine, the first ones take longer. */
const mostTurns = 20

t.test('request cost: no request takes long, even at the maximum size', async t => {
  const { app } = serveApp(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const [place] = app.addresses()
  const client = createClient(typeof place === 'object' ? place.port : 0)
  t.teardown(client.close)
  let turn = 0
  for (const { name, listener, request } of shapes(defaultLimits)) {
    if (listener === 'admin') continue
    const costs: number[] = []
    for (let time = 0; time < mostTurns && !(Math.min(...costs) <= most); time++) {
      const bytes = request(turn++)
      const before = process.threadCpuUsage()
      await client.ask(bytes)
      const { user, system } = process.threadCpuUsage(before)
      costs.push((user + system) / 1000)
    }
    // Why the minimum: garbage collection and compilation are not part of the cost of a request.
    const cost = Math.min(...costs)
    if (cost > most) t.fail(`${name}: ${cost} ms`)
  }
})
