// The filter and the jail of config/fail2ban in a real Fail2ban, with the log of a real Signpost.

import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { run, start } from './program.ts'

const port = 8080
const filter = 'config/fail2ban/filter.d/signpost.conf'

/** Requests that each client may make. */
const allowed = 2

const directory = await mkdtemp(join(tmpdir(), 'fail2ban-'))
t.teardown(() => rm(directory, { recursive: true }))

/** The result of fail2ban-regex for a log: the number of matching lines, and the address and time of each. */
async function matches(log: string): Promise<{ readonly matched: number; readonly hits: string[] }> {
  const { output } = await run('env', ['TZ=Europe/Berlin', 'fail2ban-regex', '-v', log, filter])
  const matched = Number(/Lines: \d+ lines, \d+ ignored, (\d+) matched/.exec(output)?.[1])
  if (Number.isNaN(matched)) throw new Error(output)
  // A hit is printed as `|      203.0.113.7  Mon Nov 30 10:35:04 2026`.
  return { matched, hits: Array.from(output.matchAll(/^\| {6}(\S+ {2}\w+ .*\d{4})$/gm), ([, hit = '']) => hit) }
}

/** @returns the status of the response to a client at an address of this machine */
async function ask(host: string, localAddress: string, path = '/nowhere'): Promise<number | undefined> {
  return await new Promise((resolve, reject) => {
    const headers = { host: 'autoconfig.mailbox.org', 'user-agent': 'curl/8.5.0' }
    request({ host, port, localAddress, path, headers, agent: false }, response => {
      response.resume().once('end', () => resolve(response.statusCode))
    })
      .once('error', reject)
      .end()
  })
}

for (const workers of ['1', '2']) {
  t.test(`fail2ban: the filter finds all requests with status 429, and no others (${workers} workers)`, async t => {
    const config = join(directory, `${workers}.yaml`)
    const log = join(directory, `${workers}.log`)
    const shipped = await readFile('config/signpost.yaml', 'utf8')
    const limits = `limits: { rate: { requests: ${allowed * Number(workers)}, seconds: 3600, allow: [] } }`
    await writeFile(config, `log: { clientAddress: full }\n${limits}\n${shipped}`)
    const options = ['serve', '--config', config, '--listen', `:${port}`, '--workers', workers]
    const program = await start(process.execPath, ['src/main.ts', ...options], { log, ready: [{ host: '::1', port }] })
    const refused: string[] = []
    for (const [host, client] of [
      ['127.0.0.1', '127.0.0.5'],
      ['127.0.0.1', '127.0.0.6'],
      ['::1', '::1']
    ] as const) {
      for (let count = 0; count < 20; count++) if ((await ask(host, client)) === 429) refused.push(client)
    }
    await ask('127.0.0.1', '127.0.0.7', `/${'x'.repeat(10_000)}`)
    await program.stop()

    t.ok(refused.length > 20, `${refused.length} requests were refused`)
    const { matched, hits } = await matches(log)
    t.equal(matched, refused.length)
    t.same(hits.map(hit => hit.replace(/ .*/, '')).sort(), refused.sort())
    // Why in Berlin: a time without a zone would be read as local time, and bans would never begin or never end.
    const [, time = ''] = /"time":"(.+?)".*"status":429/.exec(await readFile(log, 'utf8')) ?? []
    t.match(hits[0], ` ${new Date(time).toLocaleTimeString('sv-SE', { timeZone: 'Europe/Berlin' })} `)
  })
}

t.test('fail2ban: the filter reads lines of the journal, and none without an address', async t => {
  const line = (more: string) =>
    `{"level":"info","time":"2026-11-30T09:35:04.028Z","dialect":"none","outcome":"refused","status":429,"client":"other","ms":0.04${more}}`
  const log = join(directory, 'journal.log')
  await writeFile(log, `mx signpost[12]: ${line(',"clientAddress":"2001:db8::7"')}\n${line('')}\n`)
  t.same(await matches(log), { matched: 1, hits: ['2001:db8::7  Mon Nov 30 10:35:04 2026'] })
})

t.test('fail2ban: Fail2ban accepts the jail, which uses the filter', async t => {
  const folder = join(directory, 'etc')
  await cp('/etc/fail2ban', folder, { recursive: true })
  await cp('config/fail2ban', folder, { recursive: true })
  const { exitCode, output } = await run('fail2ban-client', ['-c', folder, '-d'])
  t.equal(exitCode, 0)
  t.match(output, "['add', 'signpost', 'systemd']")
  t.match(output, "['set', 'signpost', 'maxretry', 20]")
  t.match(output, '_SYSTEMD_UNIT=signpost.service')
  t.match(output, '"clientAddress":')
})
