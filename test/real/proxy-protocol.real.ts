// The PROXY protocol as Debian's HAProxy and nginx send it, with config/haproxy/haproxy.cfg and the example in the guide: Signpost
// sees the clients of the proxy.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { request as requestOverTls } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { createAuthority } from './certificate-authority.ts'
import { type SentHeader, startHaproxy } from './haproxy.ts'
import { WORLD_ADDRESS } from './namespace.ts'
import { type RunningProgram, run, start } from './program.ts'
import { startSignpostAlone } from './signpost.ts'

const host = 'autoconfig.example.com'
const directory = await mkdtemp(join(tmpdir(), 'proxy-protocol-'))
t.teardown(() => rm(directory, { recursive: true, maxRetries: 5 }))
const authority = await createAuthority(join(directory, 'authority'))
const certificate = await authority.issue([host])
const ca = await readFile(authority.root)

/** Addresses of this machine, each of which is a client. */
const clients = { v4: '203.0.113.7', other: '198.51.100.7', v6: '2001:db8::7' } as const
for (const address of Object.values(clients)) await run('ip', ['address', 'add', address, 'dev', 'lo'])

/** Requests that each client may make. */
const allowed = 6

/** Number of checks of a condition, and the time between them. */
const attempts = 100
const intervalMs = 100

const settings = (workers: number) => `
http:
  host: 127.0.0.1
  port: 8080
  workers: ${workers}
  trustProxy: [127.0.0.1/8]
  proxyProtocol: true
  tls:
    port: 8443
    certificates: [{ certificate: ${certificate.chain}, key: ${certificate.key} }]
admin: {}
log: { clientAddress: full, format: json }
limits: { rate: { requests: ${allowed * workers}, seconds: 3600 } }
providers:
  - id: example
    name: Example Mail
    domains: [example.com]
    servers:
      - { protocol: imap, host: imap.example.com }
      - { protocol: smtp, host: smtp.example.com }
`

interface ClientRequest {
  readonly scheme: 'http' | 'https'
  readonly from: string
  readonly path?: string
}

/** @returns the status, or the code of the error if the connection is closed */
async function ask({
  scheme,
  from,
  path = '/mail/config-v1.1.xml'
}: ClientRequest): Promise<number | string | undefined> {
  const target = from.includes(':') ? '::1' : WORLD_ADDRESS
  const options = { host: target, localAddress: from, path, headers: { host }, agent: false }
  const sent =
    scheme === 'http'
      ? request({ ...options, port: 80 })
      : requestOverTls({ ...options, port: 443, servername: host, ca })
  return await new Promise(resolve => {
    sent
      .on('error', ({ code }: NodeJS.ErrnoException) => resolve(code))
      .on('response', response => response.resume().once('end', () => resolve(response.statusCode)))
      .end()
  })
}

const places = [8080, 8443, 9090].map(port => ({ host: '127.0.0.1', port }))

interface Line {
  readonly clientAddress?: string
  readonly dialect?: string
  readonly reason?: string
}

/** @returns the lines of the log, as soon as there are enough */
async function readLog(folder: string, isEnough: (lines: readonly Line[]) => boolean): Promise<Line[]> {
  for (let attempt = 1; ; attempt += 1) {
    const text = await readFile(join(folder, 'signpost.log'), 'utf8')
    const lines = text.split('\n').flatMap(line => (line.startsWith('{') ? [JSON.parse(line) as Line] : []))
    if (isEnough(lines) || attempt === attempts) return lines
    await sleep(intervalMs)
  }
}

async function refusals(reason: string): Promise<number> {
  const metrics = await (await fetch('http://127.0.0.1:9090/metrics')).text()
  return Number(new RegExp(`refused_total\\{reason="${reason}"\\} (\\d+)`).exec(metrics)?.[1])
}

const headers: readonly SentHeader[] = [
  'send-proxy',
  'send-proxy-v2',
  'send-proxy-v2 proxy-v2-options crc32c,unique-id'
]

