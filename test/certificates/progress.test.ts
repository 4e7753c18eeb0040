import t from 'tap'
import { createProgressBoard } from '../../src/certificates/progress.ts'

const hour = 60 * 60 * 1000
const failed = { nextAt: 100, problem: 'no', notAfter: undefined }

t.test('progress: a group with a problem is not tried again before its time', async t => {
  let now = 0
  const board = createProgressBoard(() => now)
  t.equal(board.mayTry('a'), true)
  board.set('a', failed, { isWanted: true })
  t.equal(board.mayTry('a'), false)
  now = 100
  t.equal(board.mayTry('a'), true)
  board.set('a', { nextAt: 500, problem: undefined, notAfter: 900 }, { isWanted: false })
  t.equal(board.mayTry('a'), true, 'without a problem')
  board.set('a', { ...failed, nextAt: 1000 }, { isWanted: true })
  t.equal(board.get('a')?.nextAt, 1000)
  board.forget('a')
  t.equal(board.get('a'), undefined)
})

t.test('progress: clients can name 10,000 groups without a certificate in an hour', async t => {
  let now = 0
  const board = createProgressBoard(() => now)
  for (let at = 0; at < 10_000; at++) board.set(`made-up-${at}`, failed, { isWanted: true })
  now = 1000
  t.equal(board.mayTry('another'), false)
  t.equal(board.mayTry('made-up-7'), true, 'a known one may be tried again')
  t.equal(board.summary().problems, 10_000)
  now = hour
  t.equal(board.mayTry('another'), true)
})

t.test('progress: the summary has the number of certificates and problems, and the first expiry', async t => {
  const board = createProgressBoard(() => 0)
  t.same(board.summary(), { certificates: 0, problems: 0, firstExpiry: undefined })
  board.set('a', { nextAt: 1, problem: undefined, notAfter: 20 }, { isWanted: false })
  board.set('b', { nextAt: 1, problem: 'incomplete', notAfter: 10 }, { isWanted: false })
  board.set('c', failed, { isWanted: false })
  t.same(board.summary(), { certificates: 2, problems: 2, firstExpiry: 10 })
})
