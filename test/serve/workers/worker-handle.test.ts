import { EventEmitter } from 'node:events'
import t from 'tap'
import type { FromWorker, ToWorker } from '../../../src/serve/workers/messages.ts'
import { createWorkerHandle, type WorkerProcess } from '../../../src/serve/workers/worker-handle.ts'

/** @returns a process that the test controls */
function fakeProcess(pid: number | undefined = 7) {
  const events = new EventEmitter()
  const orders: ToWorker[] = []
  const killed: unknown[] = []
  const process = Object.assign(events, {
    pid,
    send: (order: ToWorker, done: () => void) => {
      orders.push(order)
      done()
      return true
    },
    kill: (signal: string) => killed.push(signal) > 0
  }) as unknown as WorkerProcess
  const report = (message: FromWorker) => events.emit('message', message)
  return { process, orders, killed, report, end: (...how: unknown[]) => events.emit('exit', ...how), events }
}

const ready = { plain: [{ address: '127.0.0.1', port: 8080 }], secure: [] }
const figures = (value: number) => [
  { name: 'a', help: 'A.', type: 'counter', aggregator: 'sum', values: [{ labels: {}, value }] }
]

t.test('worker handle: ready resolves with the addresses', async t => {
  const { process, report } = fakeProcess()
  const handle = createWorkerHandle(process, 2)
  t.match(handle, { number: 2, pid: 7 })
  report({ type: 'ready', ready })
  t.same(await handle.ready, ready)
})

t.test('worker handle: ready rejects with the code of an error', async t => {
  const { process, report } = fakeProcess()
  const handle = createWorkerHandle(process, 1)
  report({ type: 'unable', code: 'AC_CANNOT_LISTEN', message: 'the port is in use' })
  await t.rejects(handle.ready, { code: 'AC_CANNOT_LISTEN', message: 'the port is in use' })
})

t.test('worker handle: ready rejects with the exit code or signal of a worker that ends early', async t => {
  for (const [code, signal, message] of [
    [1, null, 'it ended with 1'],
    [null, 'SIGKILL', 'it ended with SIGKILL']
  ] as const) {
    const { process, end } = fakeProcess()
    const handle = createWorkerHandle(process, 1)
    end(code, signal)
    await t.rejects(handle.ready, { message })
    t.same(await handle.ended, { code, signal })
  }
})

t.test('worker handle: a process that could not be created has ended', async t => {
  const { process, events } = fakeProcess(0)
  const handle = createWorkerHandle(Object.assign(process, { pid: undefined }), 1)
  events.emit('error', new Error('spawn EAGAIN'))
  await t.rejects(handle.ready, { message: 'it ended with an error' })
  t.same(await handle.ended, { code: null, signal: null })
})

t.test('worker handle: a message that cannot be sent does not end the worker', async t => {
  const { process, events, end } = fakeProcess()
  const handle = createWorkerHandle(process, 1)
  events.emit('error', new Error('channel closed'))
  end(0, null)
  t.same(await handle.ended, { code: 0, signal: null })
})

t.test('worker handle: each request for metrics gets its own response', async t => {
  const { process, orders, report } = fakeProcess()
  const handle = createWorkerHandle(process, 1)
  t.equal(handle.metrics, undefined)
  const measured = [handle.measure(), handle.measure()]
  t.same(orders, [
    { type: 'measure', question: 1 },
    { type: 'measure', question: 2 }
  ])
  report({ type: 'measured', question: 2, metrics: figures(1) })
  await measured[1]
  report({ type: 'measured', question: 1, metrics: figures(2) })
  await measured[0]
  t.same(handle.metrics, figures(2))
})

t.test('worker handle: requests to an ended worker return immediately, and its last metrics are kept', async t => {
  const { process, report, end } = fakeProcess()
  const handle = createWorkerHandle(process, 1)
  const measured = handle.measure()
  report({ type: 'measured', question: undefined, metrics: figures(3) })
  end(0, null)
  await measured
  t.same(handle.metrics, figures(3))
})

t.test('worker handle: messages are sent, and kill ends the worker immediately', async t => {
  const { process, orders, killed } = fakeProcess()
  const handle = createWorkerHandle(process, 1)
  handle.send({ type: 'retire' })
  handle.kill()
  t.same([orders, killed], [[{ type: 'retire' }], ['SIGKILL']])
})

t.test('worker handle: a ping is only sent once the last one was answered', async t => {
  const { process, orders, report } = fakeProcess()
  const handle = createWorkerHandle(process, 1)
  t.same([handle.ping(), handle.ping(), handle.ping()], [true, false, false])
  report({ type: 'pong', beat: 1 })
  t.same([handle.ping(), handle.ping()], [true, false])
  t.same(orders, [
    { type: 'ping', beat: 1 },
    { type: 'ping', beat: 2 }
  ])
})

t.test('worker handle: a worker is reloading until it answers a ping that was sent after the message', async t => {
  const { process, report } = fakeProcess()
  const handle = createWorkerHandle(process, 1)
  t.equal(handle.isReloading, false)
  handle.ping()
  handle.send({ type: 'reload', scope: 'changes' })
  report({ type: 'pong', beat: 1 })
  t.equal(handle.isReloading, true)
  handle.ping()
  report({ type: 'pong', beat: 2 })
  t.equal(handle.isReloading, false)
})

t.test('worker handle: messages to a process that could not be created are ignored', async t => {
  const { process } = fakeProcess()
  const handle = createWorkerHandle(Object.assign(process, { send: undefined }), 1)
  t.doesNotThrow(() => handle.send({ type: 'retire' }))
})

t.test('worker handle: a wanted certificate is ordered, and the answer has the same number', async t => {
  const { process, report, orders } = fakeProcess()
  createWorkerHandle(process, 1, { want: async name => name === 'a.example' })
  report({ type: 'wanted', question: 4, name: 'a.example' })
  report({ type: 'wanted', question: 5, name: 'b.example' })
  const without = fakeProcess()
  createWorkerHandle(without.process, 1)
  without.report({ type: 'wanted', question: 1, name: 'a.example' })
  await new Promise(resolve => setImmediate(resolve))
  t.same(orders, [
    { type: 'answered', question: 4, isThere: true },
    { type: 'answered', question: 5, isThere: false }
  ])
  t.same(without.orders, [{ type: 'answered', question: 1, isThere: false }])
})
