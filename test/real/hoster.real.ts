// The setup of the guide for hosters: config/directory/postgres.sql in a real PostgreSQL, and two instances of Signpost that
// share only this database.

import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import t from 'tap'
import { parse, stringify } from 'yaml'
import { createAuthority } from './certificate-authority.ts'
import { startPostgres } from './postgres.ts'
import { startSignpostAlone } from './signpost.ts'
import { ask } from './under-load.ts'

const password = 'correct horse'
const nodes = [8080, 8081]
const scratch = await mkdtemp(join(tmpdir(), 'hoster-'))
t.teardown(() => rm(scratch, { recursive: true, maxRetries: 5 }))
// Why: the server runs as a separate user.
await Promise.all([tmpdir(), scratch].map(each => chmod(each, 0o755)))
const authority = await createAuthority(join(scratch, 'authority'))
const certificate = await authority.issue(['localhost'])
const database = await startPostgres(join(scratch, 'postgres'), { certificate, password })
t.teardown(() => database.stop())
await database.create('signpost', [await readFile('config/directory/postgres.sql', 'utf8')])
const execute = (statement: string) => database.execute([statement], 'signpost')

const shipped = parse(await readFile('config/directory/postgres.yaml', 'utf8'))
const passwordFile = join(scratch, 'password')
await writeFile(passwordFile, password)
const running = await Promise.all(
  nodes.map(port =>
    startSignpostAlone(
      join(scratch, `node-${port}`),
      stringify({
        ...shipped,
        http: { host: '127.0.0.1', port },
        // Why: a change that is visible earlier was announced by a notification.
        cache: { seconds: 3600, negativeSeconds: 3600 },
        directory: { ...shipped.directory, host: database.socket, passwordFile }
      }),
      [{ host: '127.0.0.1', port }]
    )
  )
)
t.teardown(() => Promise.all(running.map(node => node.stop())))
await untilListening()

/** @returns the IMAP server that a node serves for the domain, or the status if there is none */
async function servedBy(domain: string, port: number): Promise<string> {
  const { status, body } = await ask(domain, { port })
  return /<incomingServer type="imap">\s*<hostname>(.*?)</.exec(body)?.[1] ?? String(status)
}

const everywhere = (domain: string) => Promise.all(nodes.map(port => servedBy(domain, port)))

/** Waits until the test times out. */
async function untilEverywhere(domain: string, expected: string): Promise<void> {
  while ((await everywhere(domain)).some(each => each !== expected)) await sleep(5)
}

t.test('hoster: changes in the shared table are served by every node immediately', async t => {
  t.same(await everywhere('kunde.example'), ['404', '404'])
  for (const [statement, expected] of [
    ["INSERT INTO customer (domain, provider) VALUES ('kunde.example', 'example')", 'mail.example.com'],
    ["UPDATE customer SET host = 'mail.kunde.example'", 'mail.kunde.example'],
    ["UPDATE customer SET domain = 'other.example'", '404'],
    ["UPDATE customer SET domain = 'kunde.example'", 'mail.kunde.example'],
    ['DELETE FROM customer', '404'],
    ["INSERT INTO customer (domain, provider) VALUES ('kunde.example', 'example')", 'mail.example.com'],
    ['TRUNCATE customer', '404']
  ] as const) {
    await execute(statement)
    await untilEverywhere('kunde.example', expected)
    t.same(await everywhere('kunde.example'), [expected, expected], statement)
  }
})

t.test('hoster: many rows can be written with a single notification', async t => {
  t.same(await everywhere('kunde7.example'), ['404', '404'])
  await database.execute(
    [
      'ALTER TABLE customer DISABLE TRIGGER USER',
      `INSERT INTO customer (domain, provider)
         SELECT 'kunde' || number || '.example', 'example' FROM generate_series(1, 10000) AS number`,
      'ALTER TABLE customer ENABLE TRIGGER USER',
      "NOTIFY signpost, ''"
    ],
    'signpost'
  )
  await untilEverywhere('kunde7.example', 'mail.example.com')
  t.same(await everywhere('kunde10000.example'), ['mail.example.com', 'mail.example.com'])
})

t.test('hoster: the table rejects domains that could never be found', async t => {
  for (const domain of ['Kunde.example', 'bücher.example', ' kunde.example', '']) {
    await t.rejects(execute(`INSERT INTO customer (domain, provider) VALUES ('${domain}', 'example')`), {
      message: /customer_domain_check/
    })
  }
})

t.test('hoster: Signpost has only read access', async t => {
  const client = new Client({ host: database.socket, port: database.port, user: 'signpost', database: 'signpost' })
  await client.connect()
  t.teardown(() => client.end())
  for (const statement of [
    "UPDATE customer SET host = 'evil.example'",
    'DELETE FROM customer',
    'DROP TABLE customer'
  ]) {
    await t.rejects(client.query(statement), { message: /permission denied|must be owner/ }, statement)
  }
})

t.test('hoster: the end of a node does not affect the others', async t => {
  await running[0]?.stop()
  t.equal(await servedBy('kunde7.example', 8081), 'mail.example.com')
  await t.rejects(ask('kunde7.example', { port: 8080 }))
})

/** Why: only existing listeners get the notification of a change. */
async function untilListening(): Promise<void> {
  const client = new Client({ host: database.socket, port: database.port, user: 'postgres', database: 'signpost' })
  await client.connect()
  const listening = `SELECT 1 FROM pg_stat_activity WHERE application_name = 'signpost' AND query LIKE 'LISTEN%'`
  while ((await client.query(listening)).rowCount !== nodes.length) await sleep(20)
  await client.end()
}
