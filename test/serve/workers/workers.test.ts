/**
 * `signpost serve` with several workers, as separate processes.
 */
import { once } from 'node:events'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import t, { type Test } from 'tap'
import type { Call } from '../../../src/cli/command.ts'
import { serve } from '../../../src/cli/commands/serve.ts'
import { workersOf } from '../../../src/cli/options/listen-options.ts'
import { readMetrics } from '../../support/admin/read-metrics.ts'
import { issue } from '../../support/certificates.ts'
import { type Program, type ProgramOptions, runProgram, startProgram } from '../../support/cli/program.ts'
import { runCommand } from '../../support/cli/terminal.ts'
import { matchLists } from '../../support/match-lists.ts'
import { calm, exampleSettings } from '../../support/served-app.ts'
import { tableOf } from '../../support/table-of.ts'

/** @returns the number of workers that `serve` would start */
async function workers(argv: readonly string[], http = '{}', env: Record<string, string> = {}) {
  const { settings } = tableOf(exampleSettings.replace(/http:.*/, `http: ${http}`))
  return (await runCommand({ ...serve, run: (call: Call) => workersOf(call, settings) }, argv, env)).code
}

t.test('workers: one by default; options override variables, and variables the table', async t => {
  t.equal(await workers([]), 1)
  t.equal(await workers([], '{ workers: 3 }'), 3)
  t.equal(await workers([], '{ workers: 3 }', { SIGNPOST_WORKERS: '4' }), 4)
  t.equal(await workers(['--workers', '5'], '{ workers: 3 }', { SIGNPOST_WORKERS: '4' }), 5)
  t.equal(await workers([], '{ workers: 3 }', { SIGNPOST_WORKERS: '' }), 3)
})

t.test('workers: auto means one for each processor', async t => {
  t.equal(await workers([], '{ workers: auto }'), availableParallelism())
  t.equal(await workers(['--workers=auto']), availableParallelism())
})

t.test('workers: an invalid number is reported with the name of its option or variable', async t => {
  for (const text of ['0', '65', '-1', '1.5', 'many', '1e1']) {
    const message = `found "${text}", expected an integer from 1 to 64, or auto`
    await t.rejects(workers([`--workers=${text}`]), { code: 'AC_USAGE', message: `--workers: ${message}` })
    const env = { SIGNPOST_WORKERS: text }
    await t.rejects(workers([], '{}', env), { code: 'AC_USAGE', message: `SIGNPOST_WORKERS: ${message}` })
  }
})

/** @returns the ids of a process's child processes */
const childrenOf = (pid: number) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)

/** Why by process id: other tests run Signpost at the same time. */
async function pidOf(program: Program): Promise<number> {
  return Number(/"pid":(\d+)/.exec(await program.says(/"pid":\d+,"workers"/))?.[1])
}

