import t from 'tap'
import { createRefusals } from '../../../src/certificates/pace/refusals.ts'

const minute = 60_000
const here = { origin: 'here', retryAfterMs: undefined } as const

t.test('refusals: a name may be checked again after a minute, then later each time, up to an hour', async t => {
  let now = 0
  const refusals = createRefusals(() => now)
  t.equal(refusals.has('a'), false)
  for (const minutes of [1, 2, 4, 8, 16, 32, 60, 60]) {
    refusals.add('a', here)
    now += minutes * minute - 1
    t.equal(refusals.has('a'), true, `${minutes} minutes`)
    now += 0.1 * minutes * minute + 1
    t.equal(refusals.has('a'), false)
  }
  refusals.delete('a')
  refusals.add('a', here)
  now += 1.1 * minute
  t.equal(refusals.has('a'), false, 'a success resets the wait')
  t.equal(refusals.add('a', { origin: 'refused', retryAfterMs: 100 * minute }), 2)
  now += 99 * minute
  t.equal(refusals.has('a'), true, 'the authority demands it')
  refusals.expire()
  t.equal(refusals.has('a'), false)
})

t.test('refusals: memory is limited to 10,000 names, and the oldest is dropped', async t => {
  const refusals = createRefusals(() => 0)
  for (let at = 0; at < 10_000; at++) refusals.add(`name-${at}`, here)
  refusals.add('name-0', here)
  t.equal(refusals.has('name-1'), true)
  refusals.add('another', here)
  t.same([refusals.has('name-0'), refusals.has('name-1'), refusals.has('another')], [true, false, true])
})
