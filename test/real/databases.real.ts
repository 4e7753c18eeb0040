// A real PostgreSQL and a real MariaDB as directories: the contract of every directory, the examples shipped, TLS; and
// what people see of them when they are stopped, held up and started again while mail programs ask.

import { appendFile, chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import t, { type Test } from 'tap'
import type { DirectorySettings } from '../../src/settings/check-directory.ts'
import type { Directory } from '../../src/sources/directory.ts'
import { entryReading } from '../../src/sources/entry.ts'
import { openDirectory } from '../../src/sources/open-directory.ts'
import type { Reading } from '../../src/sources/reading.ts'
import { contractTables, directoryContract } from '../sources/contract.ts'
import { hosterContract } from '../sources/hoster-contract.ts'
import { createAuthority } from './certificate-authority.ts'
import type { Database } from './database.ts'
import { startMariadb } from './mariadb.ts'
import { startPostgres } from './postgres.ts'
import { type RunningProgram, start } from './program.ts'

const host = '127.0.0.1'
const ports = { public: 8080, admin: 9090 }
const password = 'hunter2-läuft'
const scratch = await mkdtemp(join(tmpdir(), 'databases-'))
t.teardown(() => rm(scratch, { recursive: true, maxRetries: 5 }))
// Why: the servers run as users of their own.
await Promise.all([tmpdir(), scratch].map(each => chmod(each, 0o755)))
// Why here: it is the file of this private network.
await appendFile('/etc/hosts', `${host} db.example.net\n`)
const authority = await createAuthority(join(scratch, 'authority'))
const stranger = await createAuthority(join(scratch, 'stranger'))
const certificate = await authority.issue(['localhost'])
const env = { SIGNPOST_DIRECTORY_PASSWORD: password, SIGNPOST_USERS_PASSWORD: password }

/** What a query would do that writes all the same. */
const writing = {
  postgres: {
    tables: ['CREATE SEQUENCE visits', 'GRANT USAGE ON SEQUENCE visits TO signpost'],
    query: "SELECT provider FROM customer WHERE domain = :domain AND nextval('visits') > 0"
  },
  mysql: {
    tables: [
      'CREATE TABLE visit (id INTEGER)',
      'CREATE FUNCTION visited() RETURNS INTEGER MODIFIES SQL DATA BEGIN INSERT INTO visit VALUES (1); RETURN 1; END'
    ],
    query: 'SELECT provider FROM customer WHERE domain = :domain AND visited() = 1'
  }
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 })
t.teardown(() => agent.destroy())

/** Two providers, and every tenth domain has a host of its own. */
const domainCount = 300
const names = Array.from({ length: domainCount }, (_, at) => `kunde${at}.example`)
const loadTables = [
  'CREATE TABLE customer (domain VARCHAR(255) PRIMARY KEY, provider VARCHAR(64), host VARCHAR(255))',
  `INSERT INTO customer VALUES ${names
    .map(
      (name, at) =>
        `('${name}', '${at % 2 === 0 ? 'even' : 'odd'}', ${at % 10 === 0 ? `'own${at % 3}.example'` : 'NULL'})`
    )
    .join(', ')}, ${Array.from({ length: 500 }, (_, at) => `('fresh${at}.example', 'even', NULL)`).join(', ')}`
]
const hostOf = (at: number) =>
  at % 10 === 0 ? `own${at % 3}.example` : `imap.${at % 2 === 0 ? 'even' : 'odd'}.example`

for (const [type, launch] of [
  ['postgres', startPostgres],
  ['mysql', startMariadb]
] as const) {
  t.test(type, { timeout: 170_000 }, t => examine(t, type, launch))
}

