// Several workers under load, over kept and new connections: they are replaced one after the other while the table changes,
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

/** A table whose only host identifies its version. */
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

/** Versions that responses may contain at the moment. */
let allowed = [0]
const totals = { sent: 0, wrong: 0, lost: 0 }
let isOver = false

/** Sends requests forever. Each program pauses briefly, because the server needs one core of this machine. */
async function program(agent: Agent | undefined): Promise<void> {
  while (!isOver) {
    const before = allowed
    const { status, body } = await ask('example.com', agent ? { agent } : {}).catch(() => ({ status: 0, body: '' }))
    totals.sent += 1
    const version = Number(/imap(\d+)\.example\.com/.exec(body)?.[1])
    if (status !== 200) totals.lost += 1
    else if (![...before, ...allowed].includes(version)) totals.wrong += 1
    await sleep(5)
  }
}

// Why one agent each: each has its own connection, and none waits for another.
const agents = Array.from({ length: kept }, () => new Agent({ keepAlive: true, maxSockets: 1 }))
const programs = [...agents, ...Array.from({ length: fresh }, () => undefined)].map(program)

t.test(`workers: ${rounds} replacements under load cause no lost request and no wrong response`, async t => {
  for (let version = 1; version <= rounds; version++) {
    const old = await workers()
    allowed = [version - 1, version]
    await writeFile(file, table(version))
    process.kill(pid, 'SIGHUP')
    while ((await workers()).some(each => old.includes(each))) await sleep(50)
    // Why not earlier: a retiring worker serves its old table.
    allowed = [version]
    await sleep(500)
    t.equal((await workers()).length, 2)
  }
  t.comment(`${totals.sent} requests, ${totals.lost} lost, ${totals.wrong} wrong`)
  t.ok(totals.sent > 1000)
  t.match(totals, { lost: 0, wrong: 0 })
  const least = totals.sent
  const { figureOf } = await metrics()
  const labels = { dialect: 'thunderbird', outcome: 'answered', client: 'none' }
  const counted = figureOf('signpost_requests_total', labels) ?? 0
  t.ok(
    counted >= least && counted <= totals.sent + kept + fresh,
    `${counted} counted, including those of workers that have ended`
  )
})

t.test('workers: a killed worker loses at most one request of each program, and the other one responds', async t => {
  for (let kill = 1; kill <= 3; kill++) {
    const [first = 0] = await workers()
    const { lost } = totals
    process.kill(first, 'SIGKILL')
    while ((await workers()).includes(first)) await sleep(1)
    for (let turn = 0; turn < 10; turn++) t.equal((await ask('example.com')).status, 200)
    while ((await metrics()).figureOf('signpost_worker_restarts_total') !== kill) await sleep(50)
    while ((await metrics()).figureOf('signpost_workers', { state: 'serving' }) !== 2) await sleep(50)
    const here = totals.lost - lost
    t.comment(`${here} requests of ${kept + fresh} programs lost`)
    t.ok(here <= kept + fresh)
    const { sent, lost: before } = totals
    await sleep(1000)
    t.ok(totals.sent > sent)
    t.equal(totals.lost, before)
  }
  t.equal(totals.wrong, 0)
})

t.test('workers: after the load has ended', async () => {
  isOver = true
  await Promise.all(programs)
  for (const agent of agents) agent.destroy()
})
