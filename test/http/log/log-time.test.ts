import fc from 'fast-check'
import t from 'tap'
import { createLogTime } from '../../../src/http/log/log-time.ts'

t.test('log time: equals Date.toISOString after any previous time', async t => {
  const day = 86_400_000
  const moment = fc.integer({ min: -day, max: 4_102_444_800_000 })
  const steps = fc.array(fc.oneof(fc.integer({ min: -2000, max: 2000 }), fc.integer({ min: -day, max: day })))
  fc.assert(
    fc.property(moment, steps, (first, changes) => {
      let now = Math.max(0, first)
      const timeOf = createLogTime(() => now)
      for (const change of [0, ...changes]) {
        now = Math.max(0, now + change)
        t.equal(timeOf(), `,"time":"${new Date(now).toISOString()}"`)
      }
    })
  )
})

t.test('log time: defaults to the current time', async t => {
  const [, text = ''] = /^,"time":"(.+)"$/.exec(createLogTime()()) ?? []
  t.ok(Math.abs(Date.now() - Date.parse(text)) < 10_000, text)
})
