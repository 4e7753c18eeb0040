import t from 'tap'
import type { FromWorker } from '../../../src/serve/workers/messages.ts'
import { createWantedCertificates } from '../../../src/serve/workers/wanted-certificates.ts'

t.test('wanted certificates: each response of the primary process settles its own request', async t => {
  const sent: FromWorker[] = []
  const wanted = createWantedCertificates(message => sent.push(message))
  const [first, second] = [wanted.want('a.example'), wanted.want('b.example')]
  t.same(sent, [
    { type: 'wanted', question: 1, name: 'a.example' },
    { type: 'wanted', question: 2, name: 'b.example' }
  ])
  wanted.receive({ type: 'answered', question: 2, isThere: true })
  wanted.receive({ type: 'answered', question: 7, isThere: true })
  wanted.receive({ type: 'ping', beat: 1 })
  wanted.receive({ type: 'answered', question: 1, isThere: false })
  t.same(await Promise.all([first, second]), [false, true])
})

t.test('wanted certificates: at most 200 names wait', async t => {
  const sent: FromWorker[] = []
  const wanted = createWantedCertificates(message => sent.push(message))
  for (let at = 0; at < 200; at++) wanted.want(`a${at}.example`)
  t.equal(await wanted.want('last.example'), false)
  t.equal(sent.length, 200)
})

t.test('wanted certificates: a stored certificate is passed on', async t => {
  const wanted = createWantedCertificates(() => undefined)
  wanted.receive({ type: 'certificate', key: 'early.example' })
  const stored: string[] = []
  wanted.subscribe(key => stored.push(key))
  wanted.receive({ type: 'certificate', key: 'a.example' })
  t.same(stored, ['a.example'])
})
