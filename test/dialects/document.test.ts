import t from 'tap'
import { document, isDocument, notServed } from '../../src/dialects/document.ts'
import { errors } from '../../src/errors.ts'
import { refusal } from '../../src/http/refusal.ts'

t.test('a document has the length of its body in octets', async t => {
  t.same(document(200, { 'content-type': 'text/plain' }, 'é\u{1f4eb}'), {
    status: 200,
    headers: { 'content-type': 'text/plain', 'content-length': 6 },
    body: 'é\u{1f4eb}'
  })
})

t.test('the length that a template computes is used unchanged', async t => {
  t.match(document(200, {}, { text: 'é', bytes: 2 }), { headers: { 'content-length': 2 }, body: 'é' })
})

t.test('RFC 9110 8.6: a 204 has no length', async t => {
  t.same(document(204, { allow: 'GET' }, ''), { status: 204, headers: { allow: 'GET' }, body: '' })
})

t.test('a question is not a document', async t => {
  t.equal(isDocument(document(400, {}, '')), true)
  t.equal(isDocument({ domain: 'example.com' }), false)
})

t.test('not served: the answer is the same at every stage', async t => t.same(notServed, refusal(errors.notFound())))
