// Certificates by ACME when something goes wrong: a crash at any step, an authority that is down, names that lead elsewhere, a full
// disk, and two nodes at the same time.

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { readStoredCertificate } from '../../src/certificates/storage/stored-certificate.ts'
import {
  acmeSettings,
  askWhenIdle,
  certificateAt,
  customersDirectory,
  filesIn,
  listenersAt,
  waitFor
} from './acme-site.ts'
import { startDnsStub } from './dns-stub.ts'
import { PEBBLE_HOST, startPebble } from './pebble.ts'
import { run } from './program.ts'
import { startSignpostAlone } from './signpost.ts'

const directory = await mkdtemp(join(tmpdir(), 'acme-faults-'))
t.teardown(() => rm(directory, { recursive: true, maxRetries: 5 }))
const file = (name: string) => join(directory, name)

const namesOf = (domain: string) => [`autoconfig.${domain}`, `autodiscover.${domain}`]
const crashed = ['one.test', 'two.test', 'three.test']
const dns = await startDnsStub({ hosts: [PEBBLE_HOST, ...[...crashed, 'nodes.test'].flatMap(namesOf)] })
t.teardown(dns.stop)
const pebble = await startPebble(file('pebble'), { env: { PEBBLE_VA_NOSLEEP: '1' } })
t.teardown(pebble.stop)

