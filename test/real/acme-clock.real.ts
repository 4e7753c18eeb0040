// Certificates by ACME on a machine whose clock is ahead or behind: there is one order, the reason is reported, and the certificate
// is used once the clock is correct.

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { acmeSettings, certificateAt, filesIn, listenersAt, waitFor } from './acme-site.ts'
import { startDnsStub } from './dns-stub.ts'
import { PEBBLE_HOST, startPebble } from './pebble.ts'
import { type RunningProgram, start } from './program.ts'

const directory = await mkdtemp(join(tmpdir(), 'acme-clock-'))
t.teardown(() => rm(directory, { recursive: true, maxRetries: 5 }))
const file = (name: string) => join(directory, name)

const dns = await startDnsStub({ hosts: [PEBBLE_HOST, 'autoconfig.one.test', 'autodiscover.one.test'] })
t.teardown(dns.stop)
const daySeconds = 24 * 60 * 60
const pebble = await startPebble(file('pebble'), {
  env: { PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: '0' },
  settings: { certificateValidityPeriod: 20 * daySeconds }
})
t.teardown(pebble.stop)
const orders = () => pebble.readLog().match(/Added order/g)?.length ?? 0

/** @param days by which the clock of Signpost is ahead */
async function serve(
  t: Test,
  name: string,
  { days, storage }: { days: number; storage: string }
): Promise<RunningProgram> {
  await mkdir(file(name))
  const config = file(`${name}/signpost.yaml`)
  await writeFile(config, acmeSettings(pebble, { storage, domains: ['one.test'] }))
  const clock = join(import.meta.dirname, 'shifted-clock.ts')
  const main = process.env.SIGNPOST_MAIN ?? 'src/main.ts'
  const signpost = await start(process.execPath, ['--import', clock, main, 'serve', '--config', config], {
    log: file(`${name}/signpost.log`),
    env: { SHIFTED_CLOCK_MS: String(days * daySeconds * 1000) },
    ready: listenersAt()
  })
  t.teardown(signpost.stop)
  return signpost
}

async function stateIn(storage: string): Promise<{ problem?: string; nextAt?: number; obtainedAt?: number }> {
  const [path] = (await filesIn(storage)).filter(path => path.endsWith('one.test.json'))
  return path === undefined ? {} : JSON.parse(await readFile(path, 'utf8'))
}

for (const [name, days, reason] of [
  ['ahead', 18, /due for renewal already: is the clock of this machine right\?/],
  ['behind', -3, /is not valid before .*: is the clock of this machine right\?/]
] as const) {
  t.test(
    `clock ${name}: there is one order, also after a restart, and no problem once the clock is correct`,
    async t => {
      const before = orders()
      const storage = file(`${name}-storage`)
      for (const attempt of ['first', 'second']) {
        const signpost = await serve(t, `${name}-${attempt}`, { days, storage })
        const log = file(`${name}-${attempt}/signpost.log`)
        await waitFor(async () => reason.exec(await readFile(log, 'utf8'))?.[0], log)
        t.ok(await waitFor(() => certificateAt('autoconfig.one.test', { ca: pebble.root }), log), attempt)
        await signpost.stop()
        t.match(await stateIn(storage), { problem: reason })
      }
      t.equal(orders(), before + 1)
      const { nextAt = 0 } = await stateIn(storage)
      t.ok(nextAt > Date.now() + days * daySeconds * 1000, 'the next attempt is later')
      const right = await serve(t, `${name}-right`, { days: 0, storage })
      const log = file(`${name}-right/signpost.log`)
      t.ok(await waitFor(async () => ((await stateIn(storage)).problem === undefined ? true : undefined), log))
      await right.stop()
      t.equal(orders(), before + 1)
    }
  )
}
