import t, { type Test } from 'tap'
import type { FromDriver, ToDriver } from '../../../src/directories/isolation/messages.ts'
import { createChangeQueue, serveDirectory } from '../../../src/directories/isolation/serve-directory.ts'
import { entryReading } from '../../../src/lookups/directory-entry.ts'
import { matchLists } from '../../support/match-lists.ts'
import { ldap } from '../../support/peers/ldap.ts'
import { startPeer } from '../../support/peers/peer.ts'

/** The code of a driver process, without the process. */
async function served(t: Test, { mebibytes = 50 } = {}) {
  const peer = await startPeer(ldap)
  t.teardown(peer.close)
  const messages: FromDriver[] = []
  const exited = Promise.withResolvers<void>()
  const events = { message: (_: ToDriver) => {}, disconnect: () => {}, uncaught: (_: unknown) => {} }
  serveDirectory(
    {
      onMessage(listener) {
        events.message = listener
      },
      onDisconnect(listener) {
        events.disconnect = listener
      },
      onUncaught(listener) {
        events.uncaught = listener
      },
      send(message, sent = () => undefined) {
        messages.push(message)
        sent()
      },
      exit: exited.resolve,
      memory: () => mebibytes
    },
    { checkMs: 1 }
  )
  const { block, parameter, key, columns } = entryReading
  const settings = {
    type: 'ldap',
    port: peer.port,
    base: 'o=a',
    filter: '(o=:domain)',
    attributes: { domain: 'cn', provider: 'o' }
  }
  const open = (changes: object = {}) =>
    events.message({
      type: 'open',
      task: {
        settings: { ...settings, ...changes } as never,
        columns: { block, parameter, key, columns },
        folder: '/',
        env: {}
      }
    })
  return { messages, events, exited: exited.promise, open, peer }
}

const untilSent = async (messages: readonly FromDriver[], type: FromDriver['type']) => {
  for (;;) {
    const found = messages.find(each => each.type === type)
    if (found !== undefined) return found
    await new Promise(resolve => setTimeout(resolve, 1))
  }
}

t.test('driver process: questions are answered, even if they arrive before it is open, and close ends it', async t => {
  const { messages, events, exited, open } = await served(t)
  events.message({ type: 'find', questions: [{ id: 7, name: 'a.example' }] })
  events.message({ type: 'ping' })
  open()
  t.same(await untilSent(messages, 'answers'), {
    type: 'answers',
    answers: [{ id: 7, found: { rows: [{ domain: ['a.example'], provider: ['example'] }] } }]
  })
  t.same(
    messages.map(({ type }) => type),
    ['pong', 'ready', 'answers']
  )
  events.message({ type: 'close' })
  await exited
})

t.test('driver process: errors are sent with their code and whether the question was refused', async t => {
  const { messages, events, open } = await served(t)
  open({ filter: '(o=:domain)', port: 1 })
  events.message({ type: 'find', questions: [{ id: 1, name: 'a.example' }] })
  matchLists(t, await untilSent(messages, 'answers'), {
    answers: [{ id: 1, error: { type: 'failure', code: 'ECONNREFUSED', isRefusal: false } }]
  })
})

t.test('driver process: an uncaught error ends it, and only the code is sent', async t => {
  for (const [error, code] of [
    [new RangeError('jane@example.com'), 'RangeError'],
    [Object.assign(new Error('jane@example.com'), { code: 'ERR_BUFFER_OUT_OF_BOUNDS' }), 'ERR_BUFFER_OUT_OF_BOUNDS'],
    ['jane@example.com', 'unknown']
  ] as const) {
    const { messages, events, exited } = await served(t)
    events.uncaught(error)
    await exited
    t.same(messages, [{ type: 'failed', code }])
  }
})

t.test('driver process: exceeding the memory limit ends it', async t => {
  const { messages, exited, open } = await served(t, { mebibytes: 1000 })
  open()
  await exited
  t.match(await untilSent(messages, 'failed'), { code: 'memory' })
})

t.test('driver process: it ends with the service', async t => {
  const { events, exited } = await served(t)
  events.disconnect()
  await exited
  t.pass('it does')
})

t.test(
  'change queue: changes wait until the last message has arrived, and too many become one about all names',
  async t => {
    const sent: unknown[] = []
    const { add, confirm } = createChangeQueue(names => sent.push(names))
    add('a.example')
    add('b.example')
    add('b.example')
    t.same(sent.splice(0), [['a.example']])
    confirm()
    t.same(sent.splice(0), [['b.example']])
    confirm()
    t.same(sent, [], 'there is nothing to report')
    add('c.example')
    for (let at = 0; at < 5000; at++) add(`${at}.example`)
    t.same(sent.splice(0), [['c.example']])
    confirm()
    t.same(sent.splice(0), [null])
    add(undefined)
    confirm()
    t.same(sent.splice(0), [null])
  }
)
