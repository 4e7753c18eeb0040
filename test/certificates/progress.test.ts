import t from 'tap'
import { createProgressBoard } from '../../src/certificates/progress.ts'

const hour = 60 * 60 * 1000
const failed = { nextAt: 100, problem: 'no', notAfter: undefined }

t.test('progress: a group with a problem is not tried again before its time', async t => {
  let now = 0
  const board = createProgressBoard(() => now)
  t.equal(board.mayTry('a', 'customer'), true)
  board.set('a', failed, 'customer')
  t.equal(board.mayTry('a', 'customer'), false)
  now = 100
  t.equal(board.mayTry('a', 'customer'), true)
  board.set('a', { nextAt: 500, problem: undefined, notAfter: 900 }, 'kept')
  t.equal(board.mayTry('a', 'customer'), true, 'without a problem')
  board.set('a', { ...failed, nextAt: 1000 }, 'customer')
  t.equal(board.get('a')?.nextAt, 1000)
  board.forget('a')
  t.equal(board.get('a'), undefined)
})

t.test('progress: clients can name 10,000 groups without a certificate in an hour', async t => {
  let now = 0
  const board = createProgressBoard(() => now)
  for (let at = 0; at < 10_000; at++) board.set(`made-up-${at}`, failed, 'customer')
  now = 1000
  t.equal(board.mayTry('another', 'customer'), false)
  t.equal(board.mayTry('made-up-7', 'customer'), true, 'a known one may be tried again')
  t.equal(board.summary().problems, 0, 'strangers cannot raise an alarm')
  now = hour
  t.equal(board.mayTry('another', 'customer'), true)
})

t.test('progress: the summary has the number of certificates and problems, and the first expiry', async t => {
  const board = createProgressBoard(() => 0)
  t.same(board.summary(), { certificates: 0, problems: 0, firstExpiry: undefined })
  board.set('a', { nextAt: 1, problem: undefined, notAfter: 20 }, 'kept')
  board.set('b', { nextAt: 1, problem: 'incomplete', notAfter: 10 }, 'kept')
  board.set('c', failed, 'kept')
  board.set('d', failed, 'customer')
  t.same(board.summary(), { certificates: 2, problems: 2, firstExpiry: 10 })
})

t.test('progress: names that strangers invent leave room for those of a directory', async t => {
  const board = createProgressBoard(() => 0)
  for (let at = 0; at < 5000; at++) board.set(`made-up-${at}`, failed, 'open')
  t.equal(board.mayTry('another', 'open'), false)
  t.equal(board.mayTry('customer', 'customer'), true)
  t.equal(board.mayTry('listed', 'kept'), true)
  board.set('made-up-1', { nextAt: 1, problem: undefined, notAfter: 5 }, 'kept')
  t.equal(board.mayTry('another', 'open'), true, 'it has a certificate now')
  board.set('made-up-1', failed, 'open')
  t.equal(board.summary().problems, 1, 'and stays among those that are renewed')
})

t.test('progress: after the clock has been set back, everything is due', async t => {
  const board = createProgressBoard(() => 0)
  for (const kind of ['kept', 'customer', 'open'] as const) board.set(kind, failed, kind)
  board.expire()
  t.match(board.get('kept'), { nextAt: 0, problem: 'no' })
  t.equal(board.mayTry('kept', 'kept'), true)
  t.same([board.get('customer'), board.get('open')], [undefined, undefined])
})
