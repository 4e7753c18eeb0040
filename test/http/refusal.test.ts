import t from 'tap'
import { errors } from '../../src/errors.ts'
import { refusal } from '../../src/http/refusal.ts'

t.test('refusal: is a short plain text that nobody keeps or guesses at', async t => {
  t.same(refusal(errors.notFound()), {
    status: 404,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-length': 24
    },
    body: 'Nothing is served here.\n'
  })
})

t.test('refusal: carries further headers', async t => {
  const { status, headers } = refusal(errors.methodNotAllowed({ allowed: 'GET' }), { allow: 'GET' })
  t.equal(status, 405)
  t.equal(headers.allow, 'GET')
})

t.test('refusal: is a text in no language of documents, for every error', async t => {
  for (const make of Object.values(errors)) {
    const { status, body } = refusal(make())
    t.ok(status >= 400 && status < 600)
    t.notMatch(body, /[<>]|^\s*[{[]/)
    t.match(body, /^\S.*\n$/)
  }
})
