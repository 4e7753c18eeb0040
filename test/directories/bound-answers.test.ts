import { PassThrough } from 'node:stream'
import t from 'tap'
import { boundAnswers, mostAnswerBytes } from '../../src/directories/bound-answers.ts'
import { matchLists } from '../support/match-lists.ts'

t.test('bounded answers: a stream is destroyed by more than one answer may have', async t => {
  const stream = Object.assign(new PassThrough(), { bytesWritten: 0 })
  const errors: unknown[] = []
  boundAnswers(stream).on('error', error => errors.push(error))
  for (let answer = 1; answer < 4; answer++) {
    stream.bytesWritten = answer
    stream.write(Buffer.alloc(mostAnswerBytes))
    await new Promise(setImmediate)
  }
  t.equal(stream.destroyed, false, 'each answer has as much')
  stream.write('x')
  await new Promise(setImmediate)
  t.equal(stream.destroyed, true)
  matchLists(t, errors, [{ code: 'answer-too-long' }])
})
