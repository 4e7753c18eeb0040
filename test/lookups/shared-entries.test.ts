import t from 'tap'
import { entryReading } from '../../src/lookups/entry.ts'
import { createSharedEntries } from '../../src/lookups/shared-entries.ts'

t.test('shared entries: what says the same is one, and what differs is not', async t => {
  const shared = createSharedEntries()
  const entry = (said: Record<string, string>) => shared(entryReading.toAnswer(said))
  t.equal(entry({ provider: 'example' }), entry({ provider: 'example' }))
  t.equal(entry({}), entry({}))
  t.equal(entry({ provider: 'example', host: 'a.example' }), entry({ provider: 'example', host: 'a.example' }))
  t.not(entry({ provider: 'example' }), entry({ provider: 'other' }))
  t.not(entry({ provider: 'example' }), entry({}))
  t.not(entry({ provider: 'example', host: 'a.example' }), entry({ provider: 'example', host: 'b.example' }))
})

t.test('shared entries: their number is bounded', async t => {
  const shared = createSharedEntries()
  const entry = (provider: string) => shared(entryReading.toAnswer({ provider }))
  const first = entry('p')
  for (let at = 0; at < 1000; at++) entry(`p${at}`)
  t.not(entry('p'), first)
})
