import { createServer, IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import t from 'tap'
import { createConnectionClock } from '../../../src/http/connections/connection-clock.ts'
import { fixed } from '../../support/fixed.ts'

/** The limits add up to four seconds, which are four ticks of the clock. */
const times = { keepAliveSeconds: 1, headersSeconds: 1, requestSeconds: 1, idleSeconds: 1 }

/** @returns a clock, a connection of its server, and a function that advances the clock by seconds */
function start({ intercept }: Pick<typeof t, 'intercept'>) {
  const ticks: (() => void)[] = []
  const setInterval = (tick: () => void) => {
    ticks.push(tick)
    return { unref: () => undefined }
  }
  const { restore } = intercept(globalThis, 'setInterval', { value: setInterval })
  const server = createServer()
  const clock = createConnectionClock(server, fixed(times))
  server.emit('listening')
  restore()
  const socket = new Socket()
  server.emit('connection', socket)
  const pass = (seconds: number) => {
    for (let second = 0; second < seconds; second++) for (const tick of ticks) tick()
  }
  return { clock, socket, pass }
}

/** @returns the response to a request that has arrived on a connection */
function responseOn(socket: Socket): ServerResponse {
  const request = new IncomingMessage(socket)
  request.complete = true
  return new ServerResponse(request)
}

t.test('connection clock: a connection without requests is closed after the sum of all limits', async t => {
  const { socket, pass } = start(t)
  pass(4)
  t.equal(socket.destroyed, false)
  pass(1)
  t.equal(socket.destroyed, true)
})

t.test('connection clock: the time of a connection begins again with every request', async t => {
  const { clock, socket, pass } = start(t)
  pass(4)
  clock.begin(responseOn(socket))
  pass(4)
  t.equal(socket.destroyed, false)
  pass(1)
  t.equal(socket.destroyed, true)
})

t.test('connection clock: finished responses are forgotten', async t => {
  const { clock, socket, pass } = start(t)
  const first = responseOn(socket)
  const second = responseOn(socket)
  t.equal(clock.begin(first), 0)
  t.equal(clock.begin(second), 1)
  t.equal(clock.unfinished(socket), second)
  pass(1)
  t.equal(clock.unfinished(socket), second, 'it is not finished')
  Object.defineProperty(second, 'writableFinished', { value: true })
  pass(1)
  second.req.complete = false
  t.equal(clock.unfinished(socket), undefined, 'neither response is tracked any longer')
})

t.test('connection clock: a request on a connection that is closed already is not counted', async t => {
  const { clock, socket } = start(t)
  socket.destroy()
  await new Promise(resolve => socket.once('close', resolve))
  t.equal(clock.begin(responseOn(socket)), 0)
  t.equal(clock.unfinished(socket), undefined)
})
