// A real PostgreSQL and a real MariaDB as directories: the contract of every directory, the shipped examples, TLS; and
// what mail programs notice when they are stopped, suspended and restarted under load.

import { appendFile, chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import t, { type Test } from 'tap'
import { type Directory, DirectoryFailure } from '../../src/directories/directory.ts'
import { openDirectory } from '../../src/directories/open-directory.ts'
import type { RowReader } from '../../src/directories/row-reader.ts'
import { watchDirectory } from '../../src/directories/watched-directory.ts'
import { entryReading } from '../../src/lookups/directory-entry.ts'
import type { DirectorySettings } from '../../src/settings/check/directory.ts'
import { contractTables, directoryContract, sqlQuestions } from '../support/directories/contract.ts'
import { hosterContract } from '../support/directories/hoster-contract.ts'
import { matchLists } from '../support/match-lists.ts'
import { readableLog } from '../support/readable-log.ts'
import { silentLogger } from '../support/silent-logger.ts'
import { createAuthority } from './certificate-authority.ts'
import type { Database } from './database.ts'
import { startMariadb } from './mariadb.ts'
import { startPostgres } from './postgres.ts'
import { ask, customers, serveCustomers, underLoad } from './under-load.ts'

const host = '127.0.0.1'
const password = 'hunter2-läuft'
const scratch = await mkdtemp(join(tmpdir(), 'databases-'))
t.teardown(() => rm(scratch, { recursive: true, maxRetries: 5 }))
// Why: the servers run as separate users.
await Promise.all([tmpdir(), scratch].map(each => chmod(each, 0o755)))
// Why here: this file belongs to the private network.
await appendFile('/etc/hosts', `${host} db.example.net\n`)
const authority = await createAuthority(join(scratch, 'authority'))
const stranger = await createAuthority(join(scratch, 'stranger'))
const certificate = await authority.issue(['localhost'])
await writeFile(join(scratch, 'password'), password)
const env = { SIGNPOST_DIRECTORY_PASSWORD: password, SIGNPOST_USERS_PASSWORD: password }

/** A query that tries to write despite being a SELECT. */
const writing = {
  postgres: {
    tables: ['CREATE SEQUENCE visits', 'GRANT USAGE ON SEQUENCE visits TO signpost'],
    query: "SELECT domain, provider FROM customer WHERE domain = :domain AND nextval('visits') > 0"
  },
  mysql: {
    tables: [
      'CREATE TABLE visit (id INTEGER)',
      'CREATE FUNCTION visited() RETURNS INTEGER MODIFIES SQL DATA BEGIN INSERT INTO visit VALUES (1); RETURN 1; END'
    ],
    query: 'SELECT domain, provider FROM customer WHERE domain = :domain AND visited() = 1'
  }
}

const everywhere =
  "-- don't; :domain\nSELECT domain, /* it's ? */ provider FROM customer WHERE domain = :domain -- that's all"

/** Queries with comments and quoted texts. */
const commented = {
  postgres: [
    everywhere,
    'SELECT domain, provider FROM customer /* a /* b */ :c */ WHERE domain = :domain; -- d',
    "SELECT domain, provider FROM customer WHERE domain = :domain AND $$it's :domain$$ = $a$it's :domain$a$",
    "SELECT domain, provider FROM customer AS a$b WHERE a$b.domain = :domain AND 5 # 1 = 4 AND '\\' <> ''"
  ],
  mysql: [
    everywhere,
    "SELECT domain, provider # it's :domain\nFROM customer WHERE domain = :domain",
    "SELECT domain, provider FROM customer AS a$b /* a /* b */ WHERE a$b.domain = :domain AND \"'\" = '\\''"
  ]
} as const

/** A query that fails for some names. The error contains a value computed from the name. */
const refusing = {
  postgres: {
    tables: [],
    query:
      "SELECT domain, provider FROM customer WHERE domain = :domain AND (:domain !~ '^refused' OR CAST(upper(:domain) AS integer) > 0)",
    name: 'refused.example',
    code: '22P02'
  },
  mysql: {
    tables: [
      'CREATE TABLE latin (domain VARCHAR(255) CHARACTER SET latin1 PRIMARY KEY, provider VARCHAR(64))',
      "INSERT INTO latin VALUES ('plain.example', 'example')"
    ],
    query: 'SELECT domain, provider FROM latin WHERE domain = :domain',
    name: '日本.example',
    code: 'errno-1267'
  }
}

const loadTables = [
  'CREATE TABLE customer (domain VARCHAR(255) PRIMARY KEY, provider VARCHAR(64), host VARCHAR(255))',
  `INSERT INTO customer VALUES ${customers
    .map(({ domain, provider, host }) => `('${domain}', '${provider}', ${host === undefined ? 'NULL' : `'${host}'`})`)
    .join(', ')}`
]

for (const [type, launch] of [
  ['postgres', startPostgres],
  ['mysql', startMariadb]
] as const) {
  t.test(type, { timeout: 340_000 }, t => examine(t, type, launch))
}

async function examine(t: Test, type: 'postgres' | 'mysql', launch: typeof startPostgres): Promise<void> {
  const server = await launch(join(scratch, type), { certificate, password })
  t.teardown(() => server.stop())
  await server.create('contract', [...contractTables, ...writing[type].tables, ...refusing[type].tables])
  const open = <V>(changes: Partial<DirectorySettings>, reading: RowReader<V>): Promise<Directory<V>> =>
    openDirectory({ type, host, port: server.port, query: '', timeoutMilliseconds: 20_000, ...changes }, reading, {
      folder: scratch,
      env,
      logger: silentLogger
    })

  directoryContract(t, `${type}, over TCP`, {
    questions: { ...sqlQuestions, writing: writing[type].query },
    open: (query, reading) => open({ database: 'contract', query }, reading)
  })
  directoryContract(t, `${type}, over TLS`, {
    questions: sqlQuestions,
    open: (query, reading) =>
      open({ database: 'contract', query, host: 'localhost', security: 'tls', ca: authority.root }, reading)
  })
  hosterContract(t, type, async ({ name, tables }, { query = '' }) => {
    const database = `example_${name}`
    await server.create(database, tables[type] ?? [])
    return await open({ database, query }, entryReading)
  })

  t.test(`${type}: an untrusted certificate, or one for another name, is rejected`, async t => {
    const query = 'SELECT domain, provider FROM customer WHERE domain = :domain'
    const shared = { database: 'contract', query, security: 'tls' } as const
    for (const [changes, reason] of [
      [{ host: 'localhost', ca: stranger.root }, /self.signed certificate|unable to/],
      [{ host: 'localhost' }, /self.signed certificate|unable to/],
      [{ host: 'db.example.net', ca: authority.root }, /does not match certificate/]
    ] as const) {
      const directory = await open({ ...shared, ...changes }, entryReading)
      t.teardown(() => directory.close())
      await t.rejects(directory.find('plain.example'), { name: 'DirectoryFailure', driverText: reason })
    }
  })

  t.test(`${type}: a refused question does not make the directory unavailable, and its text is not logged`, async t => {
    const { query, name, code } = refusing[type]
    const { logger, lines } = readableLog()
    const opened = await open({ database: 'contract', query }, entryReading)
    const directory = watchDirectory(opened, { block: 'directory', logger, timeoutMs: 20_000 })
    t.teardown(() => directory.close())
    await directory.start()
    for (let turn = 0; turn < 3; turn++) t.equal(await directory.find(name), undefined)
    t.match(await directory.find('plain.example'), { provider: 'example' })
    t.equal(directory.up, true)
    t.match(directory.queries, { failed: 0, refused: 3 })
    matchLists(t, lines, [`"code":"${code}"`])
    t.notMatch(lines.join(''), /refused\.|invalid|collation/i)
  })

  t.test(`${type}: comments and quoting in a query are those of the database`, async t => {
    for (const query of commented[type]) {
      const directory = await open({ database: 'contract', query }, entryReading)
      t.teardown(() => directory.close())
      t.match(await directory.find('plain.example'), { provider: 'example' }, query)
    }
  })

  t.test(`${type}: a name whose answer is too long is unknown, and the directory stays available`, async t => {
    const query =
      "SELECT domain, CASE WHEN domain = 'plain.example' THEN REPEAT('x', 1000000) ELSE provider END AS provider " +
      'FROM customer WHERE domain = :domain'
    for (const security of ['none', 'tls'] as const) {
      const { logger, lines } = readableLog()
      const encrypted = { host: 'localhost', security, ca: authority.root }
      const opened = await open({ database: 'contract', query, ...(security === 'tls' && encrypted) }, entryReading)
      const directory = watchDirectory(opened, { block: 'directory', logger, timeoutMs: 20_000 })
      t.teardown(() => directory.close())
      await directory.start()
      t.equal(await directory.find('plain.example'), undefined)
      t.equal(directory.up, true)
      t.match(directory.queries, { failed: 0, refused: 1 })
      matchLists(t, lines, ['"code":"answer-too-long","domain":"plain.example"'])
    }
  })

  t.test(`${type}: a wrong password is reported without printing it`, async t => {
    const settings = {
      type,
      host,
      port: server.port,
      database: 'contract',
      query: 'SELECT domain, provider FROM customer WHERE domain = :domain'
    } as const
    const directory = await openDirectory(settings, entryReading, {
      folder: scratch,
      env: { SIGNPOST_DIRECTORY_PASSWORD: 'wrong-hunter3' },
      logger: silentLogger
    })
    t.teardown(() => directory.close())
    const error = await directory.find('plain.example').catch((reason: unknown) => reason)
    t.type(error, DirectoryFailure)
    t.notMatch(`${String(error)} ${error instanceof DirectoryFailure && error.driverText}`, 'hunter')
  })

  t.test(
    `${type}: serves known domains while it is stopped, suspended and restarted under load`,
    { timeout: 300_000 },
    async t => {
      await server.create('customers', loadTables)
      await underLoad(t, server, { name: type, scratch, directory: directoryOf(type, server) })
      if (type === 'postgres') await afterNotify(t, server)
    }
  )
}

const directoryOf = (type: 'postgres' | 'mysql', { port }: Database) => ({
  type,
  port,
  database: 'customers',
  passwordFile: 'password',
  ...(type === 'postgres' && { channel: 'signpost' }),
  query: 'SELECT domain, provider, host FROM customer WHERE domain = :domain'
})

/** Why only notifications can show the change: this cache keeps results for an hour. */
async function afterNotify(t: Test, server: Database): Promise<void> {
  const directory = directoryOf('postgres', server)
  const signpost = await serveCustomers({ name: 'notified', scratch, directory, seconds: 3600, port: 8081 })
  t.teardown(() => signpost.stop())
  const provider = async (name: string) => /imap\.(\w+)\.example/.exec((await ask(name, { port: 8081 })).body)?.[1]
  await untilListening(server)
  t.equal(await provider('kunde1.example'), 'odd')
  t.equal(await provider('kunde3.example'), 'odd')
  t.equal((await ask('late.example', { port: 8081 })).status, 404)

  const change = (name: string) => `UPDATE customer SET provider = 'even' WHERE domain = '${name}'`
  await server.execute([change('kunde1.example'), change('kunde3.example')], 'customers')
  t.equal(await provider('kunde1.example'), 'odd', 'no notification was sent')
  const milliseconds: number[] = []
  for (const [name, notify] of [
    ['kunde1.example', "NOTIFY signpost, 'kunde1.example'"],
    ['kunde3.example', 'NOTIFY signpost']
  ] as const) {
    await server.execute([notify], 'customers')
    const announcedAt = performance.now()
    while ((await provider(name)) !== 'even') await sleep(1)
    milliseconds.push(performance.now() - announcedAt)
    t.equal(await provider('kunde1.example'), 'even')
  }
  await server.execute(
    ["INSERT INTO customer VALUES ('late.example', 'odd', NULL)", "NOTIFY signpost, 'late.example'"],
    'customers'
  )
  while ((await ask('late.example', { port: 8081 })).status !== 200) await sleep(1)
  t.comment(`after NOTIFY ${milliseconds.map(each => each.toFixed(1)).join(' and ')} ms until the change is served`)

  await server.stop()
  await server.restart()
  await server.execute(["UPDATE customer SET provider = 'odd' WHERE domain = 'kunde1.example'"], 'customers')
  while ((await provider('kunde1.example')) !== 'odd') await sleep(20)
  t.pass('changes without a listener are noticed after the reconnection')
}

/** Waits until the second of two instances listens too. Why: a new listener reloads everything. */
async function untilListening({ socket, port }: Database): Promise<void> {
  const client = new Client({ host: socket, port, user: 'postgres', database: 'customers' })
  await client.connect()
  const listening = `SELECT 1 FROM pg_stat_activity WHERE application_name = 'signpost' AND query LIKE 'LISTEN%'`
  while ((await client.query(listening)).rowCount !== 2) await sleep(20)
  await client.end()
}
