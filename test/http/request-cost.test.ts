/**
 * What one request may cost, whatever is in it. `npm run bench:cost` prints the exact figures.
 */
import t from 'tap'
import { createClient } from '../bench/cost-measure.ts'
import { defaultLimits, shapes } from '../bench/cost-shapes.ts'
import { serveApp } from '../support/served-app.ts'

/** Milliseconds of processor time, of which this test itself and the coverage of it take a part. */
const most = 6

const turnsEach = 4

t.test('request cost: no shape of a request, as large as limits let it be, takes long', async t => {
  const { app } = serveApp(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const [place] = app.addresses()
  const client = createClient(typeof place === 'object' ? place.port : 0)
  t.teardown(client.close)
  let turn = 0
  for (const { name, listener, request } of shapes(defaultLimits)) {
    if (listener === 'admin') continue
    const costs: number[] = []
    for (let time = 0; time < turnsEach; time++) {
      const bytes = request(turn++)
      const before = process.threadCpuUsage()
      await client.ask(bytes)
      const { user, system } = process.threadCpuUsage(before)
      costs.push((user + system) / 1000)
    }
    // Why the least: what is collected and compiled meanwhile is no cost of this request.
    const cost = Math.min(...costs)
    if (cost > most) t.fail(`${name}: ${cost} ms`)
  }
})
