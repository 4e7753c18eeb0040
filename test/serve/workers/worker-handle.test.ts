import { EventEmitter } from 'node:events'
import t from 'tap'
import type { Order } from '../../../src/serve/workers/order.ts'
import type { Report } from '../../../src/serve/workers/report.ts'
import { createMember, type WorkerProcess } from '../../../src/serve/workers/worker-handle.ts'

/** @returns a process that does as the test says */
function fakeProcess(pid: number | undefined = 7) {
  const events = new EventEmitter()
  const orders: Order[] = []
  const killed: unknown[] = []
  const process = Object.assign(events, {
    pid,
    send: (order: Order, done: () => void) => {
      orders.push(order)
      done()
      return true
    },
    kill: (signal: string) => killed.push(signal) > 0
  }) as unknown as WorkerProcess
  const report = (told: Report) => events.emit('message', told)
  return { process, orders, killed, report, end: (...how: unknown[]) => events.emit('exit', ...how), events }
}

const ready = { plain: [{ address: '127.0.0.1', port: 8080 }], secure: [] }
const figures = (value: number) => [
  { name: 'a', help: 'A.', type: 'counter', aggregator: 'sum', values: [{ labels: {}, value }] }
]

t.test('member: is ready where it listens', async t => {
  const { process, report } = fakeProcess()
  const member = createMember(process, 2)
  t.match(member, { number: 2, pid: 7 })
  report({ type: 'ready', ready })
  t.same(await member.ready, ready)
})

t.test('member: tells what hinders it, by its code', async t => {
  const { process, report } = fakeProcess()
  const member = createMember(process, 1)
  report({ type: 'unable', code: 'AC_CANNOT_LISTEN', message: 'the port is in use' })
  await t.rejects(member.ready, { code: 'AC_CANNOT_LISTEN', message: 'the port is in use' })
})

t.test('member: whoever ends before is not ready, and says how', async t => {
  for (const [code, signal, message] of [
    [1, null, 'it ended with 1'],
    [null, 'SIGKILL', 'it ended with SIGKILL']
  ] as const) {
    const { process, end } = fakeProcess()
    const member = createMember(process, 1)
    end(code, signal)
    await t.rejects(member.ready, { message })
    t.same(await member.ended, { code, signal })
  }
})

t.test('member: a process that could not be made has ended', async t => {
  const { process, events } = fakeProcess(0)
  const member = createMember(Object.assign(process, { pid: undefined }), 1)
  events.emit('error', new Error('spawn EAGAIN'))
  await t.rejects(member.ready, { message: 'it ended with an error' })
  t.same(await member.ended, { code: null, signal: null })
})

t.test('member: an order that did not arrive is no end of it', async t => {
  const { process, events, end } = fakeProcess()
  const member = createMember(process, 1)
  events.emit('error', new Error('channel closed'))
  end(0, null)
  t.same(await member.ended, { code: 0, signal: null })
})

t.test('member: is asked for its figures, each question apart', async t => {
  const { process, orders, report } = fakeProcess()
  const member = createMember(process, 1)
  t.equal(member.snapshot, undefined)
  const asked = [member.measure(), member.measure()]
  t.same(orders, [
    { type: 'measure', question: 1 },
    { type: 'measure', question: 2 }
  ])
  report({ type: 'measured', question: 2, snapshot: figures(1) })
  await asked[1]
  report({ type: 'measured', question: 1, snapshot: figures(2) })
  await asked[0]
  t.same(member.snapshot, figures(2))
})

t.test('member: nobody waits for the figures of one that has ended, and its last ones are kept', async t => {
  const { process, report, end } = fakeProcess()
  const member = createMember(process, 1)
  const asked = member.measure()
  report({ type: 'measured', question: undefined, snapshot: figures(3) })
  end(0, null)
  await asked
  t.same(member.snapshot, figures(3))
})

t.test('member: takes orders, and is killed at once', async t => {
  const { process, orders, killed } = fakeProcess()
  const member = createMember(process, 1)
  member.tell({ type: 'leave' })
  member.kill()
  t.same([orders, killed], [[{ type: 'leave' }], ['SIGKILL']])
})

t.test('member: is asked for a sign of life only once it has answered the last question', async t => {
  const { process, orders, report } = fakeProcess()
  const member = createMember(process, 1)
  t.same([member.ping(), member.ping(), member.ping()], [true, false, false])
  report({ type: 'pong', beat: 1 })
  t.same([member.ping(), member.ping()], [true, false])
  t.same(orders, [
    { type: 'ping', beat: 1 },
    { type: 'ping', beat: 2 }
  ])
})

t.test('member: is reloading until it answers a question that was asked after the order', async t => {
  const { process, report } = fakeProcess()
  const member = createMember(process, 1)
  t.equal(member.isReloading, false)
  member.ping()
  member.tell({ type: 'reload', scope: 'changes' })
  report({ type: 'pong', beat: 1 })
  t.equal(member.isReloading, true)
  member.ping()
  report({ type: 'pong', beat: 2 })
  t.equal(member.isReloading, false)
})

t.test('member: a process that could not be made takes no orders', async t => {
  const { process } = fakeProcess()
  const member = createMember(Object.assign(process, { send: undefined }), 1)
  t.doesNotThrow(() => member.tell({ type: 'leave' }))
})
