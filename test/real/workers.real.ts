// Several workers under load, over kept and over fresh connections: replaced one after the other while the table changes,
// and killed.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { Agent } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { readMetrics } from '../support/admin/read-metrics.ts'
import { startSignpostAlone } from './signpost.ts'
import { ask } from './under-load.ts'

const kept = 16
const fresh = 8
const rounds = 5

const directory = await mkdtemp(join(tmpdir(), 'workers-'))
t.teardown(() => rm(directory, { recursive: true, maxRetries: 5 }))

/** A table whose only host tells which one it is. */
const table = (version: number) => `
http: { host: 127.0.0.1, port: 8080, workers: 2 }
admin: {}
log: { requests: false }
limits: { keepAliveSeconds: 5, rate: { requests: 0 } }
providers:
  - id: example
    name: Example
    domains: [example.com]
    servers: [{ protocol: imap, host: imap${version}.example.com }, { protocol: smtp, host: smtp.example.com }]
`

const signpost = await startSignpostAlone(
  join(directory, 'signpost'),
  table(0),
  [8080, 9090].map(port => ({ host: '127.0.0.1', port }))
)
t.teardown(signpost.stop)
const file = join(directory, 'signpost', 'signpost.yaml')
const pid = signpost.pid ?? 0
const workers = async () =>
  (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).split(' ').filter(Boolean).map(Number)
const metrics = async () => readMetrics(await (await fetch('http://127.0.0.1:9090/metrics')).text())

/** Versions that may be answered at the moment. */
let allowed = [0]
const told = { asked: 0, wrong: 0, lost: 0 }
let isOver = false

/** Asks without end; each program waits a little, since one core of this machine is the server's. */
async function program(agent: Agent | undefined): Promise<void> {
  while (!isOver) {
    const before = allowed
    const { status, body } = await ask('example.com', agent ? { agent } : {}).catch(() => ({ status: 0, body: '' }))
    told.asked += 1
    const version = Number(/imap(\d+)\.example\.com/.exec(body)?.[1])
    if (status !== 200) told.lost += 1
    else if (![...before, ...allowed].includes(version)) told.wrong += 1
    await sleep(5)
  }
}

// Why one agent each: so many connections are kept, and none of them waits for another one.
const agents = Array.from({ length: kept }, () => new Agent({ keepAlive: true, maxSockets: 1 }))
const programs = [...agents, ...Array.from({ length: fresh }, () => undefined)].map(program)

t.test(`workers: ${rounds} replacements under load lose no request, and nothing is wrong`, async t => {
  for (let version = 1; version <= rounds; version++) {
    const old = await workers()
    allowed = [version - 1, version]
    await writeFile(file, table(version))
    process.kill(pid, 'SIGHUP')
    while ((await workers()).some(each => old.includes(each))) await sleep(50)
    // Why not before: a worker that leaves answers with what it has.
    allowed = [version]
    await sleep(500)
    t.equal((await workers()).length, 2)
  }
  t.comment(`${told.asked} requests, ${told.lost} lost, ${told.wrong} wrong`)
  t.ok(told.asked > 1000)
  t.match(told, { lost: 0, wrong: 0 })
  const least = told.asked
  const { figureOf } = await metrics()
  const labels = { dialect: 'thunderbird', outcome: 'answered', client: 'none' }
  const counted = figureOf('signpost_requests_total', labels) ?? 0
  t.ok(counted >= least && counted <= told.asked + kept + fresh, `${counted} counted, of those that are gone too`)
})

t.test(
  'workers: one that is killed takes along one request of each program at most, and the other one answers',
  async t => {
    for (let kill = 1; kill <= 3; kill++) {
      const [first = 0] = await workers()
      const { lost } = told
      process.kill(first, 'SIGKILL')
      while ((await workers()).includes(first)) await sleep(1)
      for (let turn = 0; turn < 10; turn++) t.equal((await ask('example.com')).status, 200)
      while ((await metrics()).figureOf('signpost_worker_restarts_total') !== kill) await sleep(50)
      while ((await metrics()).figureOf('signpost_workers', { state: 'serving' }) !== 2) await sleep(50)
      const here = told.lost - lost
      t.comment(`${here} requests of ${kept + fresh} programs lost`)
      t.ok(here <= kept + fresh)
      const { asked, lost: before } = told
      await sleep(1000)
      t.ok(told.asked > asked)
      t.equal(told.lost, before)
    }
    t.equal(told.wrong, 0)
  }
)

t.test('workers: the load ends', async () => {
  isOver = true
  await Promise.all(programs)
  for (const agent of agents) agent.destroy()
})
