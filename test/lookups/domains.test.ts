import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t from 'tap'
import { openDomains } from '../../src/lookups/domains.ts'
import { toAddress } from '../../src/settings/address.ts'
import { createSource } from '../../src/sources/source.ts'
import { readableLog } from '../support/readable-log.ts'
import { exampleSettings } from '../support/served-app.ts'
import { tableOf } from '../support/table-of.ts'

t.test('domains: cached answers expire when everything is reloaded', async t => {
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
    return [account?.provider.servers[0]?.host, account?.login]
  }
  t.same(await answer(), ['old.example', 'old'])
  database.exec("UPDATE domain SET host = 'new.example'; UPDATE mailbox SET login = 'new'")
  domains.invalidate()
  t.same(await answer(), ['new.example', 'new'])
})
