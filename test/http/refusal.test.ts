import t from 'tap'
import { errors } from '../../src/errors.ts'
import { refusal } from '../../src/http/refusal.ts'

t.test('refusal: is a short plain text that must be neither cached nor sniffed', async t => {
  t.same(refusal(errors.notFound()), {
    status: 404,
    code: 'AC_NOT_FOUND',
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-length': 39
    },
    body: 'Nothing is served here. [AC_NOT_FOUND]\n'
  })
})

t.test('refusal: can have additional headers', async t => {
  const { status, headers } = refusal(errors.methodNotAllowed({ allowed: 'GET' }), { allow: 'GET' })
  t.equal(status, 405)
  t.equal(headers.allow, 'GET')
})

t.test('refusal: is a text with the error code for every error, in the same language for all clients', async t => {
  for (const make of Object.values(errors)) {
    const error = make()
    const { status, body } = refusal(error)
    t.ok(status >= 400 && status < 600)
    t.notMatch(body, /[<>]|^\s*[{[]/)
    t.match(body, /^\S.*\n$/s)
    t.ok(body.endsWith(` [${error.code}]\n`))
  }
})
