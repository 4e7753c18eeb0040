import t from 'tap'
import { toAddress } from '../../src/settings/question/address.ts'
import { createSource } from '../../src/sources/source.ts'
import { exampleSettings } from '../support/served-app.ts'
import { tableOf } from '../support/table-of.ts'

const table = tableOf(`
users: { type: sqlite, file: a, query: "SELECT * FROM b WHERE c = :address", unknown: "u#", providers: [example] }
${exampleSettings}`)
const jane = toAddress('Jane@example.com')
const provider = table.find('example.com')

t.test('source: without lookups, it serves the domains of its table, and follows a reload', async t => {
  const tables = { table }
  const source = createSource(tables)
  t.match(source.find({ domain: 'example.com', host: undefined }), { provider: { id: 'example' } })
  t.equal(source.find({ domain: 'kunde.example', host: undefined }), undefined)
  t.equal(source.lookUp('kunde.example', undefined), undefined)
  tables.table = tableOf(exampleSettings.replaceAll('example.com', 'kunde.example'))
  t.equal(source.table, tables.table)
  t.match(source.find({ domain: 'kunde.example', host: undefined }), { provider: { id: 'example' } })
})

t.test('source: lookups run one after the other until one finds a provider', async t => {
  const asked: string[] = []
  const lookUpOf = (name: string, known: string, late: boolean) => (domain: string) => {
    asked.push(name)
    const found = domain === known ? provider : undefined
    return late ? Promise.resolve(found) : found
  }
  const lookUps = [lookUpOf('directory', 'a.example', false), lookUpOf('mx', 'b.example', true)]
  const source = createSource({ table }, { lookUps })
  t.equal(source.lookUp('a.example', undefined), provider, 'at once')
  t.same(asked.splice(0), ['directory'])
  t.equal(await source.lookUp('b.example', undefined), provider)
  t.same(asked.splice(0), ['directory', 'mx'])
  t.equal(await source.lookUp('c.example', undefined), undefined)
  t.same(asked.splice(0), ['directory', 'mx'])
  t.match(await source.find({ domain: 'b.example', host: undefined }), {
    provider: { id: 'example' },
    domain: 'b.example'
  })
})

t.test('source: login names are looked up only for providers that look up users', async t => {
  const asked: unknown[] = []
  const source = createSource(
    { table },
    {
      async loginOf({ address: { text } }, client) {
        asked.push([text, client])
        return { lookedUpNames: { username: 'u1' } }
      }
    }
  )
  t.notMatch(source.find({ domain: 'example.com', host: undefined }), Promise)
  const other = toAddress('jane@a.customers.example')
  t.notMatch(source.find({ domain: other?.domain, host: undefined, address: other }), Promise)
  t.equal(source.find({ domain: 'x.example', host: undefined, address: toAddress('jane@x.example') }), undefined)
  const standIn = jane && { ...jane, isStandIn: true as const }
  t.notMatch(source.find({ domain: 'example.com', host: undefined, address: standIn }), Promise)
  t.same(asked, [])
  const account = await source.find({ domain: jane?.domain, host: undefined, address: jane, client: ['me'] })
  t.match(account, {
    provider: { id: 'example' },
    domain: 'example.com',
    address: jane,
    lookedUpNames: { username: 'u1' }
  })
  t.same(asked, [['Jane@example.com', ['me']]])
})

t.test('source: the login name is looked up after a lookup has found the provider', async t => {
  const source = createSource(
    { table },
    { lookUps: [async () => provider], loginOf: async () => ({ lookedUpNames: { username: 'u1' } }) }
  )
  const address = toAddress('jane@kunde.example')
  t.match(await source.find({ domain: address?.domain, host: undefined, address }), {
    lookedUpNames: { username: 'u1' }
  })
})