for (const [at, header] of headers.entries()) {
  for (const workers of [1, 2]) {
    t.test(`HAProxy with ${header} (${workers} workers): the log and the limits see its clients`, async t => {
      const folder = join(directory, `${at}-${workers}`)
      const signpost = await startSignpostAlone(folder, settings(workers), places)
      t.teardown(signpost.stop)
      const haproxy = await startHaproxy(join(folder, 'haproxy'), header)
      t.teardown(haproxy.stop)

      for (const from of Object.values(clients)) {
        t.equal(await ask({ scheme: 'http', from }), 200, from)
        t.equal(await ask({ scheme: 'https', from }), 200, from)
      }
      t.equal(await ask({ scheme: 'http', from: clients.other, path: '/autodiscover/autodiscover.xml' }), 302)
      t.equal(await ask({ scheme: 'https', from: clients.other, path: '/autodiscover/autodiscover.xml' }), 200)

      const lines = await readLog(folder, all => all.filter(({ dialect }) => dialect !== undefined).length >= 8)
      const seen = lines.flatMap(({ clientAddress }) => clientAddress ?? [])
      const { v4, other, v6 } = clients
      t.same(seen.sort(), [v4, v4, other, other, other, other, v6, v6].sort())

      const statuses: unknown[] = []
      for (let count = 0; count < allowed * 2 * workers; count++) {
        statuses.push(await ask({ scheme: count % 2 === 0 ? 'http' : 'https', from: v4 }))
      }
      // Why not the last one: the kernel may send most connections to one worker, and the other one still admits requests.
      const refused = statuses.filter(status => status === 429).length
      t.ok(refused >= allowed * workers, `${refused} of ${statuses.length} are refused`)
      t.equal(await ask({ scheme: 'http', from: v6 }), 200, 'another client is not affected')

      // Why: health checks of HAProxy send a header, too.
      await sleep(2500)
      for (const reason of ['untrusted', 'missing', 'invalid', 'timeout']) t.equal(await refusals(reason), 0, reason)
    })
  }
}

/** nginx with the example of the guide, which forwards TCP connections. */
async function startNginxStream(folder: string): Promise<RunningProgram> {
  const guide = await readFile(new URL('../../docs/guides/proxies-and-tls.md', import.meta.url), 'utf8')
  const [, example = ''] = /```nginx\n(stream [^`]+)```/.exec(guide) ?? []
  const file = join(folder, 'nginx.conf')
  const log = join(folder, 'nginx.log')
  const module = '/usr/lib/nginx/modules/ngx_stream_module.so'
  await writeFile(
    file,
    `load_module ${module};\ndaemon off;\nuser root;\npid ${folder}/nginx.pid;\nevents {}\n${example}`
  )
  const ready = [80, 443].map(port => ({ host: WORLD_ADDRESS, port }))
  return start('nginx', ['-c', file, '-e', log], { log, ready })
}

t.test('nginx with the example of the guide: the log sees its clients', async t => {
  const folder = join(directory, 'nginx')
  const signpost = await startSignpostAlone(folder, settings(1), places)
  t.teardown(signpost.stop)
  const nginx = await startNginxStream(folder)
  t.teardown(nginx.stop)
  const cases = Object.values(clients).flatMap(from => (['http', 'https'] as const).map(scheme => ({ scheme, from })))
  for (const each of cases) t.equal(await ask(each), 200, `${each.scheme} from ${each.from}`)
  const lines = await readLog(folder, all => all.filter(({ dialect }) => dialect !== undefined).length >= cases.length)
  t.same(
    lines.flatMap(({ clientAddress }) => clientAddress ?? []),
    cases.map(({ from }) => from)
  )
  for (const reason of ['untrusted', 'missing', 'invalid']) t.equal(await refusals(reason), 0, reason)
})

t.test('HAProxy without a header: every connection is closed, counted, and reported once', async t => {
  const folder = join(directory, 'missing')
  const signpost = await startSignpostAlone(folder, settings(1), places)
  t.teardown(signpost.stop)
  const haproxy = await startHaproxy(join(folder, 'haproxy'), '')
  t.teardown(haproxy.stop)
  for (const scheme of ['http', 'https'] as const) {
    t.type(await ask({ scheme, from: clients.v4 }), 'string', 'no status')
    t.type(await ask({ scheme, from: clients.v6 }), 'string', 'no status')
  }
  t.equal(await refusals('missing'), 4)
  const lines = await readLog(folder, all => all.some(({ reason }) => reason === 'missing'))
  t.equal(lines.filter(({ reason }) => reason !== undefined).length, 1)
})

t.test('without HAProxy: a client that connects directly is refused with any header', async t => {
  const folder = join(directory, 'direct')
  const open = settings(1).replace('host: 127.0.0.1', `host: "::"`)
  const signpost = await startSignpostAlone(folder, open, places)
  t.teardown(signpost.stop)
  for (const url of [`http://${clients.v4}:8080/`, `https://${clients.v4}:8443/`, `http://[${clients.v6}]:8080/`]) {
    const { exitCode } = await run('curl', ['--silent', '--insecure', '--max-time', '20', '--haproxy-protocol', url])
    t.not(exitCode, 0, url)
  }
  t.equal(await refusals('untrusted'), 3)
  const { output } = await run('curl', ['--silent', '--max-time', '20', '--haproxy-protocol', 'http://127.0.0.1:8080/'])
  t.match(output, 'AC_NOT_FOUND', 'curl on this machine is trusted')
})
