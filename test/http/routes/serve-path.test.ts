import { fastify } from 'fastify'
import t from 'tap'
import { servePath } from '../../../src/http/routes/serve-path.ts'
import { send } from '../../../src/http/send.ts'

t.test('path: a path without GET has no HEAD, and other methods get the list of allowed ones', async t => {
  const app = fastify()
  t.teardown(() => app.close())
  const answered: string[] = []
  servePath(app, {
    url: '/letters',
    methods: ['POST'],
    crossOrigin: false,
    handler: (_request, reply) => void reply.send('taken'),
    respond: ({ method }, reply, document) => {
      answered.push(`${method} ${document.status}`)
      send(reply, document)
    }
  })
  t.equal((await app.inject({ method: 'POST', url: '/letters' })).body, 'taken')
  for (const method of ['GET', 'HEAD', 'PUT'] as const) {
    const { statusCode, headers } = await app.inject({ method, url: '/letters' })
    t.equal(statusCode, 405)
    t.equal(headers.allow, 'POST, OPTIONS')
  }
  const { statusCode, headers } = await app.inject({ method: 'OPTIONS', url: '/letters' })
  t.equal(statusCode, 204)
  t.equal(headers.allow, 'POST, OPTIONS')
  t.equal(headers['access-control-allow-origin'], undefined)
  t.same(answered, ['GET 405', 'HEAD 405', 'PUT 405', 'OPTIONS 204'], 'the handler replaces the default response')
})
