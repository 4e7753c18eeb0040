// Workers that hang, and a supervisor that is suspended.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { isAnswered, isThere, startWorkers, within } from './worker-service.ts'

const folder = await mkdtemp(join(tmpdir(), 'hung-workers-'))
t.teardown(() => rm(folder, { recursive: true, maxRetries: 5 }))
const service = await startWorkers(folder)
t.teardown(service.stop)
const { pid, workers, metrics, readiness, readLog } = service

t.test('hung workers: no worker is killed after the supervisor, or the whole service, was suspended', async t => {
  const before = await workers()
  process.kill(pid, 'SIGSTOP')
  await sleep(20_000)
  t.ok(await isAnswered(), 'workers respond without the supervisor')
  for (const each of before) process.kill(each, 'SIGSTOP')
  await sleep(15_000)
  process.kill(pid, 'SIGCONT')
  // Why: the supervisor may be woken before the workers.
  await sleep(3000)
  for (const each of before) process.kill(each, 'SIGCONT')
  t.ok(await within(10, isAnswered))
  t.same(await workers(), before)
  t.equal((await metrics()).figureOf('signpost_worker_hangs_total'), 0)
})

t.test('hung workers: a stopped worker and one in an endless loop are killed and replaced', async t => {
  const [stopped = 0, looping = 0] = await workers()
  process.kill(stopped, 'SIGSTOP')
  const requests = Array.from({ length: 20 }, isAnswered)
  t.ok((await Promise.all(requests)).every(Boolean), 'the other worker responds')
  process.kill(looping, 'SIGWINCH')
  t.ok(
    await within(30, async () => (await readiness()) === 503),
    'without a responding worker, the service is not ready'
  )
  t.ok(await within(60, () => !isThere(stopped) && !isThere(looping)))
  t.ok(await within(20, async () => (await readiness()) === 200 && (await isAnswered())))
  const { figureOf } = await metrics()
  t.same(
    ['hangs', 'restarts'].map(name => figureOf(`signpost_worker_${name}_total`)),
    [2, 2]
  )
  t.match(await readLog(), /worker 1 does not answer[\s\S]*worker 1 still does not answer: killing it/)
})

t.test('hung workers: SIGTERM ends the service in time although a worker hangs', async t => {
  const [stopped = 0, other = 0] = await workers()
  process.kill(stopped, 'SIGSTOP')
  process.kill(pid, 'SIGTERM')
  t.ok(await within(13.5, () => ![pid, stopped, other].some(isThere)))
  t.match(await readLog(), /"msg":"stopped"\}\n$/)
})