async function until(state: string, isReached: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 20_000
  while (!(await isReached())) {
    if (performance.now() > end) throw new Error(`not reached in time: ${state}`)
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}

/** Why: only Linux shows the children of a process. */
const skip = !existsSync('/proc/self/task')

const settings = calm(exampleSettings.replace('http: {', 'http: { host: 127.0.0.1, workers: 2,'))
const places = ['--listen', '127.0.0.1:0', '--listen-admin', '127.0.0.1:0']

t.test('workers: several processes are one service, from its start to its end', { skip }, async t => {
  const file = join(t.testdir({ 'a.yaml': settings }), 'a.yaml')
  const program = startProgram(t, ['serve', '--config', file, ...places], { coverage: true })
  const greeting = await program.says(/^Signpost listens on[\s\S]*\/metrics\n/m)
  const [origin = '', admin = ''] = [/http:\S+:\d+/, /http:\S+(?=\/metrics)/].map(each => each.exec(greeting)?.[0])
  const pid = await pidOf(program)
  const ask = async (path = '/mail/config-v1.1.xml?emailaddress=jane@example.com') => {
    // Why closed: a new connection may reach another worker.
    const answer = await fetch(`${origin}${path}`, { headers: { connection: 'close' } })
    return { status: answer.status, body: await answer.text() }
  }
  const metrics = async () => readMetrics(await (await fetch(`${admin}/metrics`)).text())
  const all = async (pattern: RegExp) => {
    for (let times = 0; times < 8; times++) t.match((await ask()).body, pattern)
  }
  const serving = async () => (await metrics()).figureOf('signpost_workers', { state: 'serving' })

  await t.test('workers: print one greeting, and listen on one port', async t => {
    t.equal(childrenOf(pid).length, 2)
    await all(/imap\.example\.com/)
    await program.says(/"worker":[12],"dialect":"thunderbird"/)
    t.match(readFileSync(`/proc/${childrenOf(pid)[0]}/cmdline`, 'utf8'), /^signpost worker 1/)
  })

  await t.test('workers: are counted together', async t => {
    const { figureOf, samples } = await metrics()
    const answered = samples.filter(({ name }) => name === 'signpost_requests_total')
    t.equal(
      answered.reduce((sum, { value }) => sum + value, 0),
      8
    )
    t.equal(await serving(), 2)
    t.ok((figureOf('process_resident_memory_bytes') ?? 0) > 3 * 40_000_000)
    t.ok((figureOf('process_start_time_seconds') ?? 0) > 1_700_000_000)
    t.match(await (await fetch(`${admin}/readyz`)).json(), { ready: true, parts: { workers: { ready: true } } })
  })

  await t.test('workers: changed settings are applied by all at the same time, and logged once', async t => {
    const limited = settings.replace('limits: {', 'limits: { urlBytes: 300,')
    writeFileSync(file, limited.replaceAll('imap.example.com', 'imap2.example.com'))
    await program.says(/"providers":2,"msg":"settings reloaded"/)
    await until('both have it', async () => {
      const bodies = await Promise.all(Array.from({ length: 6 }, () => ask()))
      return bodies.every(({ body }) => body.includes('imap2.example.com'))
    })
    const long = await Promise.all(Array.from({ length: 6 }, () => ask(`/${'x'.repeat(350)}`)))
    t.same(new Set(long.map(({ status }) => status)), new Set([414]))
    const reloaded = await fetch(`${admin}/internal/reload`, { method: 'POST' })
    matchLists(t, await reloaded.json(), { reloaded: true, pendingRestart: [], findings: [{ severity: 'warning' }] })
  })

  await t.test('workers: a killed worker is logged and replaced, even while the file is broken', async t => {
    writeFileSync(`${file}.new`, 'providers: 7\n')
    renameSync(`${file}.new`, file)
    await program.says(/settings not reloaded: the last good table stays in use/)
    const [first = 0, second] = childrenOf(pid)
    process.kill(first, 'SIGKILL')
    await program.says(
      new RegExp(
        `"worker":\\d,"pid":${first},"code":null,"signal":"SIGKILL".*was killed .SIGKILL.: starting a replacement`
      )
    )
    await until('two again', async () => (await serving()) === 2)
    t.ok(!childrenOf(pid).includes(first) && childrenOf(pid).includes(second ?? 0))
    await all(/imap2\.example\.com/)
    t.equal((await metrics()).figureOf('signpost_worker_restarts_total'), 1)
  })

  await t.test('workers: a broken table is logged on SIGHUP, and no worker is replaced', async t => {
    const before = childrenOf(pid)
    program.kill('SIGHUP')
    await program.says(/(settings not reloaded[\s\S]*){2}/)
    t.same(childrenOf(pid), before)
  })

  await t.test('workers: SIGHUP replaces all, which applies settings that are read only at the start', async t => {
    const before = childrenOf(pid)
    const requests = (await metrics()).samples.filter(({ name }) => name === 'signpost_requests_total')
    writeFileSync(file, `mxLookup: {}\n${settings.replaceAll('imap.example.com', 'imap3.example.com')}`)
    program.kill('SIGHUP')
    await program.says(/"workers":2,"msg":"workers replaced"/)
    await until('the old ones are gone', () => before.every(each => !childrenOf(pid).includes(each)))
    await all(/imap3\.example\.com/)
    t.equal((await ask(`/${'x'.repeat(350)}`)).status, 404)
    const { figureOf } = await metrics()
    for (const { name, labels, value } of requests) t.ok((figureOf(name, labels) ?? 0) >= value, 'no counter decreases')
    t.equal(figureOf('signpost_worker_restarts_total'), 1)
  })

  await t.test('workers: signals to a worker are ignored; SIGTERM to the service ends all', async t => {
    const last = childrenOf(pid)
    for (const each of last) process.kill(each, 'SIGTERM')
    await all(/imap3/)
    program.kill('SIGTERM')
    const { code, out, err } = await program.ended
    t.equal(code, 0)
    t.equal(err, greeting)
    t.match(out, /"msg":"stopped"\}\n$/)
    t.equal(out.match(/"workers":2,"msg":"workers answer"/g)?.length, 1)
    for (const line of out.trim().split('\n')) t.doesNotThrow(() => JSON.parse(line))
    t.ok(last.every(each => !existsSync(`/proc/${each}`)))
  })
})

