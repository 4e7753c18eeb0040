// Workers and their supervisor under a storm of signals, without file descriptors, without a channel, and with a log
// without a reader.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { Agent, type IncomingMessage, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { run } from './program.ts'
import { childrenOf, faultyArguments, isAnswered, startWorkers, within } from './worker-service.ts'

const folder = await mkdtemp(join(tmpdir(), 'worker-faults-'))
t.teardown(() => rm(folder, { recursive: true, maxRetries: 5 }))

t.test('worker faults: with two workers', async t => {
  const { pid, stop, workers, metrics, readLog } = await startWorkers(folder)
  t.teardown(stop)
  const restarts = async () => (await metrics()).figureOf('signpost_worker_restarts_total')
  const serving = async () => (await metrics()).figureOf('signpost_workers', { state: 'serving' })

  await t.test('worker faults: two hundred signals for a reload cause at most two replacements', async t => {
    for (let times = 0; times < 200; times++) {
      process.kill(pid, 'SIGHUP')
      if (times % 10 === 0) await sleep(1)
    }
    const replaced = async () => (await readLog()).match(/workers replaced/g)?.length ?? 0
    t.ok(await within(60, async () => (await replaced()) >= 1))
    await within(5, async () => (await replaced()) > 2)
    const times = await replaced()
    t.ok(times <= 2, `${times} replacements`)
    t.ok(((await readLog()).match(/settings reloaded/g)?.length ?? 0) <= 4)
    t.ok(await within(40, async () => (await workers()).length === 2))
    t.ok(await isAnswered())
    t.equal(await restarts(), 0)
  })

  await t.test('worker faults: two hundred admin requests over 25 connections are answered', async t => {
    // Why 25: the admin listener admits 31 connections of one address.
    const agent = new Agent({ keepAlive: true, maxSockets: 25 })
    t.teardown(() => agent.destroy())
    const ask = async (path: string, method: string) => {
      const sent = request({ host: '127.0.0.1', port: 9090, path, method, agent }).end()
      const [response] = (await once(sent, 'response')) as [IncomingMessage]
      await text(response)
      return response.statusCode
    }
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, at) => (at % 2 === 0 ? ask('/metrics', 'GET') : ask('/internal/reload', 'POST')))
    )
    t.same(new Set(answers), new Set([200]))
  })

  await t.test('worker faults: a worker whose channel is closed ends, and is replaced', async t => {
    const [first = 0] = await workers()
    process.kill(first, 'SIGUSR2')
    t.ok(await within(20, async () => (await restarts()) === 1 && (await serving()) === 2))
    t.notOk((await workers()).includes(first))
  })

  await t.test(
    'worker faults: a supervisor without file descriptors survives, and replaces a worker later',
    async t => {
      const limit = (descriptors: string) => run('prlimit', ['--pid', String(pid), `--nofile=${descriptors}`])
      const [first = 0, second = 0] = await workers()
      t.equal((await limit('3:')).exitCode, 0)
      process.kill(first, 'SIGKILL')
      await sleep(3000)
      t.same(await workers(), [second])
      t.ok(await isAnswered())
      t.equal((await limit('1024:')).exitCode, 0)
      t.ok(await within(20, async () => (await serving()) === 2))
    }
  )
})

t.test('worker faults: a full log pipe without a reader delays neither responses nor the stop', async t => {
  for (const workers of [1, 2]) {
    const scratch = join(folder, `pipe-${workers}`)
    await mkdir(scratch)
    const args = [...(await faultyArguments(scratch, { requests: true })), '--workers', String(workers)].map(
      word => `'${word}'`
    )
    // Why a shell: Node creates sockets instead of pipes for child processes.
    const codeFile = join(scratch, 'code')
    const command = `{ sh -c 'echo $$ > ${scratch}/pid; exec "$@"' - '${process.execPath}' ${args.join(' ')}; echo $? > ${codeFile}; } | sleep 100`
    const shell = spawn('sh', ['-c', command], { stdio: ['ignore', 'ignore', 'ignore'], detached: true })
    t.teardown(() => process.kill(-(shell.pid ?? 0), 'SIGKILL'))
    t.ok(await within(60, isAnswered))
    const pid = Number(await readFile(join(scratch, 'pid'), 'utf8'))
    // A line has more than 100 bytes, and the buffers are 64 KiB in the pipe and 128 KiB in each process.
    let lost = 0
    for (let times = 0; times < 5000; times++) if (!(await isAnswered())) lost += 1
    t.equal(lost, 0)
    if (workers > 1) t.equal((await childrenOf(pid)).length, 2)
    process.kill(pid, 'SIGTERM')
    t.ok(
      await within(8, () =>
        readFile(codeFile, 'utf8').then(
          text => text === '0\n',
          () => false
        )
      ),
      `${workers}`
    )
  }
})
