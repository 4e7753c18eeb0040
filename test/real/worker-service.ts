// Signpost with several workers, as a separate process whose workers can be stopped, put into a loop and counted.

import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { Agent } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readMetrics } from '../support/admin/read-metrics.ts'
import { start } from './program.ts'
import { ask } from './under-load.ts'

const settingsOf = (requests: boolean) => `
http: { host: 127.0.0.1, port: 8080, workers: 2 }
admin: {}
log: { requests: ${requests} }
limits: { rate: { requests: 0 } }
providers:
  - id: example
    name: Example
    domains: [example.com]
    servers: [{ protocol: imap, host: imap.example.com }, { protocol: smtp, host: smtp.example.com }]
`

/** SIGWINCH puts a worker into an endless loop, SIGUSR2 closes its channel. */
const faults = `if (process.env.SIGNPOST_WORKER) {
  process.on("SIGWINCH", () => { for (;;) {} })
  process.on("SIGUSR2", () => process.disconnect())
}`

export const places = [8080, 9090].map(port => ({ host: '127.0.0.1', port }))

/**
 * @param requests whether the log has a line for each
 * @returns the arguments of node for a Signpost with two workers that have faults on demand
 */
export async function faultyArguments(folder: string, { requests = false } = {}): Promise<string[]> {
  const config = join(folder, 'signpost.yaml')
  await writeFile(config, settingsOf(requests))
  return ['--import', `data:text/javascript,${encodeURIComponent(faults)}`, 'src/main.ts', 'serve', '--config', config]
}

/** @param folder an empty one */
export async function startWorkers(folder: string) {
  const log = join(folder, 'signpost.log')
  const program = await start(process.execPath, await faultyArguments(folder), { log, ready: places })
  const pid = program.pid ?? 0
  return {
    pid,
    stop: program.stop,
    workers: () => childrenOf(pid),
    metrics: async () => readMetrics(await (await fetch('http://127.0.0.1:9090/metrics')).text()),
    readiness: async () => (await fetch('http://127.0.0.1:9090/readyz')).status,
    readLog: () => readFile(log, 'utf8')
  }
}

export async function childrenOf(pid: number): Promise<number[]> {
  return (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).split(' ').filter(Boolean).map(Number)
}

export const isThere = (pid: number) => existsSync(`/proc/${pid}`)

/** @returns whether the condition became true within the seconds */
export async function within(seconds: number, isSo: () => boolean | Promise<boolean>): Promise<boolean> {
  const end = performance.now() + seconds * 1000
  while (performance.now() < end) {
    if (await isSo()) return true
    await sleep(50)
  }
  return false
}

/** @returns whether a request over a new connection gets a response */
export async function isAnswered(): Promise<boolean> {
  // Why not node's agent: it would reuse a connection to a worker that no longer runs.
  const agent = new Agent({ keepAlive: false })
  const answer = ask('example.com', { agent }).catch(() => undefined)
  return (await Promise.race([answer, sleep(5000, undefined, { ref: false })]))?.status === 200
}