async function examine(t: Test, type: 'postgres' | 'mysql', launch: typeof startPostgres): Promise<void> {
  const server = await launch(join(scratch, type), { certificate, password })
  t.teardown(() => server.stop())
  await server.create('contract', [...contractTables, ...writing[type].tables])
  const open = <V>(changes: Partial<DirectorySettings>, reading: Reading<V>): Promise<Directory<V>> =>
    openDirectory({ type, host, port: server.port, query: '', timeoutMilliseconds: 20_000, ...changes }, reading, {
      folder: scratch,
      env
    })

  directoryContract(t, `${type}, over TCP`, {
    open: (query, reading) => open({ database: 'contract', query }, reading),
    writing: writing[type].query
  })
  directoryContract(t, `${type}, over TLS`, {
    open: (query, reading) =>
      open({ database: 'contract', query, host: 'localhost', security: 'tls', ca: authority.root }, reading)
  })
  hosterContract(t, type, async ({ name, tables }, query) => {
    await server.create(name, tables[type] ?? [])
    return await open({ database: name, query }, entryReading)
  })

  t.test(`${type}: a certificate that nobody vouches for, or of another name, is refused`, async t => {
    const query = 'SELECT provider FROM customer WHERE domain = :domain'
    const shared = { database: 'contract', query, security: 'tls' } as const
    for (const [changes, reason] of [
      [{ host: 'localhost', ca: stranger.root }, /self.signed certificate|unable to/],
      [{ host: 'localhost' }, /self.signed certificate|unable to/],
      [{ host: 'db.example.net', ca: authority.root }, /does not match certificate/]
    ] as const) {
      const directory = await open({ ...shared, ...changes }, entryReading)
      t.teardown(() => directory.close())
      await t.rejects(directory.find('plain.example'), { message: reason })
    }
  })

  t.test(`${type}: a wrong password is told without it`, async t => {
    const settings = {
      type,
      host,
      port: server.port,
      database: 'contract',
      query: 'SELECT provider FROM customer WHERE domain = :domain'
    } as const
    const directory = await openDirectory(settings, entryReading, {
      folder: scratch,
      env: { SIGNPOST_DIRECTORY_PASSWORD: 'wrong-hunter3' }
    })
    t.teardown(() => directory.close())
    const error = await directory.find('plain.example').catch((reason: Error) => reason)
    t.type(error, Error)
    t.notMatch(String(error), 'hunter')
  })

  t.test(`${type}: under load it is stopped, held up and started again`, { timeout: 150_000 }, async t => {
    await server.create('customers', loadTables)
    await underLoad(t, type, server)
  })
}

async function underLoad(t: Test, type: 'postgres' | 'mysql', server: Database): Promise<void> {
  const signpost = await startSignpost(type, server)
  t.teardown(() => signpost.stop())
  await untilReady()
  for (const name of names) await ask(name)
  const load = startLoad()
  let fresh = 0
  const nextFresh = () => `fresh${fresh++}.example`

  t.comment('nothing is wrong')
  await sleep(2000)
  for (const [state, break_, mend] of [
    ['stopped', server.stop, server.restart],
    ['held up', server.pause, server.resume],
    ['stopped again', server.stop, server.restart]
  ] as const) {
    await break_()
    await sleep(3000)
    for (let turn = 0; turn < 10; turn++) {
      const { status, headers } = await ask(nextFresh())
      t.same([status, headers['retry-after']], [503, '5'], `${state}: a domain that nobody has asked for`)
    }
    t.equal((await ask('even.example')).status, 200, `${state}: a domain of the table`)
    t.match(await (await fetch(`http://${host}:${ports.admin}/readyz`)).json(), { ready: true }, state)
    await mend()
    await untilServed(nextFresh)
  }
  const { asked, wrong, lost, slowest } = await load.stop()
  t.comment(
    `${type}: ${asked} requests for ${domainCount} known domains, ${wrong} wrong, ${lost} lost, slowest ${slowest.toFixed()} ms`
  )
  t.ok(asked > 1000)
  t.same({ wrong, lost }, { wrong: 0, lost: 0 })
  if (type === 'postgres') await afterNotify(t, server)
}

/** Why it can be told by nothing else: in this cache an answer is good for an hour. */
async function afterNotify(t: Test, server: Database): Promise<void> {
  const signpost = await startSignpost('postgres', server, { seconds: 3600, port: 8081 })
  t.teardown(() => signpost.stop())
  const provider = async (name: string) => /imap\.(\w+)\.example/.exec((await ask(name, 8081)).body)?.[1]
  await untilListening(server)
  t.equal(await provider('kunde1.example'), 'odd')
  t.equal(await provider('kunde3.example'), 'odd')
  t.equal((await ask('late.example', 8081)).status, 404)

  const change = (name: string) => `UPDATE customer SET provider = 'even' WHERE domain = '${name}'`
  await server.execute([change('kunde1.example'), change('kunde3.example')], 'customers')
  t.equal(await provider('kunde1.example'), 'odd', 'nobody has told')
  const milliseconds: number[] = []
  for (const [name, notify] of [
    ['kunde1.example', "NOTIFY signpost, 'kunde1.example'"],
    ['kunde3.example', 'NOTIFY signpost']
  ] as const) {
    await server.execute([notify], 'customers')
    const told = performance.now()
    while ((await provider(name)) !== 'even') await sleep(1)
    milliseconds.push(performance.now() - told)
    t.equal(await provider('kunde1.example'), 'even')
  }
  await server.execute(
    ["INSERT INTO customer VALUES ('late.example', 'odd', NULL)", "NOTIFY signpost, 'late.example'"],
    'customers'
  )
  while ((await ask('late.example', 8081)).status !== 200) await sleep(1)
  t.comment(`after NOTIFY ${milliseconds.map(each => each.toFixed(1)).join(' and ')} ms until the change is served`)

  await server.stop()
  await server.restart()
  await server.execute(["UPDATE customer SET provider = 'odd' WHERE domain = 'kunde1.example'"], 'customers')
  while ((await provider('kunde1.example')) !== 'odd') await sleep(20)
  t.pass('what was told to nobody while it was away is seen when it is back')
}