const requests = () => pebble.readLog().match(/(?:GET|HEAD|POST) \//g)?.length ?? 0
const orders = () => pebble.readLog().match(/Added order/g)?.length ?? 0

t.test('kill -9 after any request to the authority: nothing is half-done, and the next start continues', async t => {
  // Why no more: an order for two names takes at least fourteen requests, and refused nonces add some.
  for (const count of [1, 3, 5, 8, 11, 14]) {
    const storage = file(`killed-${count}`)
    const settings = acmeSettings(pebble, { storage, domains: ['one.test'] })
    const before = requests()
    const killed = await startSignpostAlone(file(`killed-${count}-first`), settings, listenersAt())
    t.teardown(killed.stop)
    const log = file(`killed-${count}-first/signpost.log`)
    await waitFor(() => (requests() >= before + count ? true : undefined), log)
    if (killed.pid !== undefined) process.kill(killed.pid, 'SIGKILL')
    await killed.stop()
    for (const path of await filesIn(storage)) {
      const text = await readFile(path, 'utf8')
      if (path.endsWith('one.test.pem')) t.ok(readStoredCertificate(text, undefined), `${count}: ${path}`)
      if (path.endsWith('.json')) t.doesNotThrow(() => JSON.parse(text), `${count}: ${path}`)
    }
    const next = await startSignpostAlone(file(`killed-${count}-next`), settings, listenersAt())
    t.teardown(next.stop)
    const found = await waitFor(
      () => certificateAt('autodiscover.one.test', { ca: pebble.root }),
      file(`killed-${count}-next/signpost.log`)
    )
    t.ok(found, `${count}: the next start has a certificate`)
    await next.stop()
  }
})

t.test('authority down: http is served, the reason is logged, and a restart does not shorten the wait', async t => {
  const storage = file('down')
  const down = { ...pebble, directory: `https://${PEBBLE_HOST}:1/dir` }
  const settings = acmeSettings(down, { storage, domains: ['two.test'] })
  for (const start of ['first', 'second']) {
    const folder = file(`down-${start}`)
    const signpost = await startSignpostAlone(folder, settings, listenersAt())
    t.teardown(signpost.stop)
    const log = join(folder, 'signpost.log')
    await waitFor(async () => /connection refused/.exec(await readFile(log, 'utf8'))?.[0], log)
    t.equal((await askWhenIdle('http://autoconfig.two.test/mail/config-v1.1.xml', pebble.root)).status, 200)
    await signpost.stop()
    const [state = ''] = (await filesIn(storage)).filter(path => path.endsWith('two.test.json'))
    t.match(JSON.parse(await readFile(state, 'utf8')), { failures: 1, problem: 'connection refused' }, start)
  }
})

t.test('names that lead elsewhere: nothing is ordered, and the command line has the reason', async t => {
  const before = orders()
  const storage = file('astray')
  const settings = acmeSettings(pebble, { storage, domains: ['unknown.test'] })
  const signpost = await startSignpostAlone(file('astray-site'), settings, listenersAt())
  t.teardown(signpost.stop)
  const list = () =>
    run(process.execPath, ['src/main.ts', 'certificates', '--config', file('astray-site/signpost.yaml')])
  const { output, exitCode } = await waitFor(async () => {
    const listed = await list()
    return listed.output.includes('no such host') ? listed : undefined
  }, file('astray-site/signpost.log'))
  t.match(output, 'unknown.test: no certificate;')
  t.match(output, 'autoconfig.unknown.test: ports 80 and 443: no such host')
  t.equal(exitCode, 1)
  t.equal(orders(), before)
  await signpost.stop()
})

t.test('full disk: nothing is ordered, http is served, and the reason is logged', async t => {
  const before = orders()
  const storage = file('full')
  await mkdir(storage)
  await run('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'full', storage])
  t.teardown(() => run('umount', ['--lazy', storage]))
  await writeFile(join(storage, 'filler'), Buffer.alloc(16 * 1024)).catch(() => undefined)
  const settings = acmeSettings(pebble, { storage, domains: ['two.test'] })
  const signpost = await startSignpostAlone(file('full-site'), settings, listenersAt())
  t.teardown(signpost.stop)
  const log = file('full-site/signpost.log')
  await waitFor(async () => /the disk is full/.exec(await readFile(log, 'utf8'))?.[0], log)
  t.equal((await askWhenIdle('http://autoconfig.two.test/mail/config-v1.1.xml', pebble.root)).status, 200)
  t.equal(orders(), before)
  await signpost.stop()
})

t.test('read-only storage: stored certificates are served', async t => {
  const storage = file('readonly')
  const settings = acmeSettings(pebble, { storage, domains: ['three.test'] })
  const writing = await startSignpostAlone(file('readonly-first'), settings, listenersAt())
  t.teardown(writing.stop)
  const log = file('readonly-first/signpost.log')
  const first = await waitFor(() => certificateAt('autoconfig.three.test', { ca: pebble.root }), log)
  await writing.stop()
  await run('mount', ['--bind', storage, storage])
  t.teardown(() => run('umount', ['--lazy', storage]))
  await run('mount', ['-o', 'remount,ro,bind', storage])
  const reading = await startSignpostAlone(file('readonly-next'), settings, listenersAt())
  t.teardown(reading.stop)
  const again = await waitFor(
    () => certificateAt('autoconfig.three.test', { ca: pebble.root }),
    file('readonly-next/signpost.log')
  )
  t.equal(again, first)
  await reading.stop()
})

t.test(
  'two nodes: if clients need a certificate from both at the same time, one orders it, and both serve it',
  async t => {
    const before = orders()
    const more = customersDirectory(file('customers.sqlite'), 'nodes.test')
    const hosts = [undefined, '127.0.42.2'] as const
    for (const [at, host] of hosts.entries()) {
      // Why this domain: it leads nowhere, so only requests of clients cause orders.
      const site = { storage: file('shared'), domains: ['unknown.test'], more, ...(host && { host }) }
      const node = await startSignpostAlone(file(`node-${at}`), acmeSettings(pebble, site), listenersAt(host))
      t.teardown(node.stop)
    }
    const seen = await Promise.all(
      hosts.map((host, at) => {
        const find = () => certificateAt('autodiscover.nodes.test', { ca: pebble.root, ...(host && { host }) })
        return waitFor(find, file(`node-${at}/signpost.log`))
      })
    )
    t.equal(seen[0], seen[1])
    t.equal(orders(), before + 1)
  }
)
