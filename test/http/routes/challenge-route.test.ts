import t from 'tap'
import { createApp } from '../../../src/app.ts'
import { createSource } from '../../../src/sources/source.ts'
import { exampleSettings } from '../../support/served-app.ts'
import { silentLogger } from '../../support/silent-logger.ts'
import { tableOf } from '../../support/table-of.ts'

const source = createSource({ table: tableOf(exampleSettings) })

t.test('challenge: a known token is answered under any host, everything else is 404', async t => {
  const lookedUp: string[] = []
  const app = createApp({
    source,
    logger: silentLogger,
    challengeOf: async token => {
      lookedUp.push(token)
      return token === 'Known_Token-1' ? 'the answer' : undefined
    }
  })
  t.teardown(() => app.close())
  const ask = (method: 'GET' | 'HEAD' | 'POST', path: string) =>
    app.inject({ method, url: `/.well-known/acme-challenge/${path}`, headers: { host: 'autoconfig.example.com' } })
  const known = await ask('GET', 'Known_Token-1')
  t.same([known.statusCode, known.body], [200, 'the answer'])
  t.match(known.headers, { 'content-type': 'application/octet-stream', 'x-content-type-options': 'nosniff' })
  const unknown = await ask('GET', '..%2Faccount.pem')
  t.equal(unknown.statusCode, 404)
  t.equal(unknown.body.includes('account'), false)
  t.equal((await ask('POST', 'Known_Token-1')).statusCode, 405)
  t.same(lookedUp, ['Known_Token-1', '../account.pem'])
})

t.test('challenge: without acme, the path is not served', async t => {
  const app = createApp({ source, logger: silentLogger })
  t.teardown(() => app.close())
  const { statusCode } = await app.inject('/.well-known/acme-challenge/Known_Token-1')
  t.equal(statusCode, 404)
})
