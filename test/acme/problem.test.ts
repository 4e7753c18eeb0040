import t from 'tap'
import { describeProblem, retryAfter, toProblem } from '../../src/acme/problem.ts'

const now = Date.UTC(2026, 0, 1)

t.test('problem: type, explanation and waiting time of a problem document', async t => {
  const body = JSON.stringify({
    type: 'urn:ietf:params:acme:error:rateLimited',
    detail: 'too many',
    subproblems: [{ detail: 'for a.example' }]
  })
  const problem = toProblem({ status: 429, headers: { 'retry-after': '120' }, body }, now)
  t.same([problem.type, problem.message], ['rateLimited', 'too many: for a.example (rateLimited)'])
  t.equal(problem.retryAfterMs, 120_000)
})

t.test('problem: an answer without a problem document is described by its status', async t => {
  for (const body of ['<html>', '[]', 'null', '{"detail":"x"}']) {
    const problem = toProblem({ status: 502, headers: {}, body }, now)
    t.same([problem.type, problem.message], ['http', 'the certificate authority answered 502'])
    t.equal(problem.retryAfterMs, undefined)
  }
  t.same(describeProblem(undefined), { type: undefined, text: 'no reason given' })
  t.same(describeProblem({ type: 'about:blank' }), { type: 'about:blank', text: ' (about:blank)' })
})

t.test('problem: an explanation is short and cannot control a terminal', async t => {
  const { text } = describeProblem({ type: 'x', detail: `\u001b[2J${'a'.repeat(1000)}` })
  t.equal(text.includes('\u001b'), false)
  t.ok(text.length <= 301)
})

t.test('retry after: seconds or a date, never negative and at most 30 days', async t => {
  t.equal(retryAfter(undefined, now), undefined)
  t.equal(retryAfter('soon', now), undefined)
  t.equal(retryAfter('5', now), 5000)
  t.equal(retryAfter('9999999999', now), 30 * 24 * 60 * 60 * 1000)
  t.equal(retryAfter('Thu, 01 Jan 2026 00:01:00 GMT', now), 60_000)
  t.equal(retryAfter('Wed, 31 Dec 2025 00:00:00 GMT', now), 0)
})