t.test('workers: a port in use or a broken table is reported as without workers', async t => {
  const holder = createServer().listen(0, '127.0.0.1')
  t.teardown(() => holder.close())
  await once(holder, 'listening')
  const { port } = holder.address() as AddressInfo
  const file = join(t.testdir({ 'a.yaml': settings, 'broken.yaml': 'providers: 7\n' }), 'a.yaml')
  const run = (name: string) => {
    const config = file.replace('a.yaml', name)
    const args = ['serve', '--config', config, '--workers', '2', '--listen', `127.0.0.1:${port}`]
    return runProgram(t, args, { coverage: name === 'a.yaml' })
  }
  const [taken, broken] = await Promise.all([run('a.yaml'), run('broken.yaml')])
  t.same(taken, {
    code: 2,
    out: '',
    err: `signpost: cannot listen on 127.0.0.1:${port}: the port is in use [AC_CANNOT_LISTEN]\n`
  })
  t.match(broken, { code: 2, out: '', err: /broken\.yaml:1:12 providers: found 7/ })
})

/** @returns two workers, and a connection with an unfinished request */
async function begin(t: Test, options: ProgramOptions = {}) {
  const file = join(t.testdir({ 'a.yaml': settings }), 'a.yaml')
  const program = startProgram(t, ['serve', '--config', file, ...places], options)
  const url = new URL(await program.says(/http:\S+:\d+/))
  const pids = childrenOf(await pidOf(program))
  const wire = connect(Number(url.port), url.hostname).setEncoding('utf8')
  wire.on('error', () => undefined)
  t.teardown(() => wire.destroy())
  const head = 'POST /autodiscover/autodiscover.xml HTTP/1.1\r\nHost: a\r\nContent-Length: 6'
  wire.write(`${head}\r\nExpect: 100-continue\r\n\r\n`)
  await once(wire, 'data')
  return { program, url, wire, areGone: () => pids.every(each => !existsSync(`/proc/${each}`)) }
}

t.test('workers: a second signal ends all of them immediately', { skip }, async t => {
  const { program, areGone } = await begin(t)
  program.kill('SIGINT')
  await program.says(/SIGINT: finishing/)
  program.kill('SIGINT')
  t.equal((await program.ended).code, 1)
  await until('no worker is left', areGone)
})

