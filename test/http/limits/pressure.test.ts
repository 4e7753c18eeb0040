import { fastify } from 'fastify'
import t, { type Test } from 'tap'
import { createPressure, type PressureOptions } from '../../../src/http/limits/pressure.ts'
import { toLimits } from '../../../src/settings/limits.ts'
import { fixed } from '../../support/fixed.ts'

type Overload = NonNullable<Parameters<typeof toLimits>[0]>['overload']

async function listening(t: Test, overload: Overload, options: PressureOptions = {}): Promise<() => boolean> {
  const app = fastify()
  const limits = toLimits({ overload: { delayMilliseconds: 0, ...overload } })
  const isOverloaded = createPressure(app, fixed(limits), { measureMs: 10, ...options })
  t.teardown(() => app.close())
  await app.listen({ host: '127.0.0.1', port: 0 })
  return isOverloaded
}

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/** Blocks the event loop. */
/** Delays the event loop without using the processor. */
function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

t.test('pressure: memory above its limit is overload, below it is not', async t => {
  const cases = [
    [{ rssMegabytes: 1 }, true],
    [{ rssMegabytes: 1_000_000 }, false],
    [{ heapMegabytes: 1 }, true],
    [{ heapMegabytes: 1_000_000 }, false]
  ] as const
  const all = await Promise.all(cases.map(([overload]) => listening(t, overload)))
  await pause(50)
  t.same(
    all.map(isOverloaded => isOverloaded()),
    cases.map(([, expected]) => expected)
  )
})

t.test('pressure: unknown memory usage is neither overload nor an error', async t => {
  let measurements = 0
  const readRss = () => {
    measurements++
    throw Object.assign(new Error('EMFILE: too many open files, uv_resident_set_memory'), { code: 'EMFILE' })
  }
  const isOverloaded = await listening(t, { rssMegabytes: 1 }, { readRss })
  while (measurements === 0) await pause(20)
  t.equal(isOverloaded(), false)
})

t.test('pressure: a delayed event loop is overload until it recovers', async t => {
  const isOverloaded = await listening(t, { delayMilliseconds: 250 }, { measureMs: 1000 })
  for (let at = 0; at < 10 && !isOverloaded(); at++) {
    block(700)
    await pause(1)
  }
  t.equal(isOverloaded(), true)
  for (let at = 0; at < 100 && isOverloaded(); at++) await pause(50)
  t.equal(isOverloaded(), false)
})
