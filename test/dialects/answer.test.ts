import t from 'tap'
import { answer } from '../../src/dialects/answer.ts'
import type { Question } from '../../src/dialects/dialect.ts'
import { thunderbird } from '../../src/dialects/thunderbird/autoconfig.ts'
import { tableOf } from '../support/table-of.ts'

const servers = 'servers: [{ protocol: imap, host: "%EMAILDOMAIN%" }, { protocol: smtp, host: smtp.example.com }]'
const closed = tableOf(`
providers:
  - { id: a, name: A, domains: [a.example], mx: [mx.a.example], ${servers} }
  - { id: b, name: B, domains: [b.example], dialects: { thunderbird: false }, ${servers} }
`)
const open = tableOf(`providers: [{ id: a, name: A, domains: [a.example, "*"], ${servers} }]`)

const ask = (question: Question, host?: string, table = closed) => {
  const { document, domain } = answer(thunderbird, table, question, host)
  return [/<hostname>(.*?)</.exec(document?.body ?? '')?.[1], domain]
}

t.test('answer: is that of the domain, else of the host', async t => {
  t.same(ask({ domain: 'a.example' }, 'x.example'), ['a.example', 'a.example'])
  t.same(ask({ domain: 'x.example' }, 'autoconfig.a.example'), ['a.example', 'a.example'])
  t.same(ask({ domain: undefined }, 'a.example'), ['a.example', 'a.example'])
  t.same(ask({ domain: undefined }, 'x.example'), [undefined, undefined])
})

t.test('answer: has no document where the provider does not speak the dialect, and tells its domain', async t =>
  t.same(ask({ domain: 'b.example' }), [undefined, 'b.example'])
)

t.test('answer: of a strict question is that of its domain or mail exchanger alone', async t => {
  t.same(ask({ domain: 'a.example', strict: true }, 'b.example'), ['a.example', 'a.example'])
  t.same(ask({ domain: 'mx.a.example', strict: true }, 'b.example'), ['a.example', 'a.example'])
  t.same(ask({ domain: 'x.example', strict: true }, 'a.example'), [undefined, undefined])
  t.same(ask({ domain: undefined, strict: true }, 'a.example'), [undefined, undefined])
})

t.test('answer: of a strict question about no domain is none, even where every domain is served', async t => {
  t.same(ask({ domain: 'x.example', strict: true }, 'a.example', open), ['x.example', 'x.example'])
  t.same(ask({ domain: undefined, strict: true }, 'a.example', open), [undefined, undefined])
})