/** Waits until the second of two listens too. Why: whoever begins to listen asks for everything anew. */
async function untilListening({ socket, port }: Database): Promise<void> {
  const client = new Client({ host: socket, port, user: 'postgres', database: 'customers' })
  await client.connect()
  const listening = `SELECT 1 FROM pg_stat_activity WHERE application_name = 'signpost' AND query LIKE 'LISTEN%'`
  while ((await client.query(listening)).rowCount !== 2) await sleep(20)
  await client.end()
}

async function startSignpost(
  type: 'postgres' | 'mysql',
  { port: databasePort }: Database,
  { seconds = 1, port = ports.public } = {}
): Promise<RunningProgram> {
  const config = join(scratch, `${type}-${port}.yaml`)
  const provider = (id: string) => `
  - id: ${id}
    name: ${id}
    domains: [${id}.example]
    servers: [{ protocol: imap, host: imap.${id}.example }, { protocol: smtp, host: smtp.${id}.example }]`
  await writeFile(join(scratch, 'password'), password)
  await writeFile(
    config,
    `log: { requests: false }
limits: { rate: { requests: 0 } }
cache: { seconds: ${seconds}, negativeSeconds: ${seconds} }
directory:
  type: ${type}
  port: ${databasePort}
  database: customers
  passwordFile: password
  timeoutMilliseconds: 500
  ${type === 'postgres' ? 'channel: signpost' : ''}
  query: SELECT provider, host FROM customer WHERE domain = :domain
providers:${provider('even')}${provider('odd')}
`
  )
  const places = ['--listen', `${host}:${port}`, '--listen-admin', `${host}:${ports.admin + port - ports.public}`]
  return await start(process.execPath, ['src/main.ts', 'serve', '--config', config, ...places], {
    log: join(scratch, `signpost-${type}-${port}.log`),
    ready: [{ host, port }]
  })
}

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

async function ask(domain: string, port = ports.public): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const headers = { host: `autoconfig.${domain}` }
  const path = `/mail/config-v1.1.xml?emailaddress=jane@${domain}`
  const sent = request({ host, port, path, headers, agent }, async response => {
    resolve({ status: response.statusCode ?? 0, headers: response.headers, body: await text(response) })
  })
  sent.on('error', reject).end()
  return await promise
}

async function untilReady(): Promise<void> {
  // Why it may fail: the listener for administrators comes last.
  const isReady = () =>
    fetch(`http://${host}:${ports.admin}/readyz`)
      .then(({ status }) => status === 200)
      .catch(() => false)
  while (!(await isReady())) await sleep(50)
}

/** Waits until somebody answers again for domains that nobody has asked for. */
async function untilServed(nextFresh: () => string): Promise<void> {
  while ((await ask(nextFresh())).status !== 200) await sleep(100)
}

/** Eight programs that ask for known domains, one after the other, without a rest. */
function startLoad() {
  const told = { asked: 0, wrong: 0, lost: 0, slowest: 0 }
  let isOver = false
  async function program(first: number): Promise<void> {
    for (let at = first; !isOver; at = (at + 7) % domainCount) {
      const started = performance.now()
      const { status, body } = await ask(names[at] ?? '').catch(() => ({ status: 0, body: '' }))
      told.asked += 1
      told.slowest = Math.max(told.slowest, performance.now() - started)
      if (status !== 200) told.lost += 1
      else if (!body.includes(`<hostname>${hostOf(at)}</hostname>`)) told.wrong += 1
      // Why: one core of this machine is the server's.
      await sleep(2)
    }
  }
  const programs = Array.from({ length: 8 }, (_, first) => program(first))
  return {
    async stop() {
      isOver = true
      await Promise.all(programs)
      return told
    }
  }
}
