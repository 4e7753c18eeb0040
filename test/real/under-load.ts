// A directory of customers' domains that is stopped, suspended and restarted while mail programs send requests to Signpost.

import { writeFile } from 'node:fs/promises'
import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { stringify } from 'yaml'
import type { DirectorySettings } from '../../src/settings/check/directory.ts'
import type { Breakable } from './database.ts'
import { start } from './program.ts'

const host = '127.0.0.1'
const ports = { public: 8080, admin: 9090 }

interface Customer {
  domain: string
  provider: string
  /** The customer's own host. Default: that of the provider. */
  host?: string
}

/** Two providers, and every tenth domain has a different host. */
const known: readonly Customer[] = Array.from({ length: 300 }, (_, at) => ({
  domain: `kunde${at}.example`,
  provider: at % 2 === 0 ? 'even' : 'odd',
  ...(at % 10 === 0 && { host: `own${at % 3}.example` })
}))

/** Domains that are requested only once. */
const fresh: readonly Customer[] = Array.from({ length: 500 }, (_, at) => ({
  domain: `fresh${at}.example`,
  provider: 'even'
}))

/** The contents of the directory. */
export const customers = [...known, ...fresh]

export interface Serving {
  /** Prefix of the files in the scratch folder. */
  name: string
  scratch: string
  directory: Omit<DirectorySettings, 'timeoutMilliseconds'>
  /** Cache lifetime of a result. */
  seconds?: number
  port?: number
}

export async function underLoad(t: Test, server: Breakable, serving: Serving): Promise<void> {
  const signpost = await serveCustomers(serving)
  t.teardown(() => signpost.stop())
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  t.teardown(() => agent.destroy())
  await untilReady()
  for (const { domain } of known) await ask(domain, { agent })
  const load = startLoad(agent)
  let used = 0
  const nextFresh = () => fresh[used++]?.domain ?? ''

  t.comment('nothing is wrong')
  await sleep(2000)
  for (const [state, interrupt, recover] of [
    ['stopped', server.stop, server.restart],
    ['suspended', server.pause, server.resume],
    ['stopped again', server.stop, server.restart]
  ] as const) {
    await interrupt()
    await sleep(3000)
    for (let turn = 0; turn < 10; turn++) {
      const { status, headers } = await ask(nextFresh(), { agent })
      t.same([status, headers['retry-after']], [503, '5'], `${state}: a domain that was not requested before`)
    }
    t.equal((await ask('even.example', { agent })).status, 200, `${state}: a domain of the table`)
    t.match(await (await fetch(`http://${host}:${ports.admin}/readyz`)).json(), { ready: true }, state)
    await recover()
    // Why: the next interruption must begin after new domains are found again.
    while ((await ask(nextFresh(), { agent })).status !== 200) await sleep(100)
  }
  const totals = await load.stop()
  t.comment(
    `${serving.name}: ${totals.sent} requests for ${known.length} known domains, ${totals.wrong} wrong, ${totals.lost} lost, slowest ${totals.slowest.toFixed()} ms`
  )
  t.ok(totals.sent > 1000)
  t.match(totals, { wrong: 0, lost: 0 })
}

export async function serveCustomers({ name, scratch, directory, seconds = 1, port = ports.public }: Serving) {
  const config = join(scratch, `${name}.yaml`)
  const settings = {
    log: { requests: false },
    limits: { rate: { requests: 0 } },
    cache: { seconds, negativeSeconds: seconds },
    directory: { ...directory, timeoutMilliseconds: 500 },
    providers: ['even', 'odd'].map(id => ({
      id,
      name: id,
      domains: [`${id}.example`],
      servers: ['imap', 'smtp'].map(protocol => ({ protocol, host: `${protocol}.${id}.example` }))
    }))
  }
  await writeFile(config, stringify(settings))
  const places = ['--listen', `${host}:${port}`, '--listen-admin', `${host}:${ports.admin + port - ports.public}`]
  return await start(process.execPath, ['src/main.ts', 'serve', '--config', config, ...places], {
    log: join(scratch, `${name}.log`),
    ready: [{ host, port }]
  })
}

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

export async function ask(
  domain: string,
  { port = ports.public, agent }: { port?: number; agent?: Agent } = {}
): Promise<Answer> {
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
  // Why it may fail: the admin listener starts last.
  const isReady = () =>
    fetch(`http://${host}:${ports.admin}/readyz`)
      .then(({ status }) => status === 200)
      .catch(() => false)
  while (!(await isReady())) await sleep(50)
}

/** Eight programs that request known domains, each without pauses. */
function startLoad(agent: Agent) {
  const totals = { sent: 0, wrong: 0, lost: 0, slowest: 0 }
  let isOver = false
  async function program(first: number): Promise<void> {
    for (let at = first; !isOver; at = (at + 7) % known.length) {
      const { domain = '', provider = '', host = `imap.${provider}.example` } = known[at] ?? {}
      const started = performance.now()
      const { status, body } = await ask(domain, { agent }).catch(() => ({ status: 0, body: '' }))
      totals.sent += 1
      totals.slowest = Math.max(totals.slowest, performance.now() - started)
      if (status !== 200) totals.lost += 1
      else if (!body.includes(`<hostname>${host}</hostname>`)) totals.wrong += 1
      // Why: the server needs one core of this machine.
      await sleep(2)
    }
  }
  const programs = Array.from({ length: 8 }, (_, first) => program(first))
  return {
    async stop() {
      isOver = true
      await Promise.all(programs)
      return totals
    }
  }
}
