import t from 'tap'
import { createForms } from '../../../src/console/access/form.ts'

const body = (fields: Record<string, string>) => Buffer.from(new URLSearchParams(fields).toString())

t.test('console forms: one with the token of this start is read, any other is refused', async t => {
  const { token, read } = createForms()
  t.match(token, /^[\w-]{32}$/)
  t.not(createForms().token, token)
  const host = '127.0.0.1:9090'
  t.equal(read({ host }, body({ token, domain: 'example.com' }))?.get('domain'), 'example.com')
  for (const wrong of [undefined, body({}), body({ token: '' }), body({ token: `${token}x` })])
    t.equal(read({ host }, wrong), undefined)
})

t.test('console forms: a form of another website is refused even if it has the token', async t => {
  const { token, read } = createForms('token')
  const fields = body({ token })
  const host = 'localhost:9090'
  const isRead = (headers: Record<string, string>) => read({ host, ...headers }, fields) !== undefined
  t.ok(isRead({ origin: 'http://localhost:9090' }))
  t.ok(isRead({ origin: 'https://localhost:9090' }))
  t.ok(
    isRead({ 'sec-fetch-site': 'same-origin', origin: 'https://console.example.net' }),
    'a proxy that changes the host'
  )
  t.notOk(isRead({ origin: 'http://evil.example' }))
  t.notOk(isRead({ origin: 'null' }))
  for (const site of ['cross-site', 'same-site', 'none']) t.notOk(isRead({ 'sec-fetch-site': site }), site)
})
