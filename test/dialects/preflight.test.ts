import t from 'tap'
import { preflightHeaders } from '../../src/dialects/preflight.ts'

t.test('preflight: pages of all origins may send all headers, and Authorization is named', async t => {
  t.same(preflightHeaders('GET, OPTIONS'), {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'GET, OPTIONS',
    'access-control-allow-headers': 'Authorization, Content-Type, *',
    'access-control-max-age': '86400'
  })
})
