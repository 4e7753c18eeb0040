import t from 'tap'
import { withSignal, withTimeout } from '../src/timeout.ts'

const never = new Promise<string>(() => undefined)

t.test('timeout: a promise that settles in time keeps its result', async t => {
  t.equal(await withTimeout(Promise.resolve('answer'), 60_000), 'answer')
  await t.rejects(withTimeout(Promise.reject(new Error('refused')), 60_000), { message: 'refused' })
})

t.test('timeout: a promise that takes too long is rejected with ETIMEDOUT', async t => {
  await t.rejects(withTimeout(never, 5), { code: 'ETIMEDOUT', message: 'no answer within 5 ms' })
})

t.test('timeout: a promise is rejected as soon as its signal is aborted, or if it already is', async t => {
  const toError = () => new Error('aborted')
  const open = new AbortController()
  t.equal(await withSignal(Promise.resolve('answer'), open.signal, toError), 'answer')
  const waiting = withSignal(never, open.signal, toError)
  open.abort()
  await t.rejects(waiting, { message: 'aborted' })
  await t.rejects(withSignal(never, open.signal, toError), { message: 'aborted' })
})
