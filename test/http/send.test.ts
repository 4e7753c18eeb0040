import { setImmediate as turnEnds } from 'node:timers/promises'
import { type FastifyReply, fastify } from 'fastify'
import t from 'tap'
import { document } from '../../src/dialects/document.ts'
import { send } from '../../src/http/send.ts'
import { openWire } from '../support/http/wire.ts'

/** Replies that note what is written, in which order. */
function createReplies() {
  const written: unknown[] = []
  const raw = {
    writeHead: (status: number) => (status < 600 ? raw : fail()),
    end: (body: string | Buffer, encoding: string) => written.push(`${body} ${encoding}`)
  }
  return { written, reply: { hijack: () => undefined, raw } as unknown as FastifyReply }
}

function fail(): never {
  throw new Error('no such status')
}

t.test('send: bodies that are ready in one turn of the event loop are written in their order at its end', async t => {
  const { written, reply } = createReplies()
  for (const body of ['first', 'zweitägig', 'third']) send(reply, document(200, {}, body))
  t.same(written, [])
  await turnEnds()
  t.same(written, ['first latin1', 'zweitägig utf8', 'third latin1'])
  send(reply, document(200, {}, 'later'))
  await turnEnds()
  t.equal(written.at(-1), 'later latin1')
  t.equal(written.length, 4)
})

t.test('send: if many bodies are ready, they are written without waiting for more', async t => {
  const { written, reply } = createReplies()
  for (let sent = 0; sent < 31; sent++) send(reply, document(200, {}, `${sent}`))
  t.equal(written.length, 0)
  send(reply, document(200, {}, 'one more'))
  t.equal(written.length, 32)
  send(reply, document(200, {}, 'of the next'))
  await turnEnds()
  t.equal(written.length, 33)
})

t.test('send: a long body does not wait', async t => {
  const { written, reply } = createReplies()
  send(reply, document(200, {}, 'short'))
  send(reply, document(200, {}, 'x'.repeat(24_001)))
  t.same(written, [`${'x'.repeat(24_001)} latin1`])
  await turnEnds()
  t.equal(written.at(-1), 'short latin1')
})

t.test('send: the caller learns of headers that cannot be written, and other documents are sent', async t => {
  const { written, reply } = createReplies()
  send(reply, document(200, {}, 'before'))
  t.throws(() => send(reply, document(600, {}, 'wrong')), { message: 'no such status' })
  send(reply, document(200, {}, 'after'))
  await turnEnds()
  t.same(written, ['before latin1', 'after latin1'])
})

t.test('send: pipelined requests are answered in their order, and a client that has gone harms no one', async t => {
  const app = fastify({ forceCloseConnections: true })
  app.get('/:name', (request, reply) => {
    const { name } = request.params as { name: string }
    if (name === 'gone') request.raw.socket.destroy()
    send(reply, document(200, {}, name))
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(() => app.close())
  const gone = await openWire(t, app)
  gone.send('GET /gone HTTP/1.1\r\nHost: a\r\n\r\n')
  const wire = await openWire(t, app)
  wire.send('GET /one HTTP/1.1\r\nHost: a\r\n\r\nGET /two HTTP/1.1\r\nHost: a\r\n\r\n')
  t.equal((await wire.receive()).body, 'one')
  t.equal((await wire.receive()).body, 'two')
})
