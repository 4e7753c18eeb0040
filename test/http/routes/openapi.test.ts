import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { Compile } from 'typebox/schema'
import { api } from '../../../src/dialects/api.ts'
import { openapi } from '../../../src/http/routes/openapi.ts'
import { socketProtocols } from '../../../src/settings/provider.ts'
import { authentications, protocols } from '../../../src/settings/schema/provider.ts'
import { closedSchema } from '../../schemas/closed-schema.ts'
import { anyAddressAt } from '../../support/arbitraries/address.ts'
import { anyFullTable } from '../../support/arbitraries/full-table.ts'
import { answerOf } from '../../support/dialects/answer-of.ts'
import { exampleSettings, serveApp } from '../../support/served-app.ts'

const { Settings, Problem } = openapi.components.schemas
const settings = Compile(closedSchema(Settings))
const problem = Compile(closedSchema(Problem))

t.test('openapi: describes the response for any table and address', async () => {
  const request = anyFullTable.chain(({ table, domain }) =>
    fc.record({ table: fc.constant(table), address: anyAddressAt(fc.constant(domain)) })
  )
  fc.assert(
    fc.property(request, ({ table, address }) => {
      const response = answerOf(api, table, { query: `email=${encodeURIComponent(address.text)}` })
      const [, errors] = settings.Errors(JSON.parse(response?.body ?? ''))
      assert.deepEqual(errors, [])
    })
  )
})

t.test('openapi: describes error responses', async t => {
  const { app } = serveApp(t)
  t.ok(problem.Check((await app.inject('/api/settings')).json()))
})

t.test('openapi: rejects responses that it does not describe', async t => {
  const { app } = serveApp(t)
  const response = (await app.inject('/api/settings?email=jane@example.com')).json()
  t.ok(settings.Check(response))
  t.notOk(settings.Check({ ...response, more: 1 }))
  t.notOk(settings.Check({ ...response, username: undefined }))
  t.notOk(settings.Check({ ...response, servers: [{ ...response.servers[0], port: 0 }] }))
})

t.test('openapi: lists every protocol and every authentication method', async t => {
  const { servers, services } = Settings.properties
  const { protocol, authentication } = servers.items.properties
  t.same([...protocol.enum], [...socketProtocols])
  t.same([...protocol.enum, ...services.items.properties.protocol.enum].sort(), [...protocols].sort())
  t.same([...authentication.items.enum], [...authentications])
})

t.test('openapi: the path is that of the dialect, and docs/reference/http-api.md names it', async t => {
  t.same(
    Object.keys(openapi.paths),
    api.routes.map(({ path }) => path)
  )
  t.match(readFileSync(new URL('../../../docs/reference/http-api.md', import.meta.url), 'utf8'), '/api/openapi.json')
})

t.test('openapi: every reference resolves, and the document is JSON', async t => {
  const text = JSON.stringify(openapi)
  for (const [, name = ''] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
    t.ok(Object.hasOwn(openapi.components.schemas, name), name)
  }
  t.same(JSON.parse(text), openapi)
})

t.test('openapi: is public, and requests are logged', async t => {
  const { app, readLog } = serveApp(t, exampleSettings)
  for (const url of ['/api/openapi.json', '/API/OpenAPI.json/', '/api/openapi.json?x=1']) {
    const answer = await app.inject({ url, headers: { host: 'unknown.example' } })
    t.equal(answer.statusCode, 200)
    t.same(answer.json(), openapi)
    t.match(answer.headers, {
      'content-type': 'application/json; charset=utf-8',
      'access-control-allow-origin': '*',
      'x-content-type-options': 'nosniff'
    })
    t.match(readLog(), /"dialect":"none","outcome":"answered",.*"domain":"unknown.example"/)
  }
})

t.test('openapi: HEAD works like GET, OPTIONS lists the methods, and others get 405', async t => {
  const { app, readLog } = serveApp(t, exampleSettings)
  const url = '/api/openapi.json'
  const head = await app.inject({ method: 'HEAD', url })
  t.equal(head.statusCode, 200)
  t.equal(head.body, '')
  t.equal(Number(head.headers['content-length']), Buffer.byteLength(JSON.stringify(openapi)))
  const options = await app.inject({ method: 'OPTIONS', url })
  t.equal(options.statusCode, 204)
  t.match(options.headers, { allow: 'GET, HEAD, OPTIONS', 'access-control-allow-origin': '*' })
  const post = await app.inject({ method: 'POST', url })
  t.equal(post.statusCode, 405)
  t.equal(post.headers.allow, 'GET, HEAD, OPTIONS')
  t.match(readLog(), '"outcome":"refused"')
})
