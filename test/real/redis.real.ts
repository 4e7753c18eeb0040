// A real Redis with two instances of Signpost: they count clients together, and serve them while Redis is unavailable.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { type RunningProgram, start } from './program.ts'

const host = '127.0.0.1'
const redisPort = 6379
const ports = [8081, 8082] as const
const requests = 6

const directory = await mkdtemp(join(tmpdir(), 'redis-'))
t.teardown(() => rm(directory, { recursive: true, maxRetries: 5 }))

async function startRedis(): Promise<RunningProgram> {
  const options = ['--bind', host, '--port', String(redisPort), '--save', '', '--appendonly', 'no', '--dir', directory]
  return await start('redis-server', options, {
    log: join(directory, 'redis.log'),
    ready: [{ host, port: redisPort }]
  })
}

async function startSignpost(port: number): Promise<RunningProgram> {
  const config = join(directory, 'signpost.yaml')
  const limits = `limits: { rate: { requests: ${requests}, seconds: 3600, redis: "redis://${host}:${redisPort}" } }`
  const shipped = (await readFile('config/signpost.yaml', 'utf8')).replace(/^http:[\s\S]*?\n\n/m, '')
  await writeFile(config, `http: { trustProxy: [${host}] }\n${limits}\n${shipped}`)
  return await start(process.execPath, ['src/main.ts', 'serve', '--config', config, '--listen', `${host}:${port}`], {
    log: join(directory, `${port}.log`),
    ready: [{ host, port }]
  })
}

/** @param client address that the proxy reports */
async function ask(port: number, client: string): Promise<Response> {
  return await fetch(`http://${host}:${port}/nowhere`, { headers: { 'x-forwarded-for': client } })
}

/** Sends requests to both instances alternately. */
async function statuses(count: number, client: string): Promise<number[]> {
  const answers: number[] = []
  for (let at = 0; at < count; at++) answers.push((await ask(ports[at % 2 === 0 ? 0 : 1], client)).status)
  return answers
}

/** Waits until the log of each instance contains the text this many times. */
async function untilSaid(words: string, times: number): Promise<void> {
  for (const port of ports) {
    const log = async () => await readFile(join(directory, `${port}.log`), 'utf8')
    while ((await log()).split(words).length <= times) await sleep(50)
  }
}

const served = Array<number>(requests).fill(404)

let redis = await startRedis()
t.teardown(() => redis.stop())
for (const port of ports) {
  const signpost = await startSignpost(port)
  t.teardown(() => signpost.stop())
}

t.test('redis: two instances count a client together, and IPv6 clients by /64', async t => {
  t.same(await statuses(requests + 2, '203.0.113.7'), [...served, 429, 429])
  const refused = await ask(ports[0], '203.0.113.7')
  t.ok(Number(refused.headers.get('retry-after')) > 3_500)
  t.same(await statuses(requests, '2001:db8::1'), served)
  t.same(await statuses(2, '2001:db8::2'), [429, 429])
  t.same(await statuses(1, '2001:db8:0:1::1'), [404])
})

t.test(
  'redis: the networks of a /56 are counted together, and a network at its limit is refused immediately',
  async t => {
    const letIn = async (prefix: string) => {
      let count = 0
      for (let network = 10; network < 31; network++) {
        count += (await statuses(1, `2001:db8:1:${prefix}${network}::1`)).filter(status => status === 404).length
      }
      return count
    }
    t.same([await letIn('a'), await letIn('b'), await letIn('c')], [2 * requests, 2 * requests, 0])
    t.same(await statuses(1, '2001:db8:2::1'), [404])
  }
)

t.test('redis: while it is unavailable, each instance counts alone', async t => {
  await redis.stop()
  await untilSaid('the Redis of limits.rate is away', 1)
  t.same(await statuses(2 * requests, '198.51.100.8'), [...served, ...served])
  t.same(await statuses(2, '198.51.100.8'), [429, 429])
})

t.test('redis: when it is available again, they count together again', async t => {
  redis = await startRedis()
  await untilSaid('the Redis of limits.rate is back', 1)
  t.same(await statuses(requests + 2, '192.0.2.9'), [...served, 429, 429])
})