t.test('workers: if the primary process is killed, workers finish requests in progress and stop', { skip }, async t => {
  const { program, url, wire, areGone } = await begin(t, { coverage: true })
  program.kill('SIGKILL')
  const isRefused = () =>
    fetch(url).then(
      () => false,
      () => true
    )
  await until('connections are refused', isRefused)
  wire.write('<ham/>')
  t.match(String(await once(wire, 'data')), 'HTTP/1.1 200 OK')
  await until('no worker is left', areGone)
})

t.test('workers: an unexpected error ends one worker, which is logged and replaced', { skip }, async t => {
  const isSecond = 'process.env.SIGNPOST_WORKER === "2"'
  const breaks = `if (${isSecond}) process.on("SIGWINCH", () => { throw new Error("unforeseen") })`
  const file = join(t.testdir({ 'a.yaml': settings }), 'a.yaml')
  const node = ['--import', `data:text/javascript,${breaks}`]
  const program = startProgram(t, ['serve', '--config', file, '--listen', '127.0.0.1:0'], { node, coverage: true })
  const [, second = 0] = childrenOf(await pidOf(program))
  process.kill(second, 'SIGWINCH')
  await program.says(/"level":"fatal",.*"worker":2.*"message":"unforeseen".*"msg":"stopping after an error"/)
  await program.says(
    new RegExp(`"worker":2,"pid":${second},"code":1,"signal":null.*exited with code 1: starting a replacement`)
  )
  program.kill('SIGTERM')
  t.equal((await program.ended).code, 0)
})

t.test('workers: each has a share of the limits, and the shares add up to the configured limit', async t => {
  // Why untrusted: a proxy is not limited.
  const untrusted = settings.replace(', trustProxy: [127.0.0.1]', '')
  const limited = untrusted.replace('limits: {', 'limits: { rate: { requests: 20, allow: [] },')
  const file = join(t.testdir({ 'a.yaml': limited }), 'a.yaml')
  const program = startProgram(t, ['serve', '--config', file, '--listen', '127.0.0.1:0'])
  const url = await program.says(/http:\S+:\d+/)
  const statuses: number[] = []
  for (let times = 0; times < 60; times++) {
    statuses.push((await fetch(`${url}/robots.txt`, { headers: { connection: 'close' } })).status)
  }
  const allowed = statuses.filter(status => status !== 429).length
  t.ok(allowed >= 10 && allowed <= 20, `${allowed} of 60`)
  program.kill('SIGTERM')
  await program.ended
})

t.test('workers: a replacement keeps https, and requires its certificates', { skip }, async t => {
  const { pem, keyPem } = issue('a.example', { hosts: ['autoconfig.example.com'] })
  const tls = 'tls: { certificates: [{ certificate: a.pem, key: a.key }] }'
  const secure = settings.replace('workers: 2', `workers: 2, ${tls}`)
  const file = join(
    t.testdir({ 'a.yaml': `admin: { domainMetrics: true }\n${secure}`, 'a.pem': pem, 'a.key': keyPem }),
    'a.yaml'
  )
  const program = startProgram(t, ['serve', '--config', file, '--listen-tls', '127.0.0.1:0', ...places], {
    coverage: 'primary'
  })
  const port = Number(new URL(await program.says(/https:\S+:\d+/)).port)
  const pid = await pidOf(program)
  const shake = async () => {
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false })
    await once(socket, 'secureConnect')
    t.equal(socket.getPeerCertificate().subject.CN, 'a.example')
    socket.destroy()
  }
  await shake()
  const before = childrenOf(pid)
  program.kill('SIGHUP')
  await program.says(/workers replaced/)
  await until('the old ones are gone', () => before.every(each => !childrenOf(pid).includes(each)))
  await shake()
  const after = childrenOf(pid)
  writeFileSync(file, settings)
  program.kill('SIGHUP')
  await program.says(/workers not replaced: found no http\.tls/)
  t.same(childrenOf(pid), after)
  await shake()
  program.kill('SIGTERM')
  t.equal((await program.ended).code, 0)
})
