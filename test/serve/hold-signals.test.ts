import { once } from 'node:events'
import t from 'tap'
import { holdSignals } from '../../src/serve/hold-signals.ts'

t.test('hold signals: a signal during the start arrives after it, and others are not held', async t => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const before = process.listenerCount(signal)
    const release = holdSignals()
    process.emit(signal, signal)
    t.equal(process.listenerCount(signal), before, 'a second signal has its default effect')
    const arrived = once(process, signal)
    release()
    // Why: a process that only waits for a signal ends.
    const keep = setTimeout(() => undefined, 5000)
    t.same((await arrived)[0], signal)
    clearTimeout(keep)
  }
})

t.test('hold signals: without a signal, nothing is sent and no listener remains', async t => {
  const before = process.listenerCount('SIGTERM')
  const release = holdSignals()
  t.equal(process.listenerCount('SIGTERM'), before + 1)
  const stop = () => t.fail('no signal was sent')
  process.on('SIGTERM', stop)
  release()
  await new Promise(done => setTimeout(done, 50))
  process.off('SIGTERM', stop)
  t.equal(process.listenerCount('SIGTERM'), before)
})
