import { fastify } from 'fastify'
import t from 'tap'
import { servePath } from '../../src/http/serve-path.ts'

t.test('path: one without GET has no HEAD, and others are told what it has', async t => {
  const app = fastify()
  t.teardown(() => app.close())
  const logged: string[] = []
  servePath(app, {
    url: '/letters',
    methods: ['POST'],
    crossOrigin: false,
    handler: (_request, reply) => void reply.send('taken'),
    log: ({ method }, outcome) => logged.push(`${method} ${outcome}`)
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
  t.same(logged, ['GET refused', 'HEAD refused', 'PUT refused', 'OPTIONS answered'], 'the handler logs for itself')
})
