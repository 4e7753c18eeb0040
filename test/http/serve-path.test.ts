import { fastify } from 'fastify'
import t from 'tap'
import { document } from '../../src/dialects/document.ts'
import { send } from '../../src/http/send.ts'
import { servePath } from '../../src/http/serve-path.ts'

t.test('serve path: HEAD comes with GET alone, OPTIONS always, and all else is 405', async t => {
  for (const [methods, crossOrigin, allow] of [
    [['GET'], true, 'GET, HEAD, OPTIONS'],
    [['POST'], false, 'POST, OPTIONS'],
    [['GET', 'POST'], false, 'GET, POST, HEAD, OPTIONS']
  ] as const) {
    const app = fastify()
    t.teardown(() => app.close())
    const outcomes: string[] = []
    servePath(app, {
      url: '/x',
      methods,
      crossOrigin,
      handler: (_request, reply) => send(reply, document(200, {}, 'x')),
      log: (_request, outcome) => outcomes.push(outcome)
    })
    const ask = (method: 'GET' | 'HEAD' | 'POST' | 'OPTIONS' | 'PUT') => app.inject({ method, url: '/x' })
    const options = await ask('OPTIONS')
    t.equal(options.statusCode, 204)
    t.equal(options.headers.allow, allow)
    t.equal(options.headers['access-control-allow-methods'], crossOrigin ? allow : undefined)
    for (const method of ['GET', 'HEAD', 'POST', 'PUT'] as const) {
      const { statusCode, headers } = await ask(method)
      t.equal(statusCode, allow.includes(method) ? 200 : 405, `${method} of ${allow}`)
      if (statusCode === 405) t.equal(headers.allow, allow)
    }
    t.same(new Set(outcomes), new Set(['answered', 'refused']))
  }
})
