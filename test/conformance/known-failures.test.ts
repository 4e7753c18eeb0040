import t from 'tap'
import { knownFailures } from '../../src/conformance/known-failures.ts'

t.test('known failures: lists programs with the conditions under which they fail', async t => {
  let pauses = 0
  const failures = await knownFailures(async () => {
    pauses += 1
  })
  t.ok(pauses > 5, 'no step takes long')
  t.ok(failures.get('fairemail')?.some(text => text.startsWith('there is only POP3: it finds nothing')))
  t.ok(
    failures
      .get('delta-chat')
      ?.includes('a person types an internationalised domain in its own script: it finds nothing')
  )
  t.same(failures.get('vdirsyncer'), [
    'a server is at another host without SRV records',
    'a server is at another host with SRV records'
  ])
  t.notOk([...failures.values()].some(texts => texts.length === 0))
})
