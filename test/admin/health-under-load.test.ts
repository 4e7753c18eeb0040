/**
 * Health probes while four clients send the most expensive requests, below their limits. Kubernetes gives a probe one second.
 */
import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { createClient } from '../bench/cost-measure.ts'
import { defaultLimits, type Shape, shapes } from '../bench/cost-shapes.ts'
import { startProgram } from '../support/cli/program.ts'
import { calm, exampleSettings } from '../support/served-app.ts'

/** Milliseconds. */
const patience = 1000

const clients = ['203.0.113.1', '203.0.113.2', '198.51.100.1', '2001:db8::1']
const connectionsEach = 8
/** A page counts as ten requests, and a client may send 600. */
const requestsEach = 150
const pagesEach = 20

t.test('health under load: probes are answered within a second while four clients send the worst requests', async t => {
  const file = t.testdir({ 'signpost.yaml': calm(exampleSettings) })
  const listen = ['--listen', '127.0.0.1:0', '--listen-admin', '127.0.0.1:0']
  const args = ['serve', '--config', `${file}/signpost.yaml`, ...listen]
  const { pid, says, kill, ended } = startProgram(t, args)
  const greeting = await says(/Signpost listens on [\s\S]*\/metrics/)
  const portBefore = (pattern: RegExp) => Number(pattern.exec(greeting)?.[1])
  const port = portBefore(/listens on http:\/\/127\.0\.0\.1:(\d+)/)
  const adminPort = portBefore(/127\.0\.0\.1:(\d+)\/metrics/)
  const worst = shapes(defaultLimits).find(({ name }) => name === 'autodiscover POST: distinct ideographs as domain')
  if (worst === undefined) throw new Error('there is no such shape')
  let busy = true
  const load = Promise.all(clients.map(client => send(port, client, worst))).finally(() => {
    busy = false
  })
  const waits: number[] = []
  while (busy) {
    for (const path of ['/healthz', '/readyz']) waits.push(await probe(adminPort, path, () => millisecondsOf(pid)))
    await sleep(10)
  }
  t.same(new Set((await load).flat()), new Set(['200']), 'no request is refused')
  t.ok(waits.length >= 4, `${waits.length} probes`)
  const longest = Math.max(...waits)
  t.ok(longest < patience, `the longest took ${Math.round(longest)} ms`)
  kill('SIGTERM')
  await ended
})

/**
 * Milliseconds of processor time that the service has used. Why not elapsed time: on a busy machine, other processes
 * run in between.
 */
function millisecondsOf(pid: number): number {
  const file = `/proc/${pid}/schedstat`
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split(' ')[0]) / 1e6 : performance.now()
}

/** @returns milliseconds between request and response */
async function probe(port: number, path: string, now: () => number): Promise<number> {
  const started = now()
  const { status } = await fetch(`http://127.0.0.1:${port}${path}`)
  if (status !== 200) throw new Error(`${path}: ${status}`)
  return now() - started
}

async function send(port: number, client: string, worst: Shape): Promise<string[]> {
  const forwarded = `X-Forwarded-For: ${client}\r\n`
  const body = worst.request(0).toString('latin1').replace('\r\n', `\r\n${forwarded}`)
  const page = (turn: number) =>
    `GET /setup?email=jane.${turn}%40example.com HTTP/1.1\r\nHost: example.com\r\n${forwarded}\r\n`
  const requests = [
    ...Array.from({ length: requestsEach }, () => body),
    ...Array.from({ length: pagesEach }, (_, turn) => page(turn))
  ]
  const connections = Array.from({ length: connectionsEach }, async () => {
    const connection = createClient(port)
    const statuses: string[] = []
    for (let next = requests.pop(); next !== undefined; next = requests.pop()) {
      statuses.push(await connection.ask(Buffer.from(next, 'latin1')))
    }
    connection.close()
    return statuses
  })
  return (await Promise.all(connections)).flat()
}
