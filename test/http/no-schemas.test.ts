import { fastify } from 'fastify'
import t from 'tap'
import { noSchemas } from '../../src/http/no-schemas.ts'

t.test('no schemas: a route with a schema is refused at startup', async t => {
  const app = fastify({ schemaController: noSchemas })
  t.teardown(() => app.close())
  app.post('/', { schema: { body: { type: 'object' } } }, async () => 'never')
  await t.rejects(Promise.resolve(app.ready()), { message: /a route has a schema/ })
})
