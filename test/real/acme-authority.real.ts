// Certificates by ACME from an authority that is slow, refuses, hangs or sends unexpected responses: http is served, the reason is
// reported, and requests are not repeated endlessly.

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { acmeSettings, askWhenIdle, certificateAt, filesIn, listenersAt, waitFor } from './acme-site.ts'
import { type Behaviour, startAuthorityProxy } from './authority-proxy.ts'
import { startDnsStub } from './dns-stub.ts'
import { PEBBLE_HOST, startPebble } from './pebble.ts'
import { run } from './program.ts'
import { startSignpostAlone } from './signpost.ts'

const directory = await mkdtemp(join(tmpdir(), 'acme-authority-'))
t.teardown(() => rm(directory, { recursive: true, maxRetries: 5 }))
const file = (name: string) => join(directory, name)

const names = ['autoconfig.one.test', 'autodiscover.one.test', 'autoconfig.blocked.test', 'autodiscover.blocked.test']
const dns = await startDnsStub({ hosts: [PEBBLE_HOST, ...names] })
t.teardown(dns.stop)
// Why without refused nonces: the number of requests would depend on chance.
const pebble = await startPebble(file('pebble'), {
  env: { PEBBLE_WFE_NONCEREJECT: '0' },
  settings: { domainBlocklist: ['blocked.test'] }
})
t.teardown(pebble.stop)
const proxy = await startAuthorityProxy(pebble, file('pebble'))
t.teardown(proxy.stop)

const autoconfig = (domain = 'one.test') => askWhenIdle(`http://autoconfig.${domain}/mail/config-v1.1.xml`, pebble.root)

/** Starts Signpost with an empty storage. */
async function serve(t: Test, name: string, domain = 'one.test') {
  const storage = file(`${name}-storage`)
  const settings = acmeSettings({ ...pebble, directory: proxy.directory }, { storage, domains: [domain] })
  proxy.requests.length = 0
  const signpost = await startSignpostAlone(file(name), settings, listenersAt())
  t.teardown(signpost.stop)
  return { signpost, storage, log: file(`${name}/signpost.log`) }
}

const after = (path: RegExp, behaviour: Behaviour) => (_method: string, requested: string) =>
  path.test(requested) ? behaviour : undefined
const problem = (type: string) => JSON.stringify({ type: `urn:ietf:params:acme:error:${type}`, detail: 'by the test' })

t.test('slow authority: http is served until the certificate arrives', async t => {
  proxy.behave = () => ({ delayMs: 150 })
  const { signpost, log } = await serve(t, 'slow')
  t.equal((await autoconfig()).status, 200)
  t.ok(await waitFor(() => certificateAt('autodiscover.one.test', { ca: pebble.root }), log))
  await signpost.stop()
})

const day = 24 * 60 * 60 * 1000
const minute = 60 * 1000

for (const { name, domain, behave, reason, waitMs = 5 * minute, most = 10 } of [
  { name: 'rejected', domain: 'blocked.test', behave: () => undefined, reason: /rejectedIdentifier/ },
  {
    name: 'limited',
    behave: after(/order/, { status: 429, headers: { 'retry-after': '86400' }, body: problem('rateLimited') }),
    reason: /by the test \(rateLimited\)/,
    waitMs: day
  },
  {
    name: 'nonces',
    behave: (method: string) => (method === 'POST' ? { status: 400, body: problem('badNonce') } : undefined),
    reason: /by the test \(badNonce\)/,
    most: 45
  },
  { name: 'failing', behave: () => ({ status: 503, body: '<html>' }), reason: /authority answered 503/ },
  { name: 'noise', behave: () => 'noise' as const, reason: /Parse Error/ },
  { name: 'endless', behave: () => 'endless' as const, reason: /more than 256 KiB/ }
]) {
  t.test(`${name}: http is served, and the reason is reported once and stored for the next start`, async t => {
    proxy.behave = behave
    const { signpost, storage, log } = await serve(t, name, domain)
    await waitFor(async () => reason.exec(await readFile(log, 'utf8'))?.[0], log)
    t.equal((await autoconfig(domain)).status, 200)
    await signpost.stop()
    const [path = ''] = (await filesIn(storage)).filter(path => path.endsWith(`${domain ?? 'one.test'}.json`))
    const { nextAt, failures, problem } = JSON.parse(await readFile(path, 'utf8'))
    t.match({ failures, problem }, { failures: 1, problem: reason })
    t.ok(nextAt > Date.now() + waitMs - minute, 'the next attempt is later')
    t.ok(proxy.requests.length <= most, `${proxy.requests.length} requests`)
  })
}

t.test('certificates: reports the reason after the service has stopped', async t => {
  const command = ['src/main.ts', 'certificates', '--config', file('limited/signpost.yaml')]
  const { exitCode, output } = await run(process.execPath, command)
  t.equal(exitCode, 1)
  t.match(output, /^one\.test: no certificate; next attempt .*; by the test \(rateLimited\)$/m)
})

t.test('hanging authority: delays neither http nor the stop, and does not count as a failure', async t => {
  proxy.behave = () => 'silent'
  const { signpost, storage, log } = await serve(t, 'hanging')
  await waitFor(() => proxy.requests[0], log)
  t.equal((await autoconfig()).status, 200)
  await signpost.stop()
  t.match(await readFile(log, 'utf8'), /stopped/)
  t.same(
    (await filesIn(storage)).filter(path => path.endsWith('one.test.json')),
    []
  )
})
