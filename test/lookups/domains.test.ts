import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t from 'tap'
import { openDomains } from '../../src/lookups/domains.ts'
import { toAddress } from '../../src/settings/question/address.ts'
import { createSource } from '../../src/sources/source.ts'
import { respond, startDnsServer } from '../support/network/dns-server.ts'
import { readableLog } from '../support/readable-log.ts'
import { exampleSettings } from '../support/served-app.ts'
import { tableOf } from '../support/table-of.ts'

t.test('domains: cached results expire when everything is reloaded', async t => {
  const folder = t.testdir({})
  const database = new DatabaseSync(join(folder, 'hoster.sqlite'))
  t.teardown(() => database.close())
  database.exec(`
    CREATE TABLE domain (name TEXT, host TEXT);
    INSERT INTO domain VALUES ('kunde.example', 'old.example');
    CREATE TABLE mailbox (address TEXT, login TEXT);
    INSERT INTO mailbox VALUES ('jane@kunde.example', 'old')`)
  const table = tableOf(`
directory: { type: sqlite, file: hoster.sqlite, query: "SELECT name AS domain, 'example' AS provider, host FROM domain WHERE name = :domain" }
users:
  type: sqlite
  file: hoster.sqlite
  query: SELECT address, login AS username FROM mailbox WHERE address = :address
  unknown: nobody
${exampleSettings}`)
  const domains = await openDomains(createSource({ table }), {
    file: join(folder, 'signpost.yaml'),
    logger: readableLog().logger
  })
  t.teardown(() => domains.close())
  const answer = async () => {
    const address = toAddress('jane@kunde.example')
    const account = await domains.source.find({ domain: 'kunde.example', host: undefined, address })
    return [account?.provider.servers[0]?.host, account?.lookedUpNames?.username]
  }
  t.same(await answer(), ['old.example', 'old'])
  database.exec("UPDATE domain SET host = 'new.example'; UPDATE mailbox SET login = 'new'")
  domains.invalidate()
  t.same(await answer(), ['new.example', 'new'])
})

t.test('domains: the directory is preferred to MX records, which only the source uses', async t => {
  const folder = t.testdir({})
  const database = new DatabaseSync(join(folder, 'hoster.sqlite'))
  database.exec("CREATE TABLE domain (name TEXT); INSERT INTO domain VALUES ('kunde.example')")
  database.close()
  const exchanger = { type: 'MX' as const, ttl: 300, preference: 10, exchange: 'mx1.hoster.example' }
  const server = await startDnsServer(query => respond(query, { answers: [{ ...exchanger, name: query.name }] }))
  t.teardown(server.stop)
  const query = "SELECT name AS domain, 'customers' AS provider FROM domain WHERE name = :domain"
  const table = tableOf(`
directory: { type: sqlite, file: hoster.sqlite, query: "${query}" }
mxLookup: { resolvers: ["${server.place}"] }
${exampleSettings}`)
  const options = { file: join(folder, 'signpost.yaml'), logger: readableLog().logger }
  const { source, listed, close } = await openDomains({ table }, options)
  t.teardown(close)
  const find = async (from: typeof source, domain: string) => {
    const account = await from.find({ domain, host: undefined })
    return account?.provider.id
  }
  t.equal(await find(source, 'kunde.example'), 'customers')
  t.equal(await find(listed, 'kunde.example'), 'customers')
  t.equal(await find(listed, 'other.example'), undefined)
  t.same(server.queries, [])
  t.equal(await find(source, 'other.example'), 'example')
})
