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

t.test('answer: comes from the domain, or else from the host', async t => {
  t.same(ask({ domain: 'a.example' }, 'x.example'), ['a.example', 'a.example'])
  t.same(ask({ domain: 'x.example' }, 'autoconfig.a.example'), ['a.example', 'a.example'])
  t.same(ask({ domain: undefined }, 'a.example'), ['a.example', 'a.example'])
  t.same(ask({ domain: undefined }, 'x.example'), [undefined, undefined])
})

t.test('answer: has no document if the provider does not have the dialect, but has its domain', async t =>
  t.same(ask({ domain: 'b.example' }), [undefined, 'b.example'])
)

t.test('answer: for a strict question, only the domain or its mail exchanger counts', async t => {
  t.same(ask({ domain: 'a.example', strict: true }, 'b.example'), ['a.example', 'a.example'])
  t.same(ask({ domain: 'mx.a.example', strict: true }, 'b.example'), ['a.example', 'a.example'])
  t.same(ask({ domain: 'x.example', strict: true }, 'a.example'), [undefined, undefined])
  t.same(ask({ domain: undefined, strict: true }, 'a.example'), [undefined, undefined])
})

t.test('answer: a strict question without a domain gets no answer, even if every domain is served', async t => {
  t.same(ask({ domain: 'x.example', strict: true }, 'a.example', open), ['x.example', 'x.example'])
  t.same(ask({ domain: undefined, strict: true }, 'a.example', open), [undefined, undefined])
})
