import t from 'tap'
import { flushLog } from '../../../src/http/log/flush-log.ts'

t.test('flush-log: waits for the log to be written', async t => {
  let isWritten = false
  const flush = (done?: (error?: Error) => void) => {
    setTimeout(() => {
      isWritten = true
      done?.()
    }, 20)
  }
  await flushLog({ flush })
  t.ok(isWritten)
})

t.test('flush-log: does not wait for a log without a reader', async t => {
  const before = performance.now()
  await flushLog({ flush: () => undefined })
  t.ok(performance.now() - before >= 900)
})
