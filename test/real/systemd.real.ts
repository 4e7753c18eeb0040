// The systemd unit of config/: systemd's rating of its exposure, and a check that Signpost needs nothing that the unit denies.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { run, start } from './program.ts'

const unit = 'config/systemd/signpost.service'

const directory = await mkdtemp(join(tmpdir(), 'systemd-'))
t.teardown(() => rm(directory, { recursive: true }))
const text = await readFile(unit, 'utf8')
const guide = await readFile('docs/guides/deployment.md', 'utf8')
const settings = (name: string) => [...text.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value = '']) => value)

t.test('systemd: the exposure of the unit is at most 1.5 of 10, and the guide has the same figure', async t => {
  const exposure = await exposureOf(unit)
  t.ok(exposure <= 1.5, String(exposure))
  t.ok(isPublished(exposure, 'rates its exposure'), String(exposure))
  // Why: the exit code is what an administrator's own check would look at.
  t.equal((await run('systemd-analyze', ['security', '--offline=true', '--threshold=15', unit])).exitCode, 0)
})

t.test('systemd: behind a proxy, the lines in the guide lower the exposure to the figure in the guide', async t => {
  const [, lines = ''] = /^\[Service\]\n(AmbientCapabilities=\n[^`]*)/m.exec(guide) ?? []
  const changed = join(directory, 'signpost.service')
  // Why there: systemd reads the lines of a drop-in file after those of the unit.
  await writeFile(changed, text.replace('\n[Install]', `\n${lines}\n[Install]`))
  const exposure = await exposureOf(changed)
  t.ok(exposure < (await exposureOf(unit)))
  t.ok(isPublished(exposure, 'lower the exposure to'), String(exposure))
})

t.test('systemd: accepts every setting of the unit', async t => {
  const { output } = await run('systemd-analyze', ['verify', unit])
  // Why: the package is not installed here, and no other message is expected.
  t.match(output, /^signpost\.service: Command \/opt\/signpost\/bin\/signpost is not executable.*\n$/)
})

for (const [what, more] of [
  ['Signpost makes', []],
  ['a service that replaces two workers makes', ['--workers', '2']]
] as const) {
  t.test(`systemd: ${what} no system call that the unit denies`, async t => {
    const [allow = '', deny = ''] = settings('SystemCallFilter')
    const allowed = await systemCalls(allow.split(' '))
    for (const call of await systemCalls(deny.slice(1).split(' '))) allowed.delete(call)
    t.ok(allowed.size > 100)

    const trace = join(directory, `trace-${more.length}`)
    const log = join(directory, `log-${more.length}`)
    const listen = ['--listen', '127.0.0.1:8081']
    const serve = ['src/main.ts', 'serve', '--config', 'config/signpost.yaml', ...listen, ...more]
    const server = await start('strace', ['-f', '-qq', '-o', trace, process.execPath, ...serve], {
      log,
      ready: [{ host: '127.0.0.1', port: 8081 }]
    })
    const url = 'http://127.0.0.1:8081/mail/config-v1.1.xml?emailaddress=a@mailbox.org'
    const response = await run('curl', ['--silent', '--fail', url])
    t.match(response.output, '<clientConfig')
    if (more.length > 0) await replaceWorkers(server.pid ?? 0, log)
    await server.stop()

    const made = (await readFile(trace, 'utf8')).matchAll(/^\d+ +(\w+)\(/gm)
    const calls = new Set(Array.from(made, ([, name = '']) => name))
    t.ok(calls.has('epoll_ctl') && calls.has('accept4'))
    t.same(
      [...calls].filter(name => !allowed.has(name)),
      []
    )
  })
}

/** @returns whether the guide has this figure after a phrase. Why roughly: releases of systemd differ by 0.1. */
function isPublished(exposure: number, phrase: string): boolean {
  const [, figure] = new RegExp(`${phrase} ([\\d.]+\\d)`).exec(guide) ?? []
  return Math.abs(Number(figure) - exposure) < 0.15
}

/** @returns how systemd rates a unit, from 0 to 10 */
async function exposureOf(file: string): Promise<number> {
  const { output } = await run('systemd-analyze', ['security', '--offline=true', '--no-pager', file])
  const [, exposure] = /Overall exposure level for signpost\.service: ([\d.]+)/.exec(output) ?? []
  if (exposure === undefined) throw new Error(output)
  return Number(exposure)
}

async function replaceWorkers(strace: number, log: string): Promise<void> {
  const [signpost] = (await readFile(`/proc/${strace}/task/${strace}/children`, 'utf8')).split(' ')
  process.kill(Number(signpost), 'SIGHUP')
  while (!(await readFile(log, 'utf8')).includes('workers replaced')) await sleep(50)
}

/** @param names of system calls and of groups such as @system-service. @returns all system calls in them */
async function systemCalls(names: readonly string[]): Promise<Set<string>> {
  const calls = new Set<string>()
  for (const name of names) {
    if (!name.startsWith('@')) {
      calls.add(name)
      continue
    }
    const { output } = await run('systemd-analyze', ['syscall-filter', '--no-pager', name])
    const members = output
      .split('\n')
      .slice(1)
      .map(line => line.trim())
      .filter(line => /^[@\w-]+$/.test(line))
    for (const call of await systemCalls(members)) calls.add(call)
  }
  return calls
}
