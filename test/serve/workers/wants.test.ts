import t from 'tap'
import type { FromWorker } from '../../../src/serve/workers/messages.ts'
import { createWants } from '../../../src/serve/workers/wants.ts'

t.test('wants: the primary process is asked, and its answer belongs to the question', async t => {
  const sent: FromWorker[] = []
  const wants = createWants(message => sent.push(message))
  const [first, second] = [wants.want('a.example'), wants.want('b.example')]
  t.same(sent, [
    { type: 'wanted', question: 1, name: 'a.example' },
    { type: 'wanted', question: 2, name: 'b.example' }
  ])
  wants.receive({ type: 'answered', question: 2, isThere: true })
  wants.receive({ type: 'answered', question: 7, isThere: true })
  wants.receive({ type: 'ping', beat: 1 })
  wants.receive({ type: 'answered', question: 1, isThere: false })
  t.same(await Promise.all([first, second]), [false, true])
})

t.test('wants: only so many names wait', async t => {
  const sent: FromWorker[] = []
  const wants = createWants(message => sent.push(message))
  for (let at = 0; at < 200; at++) wants.want(`a${at}.example`)
  t.equal(await wants.want('last.example'), false)
  t.equal(sent.length, 200)
})

t.test('wants: a stored certificate is passed on', async t => {
  const wants = createWants(() => undefined)
  wants.receive({ type: 'certificate', key: 'early.example' })
  const stored: string[] = []
  wants.subscribe(key => stored.push(key))
  wants.receive({ type: 'certificate', key: 'a.example' })
  t.same(stored, ['a.example'])
})
