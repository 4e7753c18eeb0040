import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import t, { type Test } from 'tap'
import { surviveAcceptErrors } from '../../../src/http/connections/accept-errors.ts'

const failed = () => Object.assign(new Error('accept ENOBUFS'), { code: 'ENOBUFS', syscall: 'accept' })

async function listening(t: Test, logger?: { warn(fields: object): void }): Promise<Server> {
  const server = createServer()
  surviveAcceptErrors(server, logger)
  server.emit('error', failed())
  t.teardown(() => server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return server
}

t.test('accept errors: they do not end the process, and are logged once a minute', async t => {
  const warnings: object[] = []
  const server = await listening(t, { warn: fields => void warnings.push(fields) })
  t.same(warnings, [], 'errors before the server listens are left to the caller of listen')
  for (let at = 0; at < 100; at++) server.emit('error', failed())
  t.same(warnings, [{ code: 'ENOBUFS' }])
})

t.test('accept errors: without a log they do not end the process either', async t => {
  const server = await listening(t)
  server.emit('error', failed())
  t.ok(server.listening)
})
