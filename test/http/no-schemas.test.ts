import { fastify } from 'fastify'
import t from 'tap'
import { noSchemas } from '../../src/http/no-schemas.ts'

t.test('no schemas: a route that has one is refused at the start', async t => {
  const app = fastify({ schemaController: noSchemas })
  t.teardown(() => app.close())
  app.post('/', { schema: { body: { type: 'object' } } }, async () => 'never')
  await t.rejects(Promise.resolve(app.ready()), { message: /a route has a schema/ })
})
