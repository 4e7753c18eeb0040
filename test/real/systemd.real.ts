// The systemd unit of config/: how much it exposes, by systemd's own count, and that Signpost needs nothing that it denies.

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { run, start } from './program.ts'

const unit = 'config/systemd/signpost.service'
const mostExposure = 2

const directory = await mkdtemp(join(tmpdir(), 'systemd-'))
t.teardown(() => rm(directory, { recursive: true }))
const text = await readFile(unit, 'utf8')
const settings = (name: string) => [...text.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value = '']) => value)

t.test('systemd: the unit exposes at most 2.0 of 10', async t => {
  const { output } = await run('systemd-analyze', ['security', '--offline=true', '--no-pager', unit])
  const exposure = Number(/Overall exposure level for signpost\.service: ([\d.]+)/.exec(output)?.[1])
  t.comment(`exposure ${exposure}`)
  t.ok(exposure <= mostExposure, output)
})

t.test('systemd: the unit has no setting that systemd does not know', async t => {
  const { output } = await run('systemd-analyze', ['verify', unit])
  // Why: the package is not installed here, and nothing else may be said.
  t.match(output, /^signpost\.service: Command \/opt\/signpost\/bin\/signpost is not executable.*\n$/)
})

t.test('systemd: Signpost makes no system call that the unit denies', async t => {
  const [allow = '', deny = ''] = settings('SystemCallFilter')
  const allowed = await systemCalls(allow.split(' '))
  for (const call of await systemCalls(deny.slice(1).split(' '))) allowed.delete(call)
  t.ok(allowed.size > 100)

  const trace = join(directory, 'trace')
  const serve = [
    process.execPath,
    'src/main.ts',
    'serve',
    '--config',
    'config/signpost.yaml',
    '--listen',
    '127.0.0.1:8081'
  ]
  const server = await start('strace', ['-f', '-qq', '-o', trace, ...serve], {
    log: join(directory, 'log'),
    ready: [{ host: '127.0.0.1', port: 8081 }]
  })
  const asked = await run('curl', [
    '--silent',
    '--fail',
    'http://127.0.0.1:8081/mail/config-v1.1.xml?emailaddress=a@mailbox.org'
  ])
  await server.stop()
  t.match(asked.output, '<clientConfig')

  const calls = new Set([...(await readFile(trace, 'utf8')).matchAll(/^\d+ +(\w+)\(/gm)].map(([, name = '']) => name))
  t.ok(calls.has('epoll_ctl') && calls.has('accept4'))
  t.same(
    [...calls].filter(name => !allowed.has(name)),
    []
  )
})

/** @param names of groups such as @system-service, and of calls. @returns all calls that they stand for */
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
