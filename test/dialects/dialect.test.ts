import assert from 'node:assert/strict'
import t from 'tap'
import { writerOf } from '../../src/dialects/dialect.ts'
import { thunderbird } from '../../src/dialects/thunderbird/autoconfig.ts'
import type { Provider } from '../../src/settings/provider.ts'
import { tableOf } from '../support/table-of.ts'

const provider = (more: string): Provider => {
  const [only] = tableOf(`providers: [{ id: example, name: Example, domains: [example.com], ${more} }]`).providers
  assert(only)
  return only
}
const servers = 'servers: [{ protocol: imap, host: imap.example.com }, { protocol: smtp, host: smtp.example.com }]'

t.test('a provider is compiled once for a dialect, and again when the table changes', async t => {
  let compiled = 0
  const counting = {
    ...thunderbird,
    compile: (provider: Provider) => {
      compiled += 1
      return thunderbird.compile(provider)
    }
  }
  const first = provider(servers)
  t.type(writerOf(counting, first), 'function')
  t.equal(writerOf(counting, first), writerOf(counting, first))
  t.equal(compiled, 1)
  writerOf(counting, provider(servers))
  t.equal(compiled, 2)
})

t.test('a provider that a dialect cannot express is compiled only once', async t => {
  let compiled = 0
  const silent = {
    ...thunderbird,
    compile: () => {
      compiled += 1
      return undefined
    }
  }
  const first = provider(servers)
  t.equal(writerOf(silent, first), undefined)
  t.equal(writerOf(silent, first), undefined)
  t.equal(compiled, 1)
})

t.test('each dialect has its own writer', async t => {
  const first = provider(servers)
  const other = { ...thunderbird, name: 'apple' as const, compile: () => undefined }
  t.type(writerOf(thunderbird, first), 'function')
  t.equal(writerOf(other, first), undefined)
})

t.test('a dialect that the settings switch off is not compiled', async t => {
  const compile = () => t.fail('compiled')
  t.equal(
    writerOf({ ...thunderbird, compile: compile as never }, provider(`${servers}, dialects: { thunderbird: false }`)),
    undefined
  )
})
