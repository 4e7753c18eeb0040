import t from 'tap'
import { toProvider } from '../../../src/settings/provider.ts'
import { createTemplateStore } from '../../../src/web/frame/page-template.ts'
import { exampleProvider } from '../../support/settings/example.ts'

t.test('template store: makes a template once for each provider and key', async t => {
  const made: string[] = []
  const store = createTemplateStore<string>()
  const ask = (owner: Parameters<typeof store>[0], key: string) => store(owner, key, () => `${made.push(key)}`)
  const [one, other] = [toProvider(exampleProvider()), toProvider(exampleProvider())]
  t.equal(ask(one, 'en'), ask(one, 'en'))
  t.not(ask(other, 'en'), ask(one, 'en'))
  t.not(ask(undefined, 'en'), ask(one, 'en'))
  t.not(ask(one, 'de'), ask(one, 'en'))
  t.same(made, ['en', 'en', 'en', 'de'])
})

t.test('template store: keeps only the most recently used templates, for any number of providers', async t => {
  const made: string[] = []
  const store = createTemplateStore<string>()
  const ask = (key: string) => store(undefined, key, () => `${made.push(key)}`)
  ask('often')
  for (let turn = 0; turn < 1000; turn++) {
    ask(`${turn}`)
    ask('often')
  }
  t.equal(made.length, 1001, 'the template that is used often is made once')
  made.length = 0
  for (let turn = 999; turn >= 0; turn--) ask(`${turn}`)
  t.equal(made.length, 1000 - 255, '255 of the other templates are kept')
  const providers = Array.from({ length: 300 }, () => toProvider(exampleProvider()))
  for (const provider of providers) store(provider, 'en', () => 'page')
  made.length = 0
  ask('often')
  t.equal(made.length, 1, 'templates of other providers have evicted it')
})
