import t from 'tap'
import { dialects } from '../../src/dialects/index.ts'

t.test('every dialect has a name, and no route is claimed twice', async t => {
  const names = dialects.map(({ name }) => name)
  t.same(names, ['thunderbird', 'outlook', 'apple'])
  const routes = dialects.flatMap(dialect => dialect.routes.map(({ method, path }) => `${method} ${path}`))
  t.equal(new Set(routes).size, routes.length)
})

t.test('no dialect serves Exchange SOAP or enrolment', async t => {
  const paths = dialects.flatMap(dialect => dialect.routes.map(({ path }) => path)).join('\n')
  t.notMatch(paths, /\.svc|remotemanagement/)
})
