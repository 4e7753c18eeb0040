// `signpost doctor` as a program, for a domain with real servers: nginx, Dovecot, Postfix, and Signpost itself.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { startNameServer } from '../support/doctor/name-server.ts'
import { zoneOf } from '../support/doctor/zone-of.ts'
import { tableOf } from '../support/table-of.ts'
import { createAuthority } from './certificate-authority.ts'
import { startMailServers } from './mail-servers.ts'
import { DNS_ADDRESS, WORLD_ADDRESS } from './namespace.ts'
import { startNginx } from './nginx.ts'
import { SIGNPOST_ADDRESS, startSignpost } from './signpost.ts'

const SETTINGS = 'test/real/settings/doctor.yaml'
const DOMAIN = 'whole.test'
const ADDRESS = `john.doe@${DOMAIN}`
const PASSWORD = 'secret'
const WEB_HOSTS = [
  DOMAIN,
  ...['autoconfig', 'autodiscover', 'ua-auto-config', 'signpost'].map(host => `${host}.${DOMAIN}`)
]
const MAIL_HOSTS = ['imap', 'pop3', 'smtp'].map(host => `${host}.${DOMAIN}`)
/** The maximum duration for a healthy domain, in milliseconds. */
const LIMIT = 10_000

const directory = await mkdtemp(join(tmpdir(), 'doctor-'))
t.teardown(() => rm(directory, { recursive: true, maxRetries: 5 }))
await chmod(directory, 0o755) // the servers' own users go through it
const authority = await createAuthority(join(directory, 'authority'))
const certificate = await authority.issue(WEB_HOSTS)
const table = tableOf(await readFile(SETTINGS, 'utf8'))
const zone = zoneOf(table, { domain: DOMAIN, address: WORLD_ADDRESS, hosts: MAIL_HOSTS })
const parts = await Promise.all([
  startNameServer({ records: zone, listen: { address: DNS_ADDRESS, port: 53 } }),
  startNginx(join(directory, 'nginx'), { certificate, upstream: SIGNPOST_ADDRESS }),
  startSignpost(join(directory, 'signpost'), SETTINGS),
  startMailServers(join(directory, 'mail'), authority, {
    ...{ hosts: MAIL_HOSTS, ports: [993, 995, 465], address: ADDRESS, password: PASSWORD }
  })
])
for (const part of parts) t.teardown(part.stop)

const MAIN = process.env.SIGNPOST_MAIN ?? 'src/main.ts'

/** The DNS server is that of the system, and every address of the private network is private. */
async function runDoctor(args: string[], input = '') {
  const options = ['--ca', authority.root, '--allow-private', ...args]
  const started = performance.now()
  const child = spawn(process.execPath, [MAIN, 'doctor', ...options], { stdio: 'pipe' })
  child.stdin.end(input)
  const [[exitCode], output, errors] = await Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)])
  return { exitCode, output, errors, ms: performance.now() - started }
}

t.test('doctor: exits with 0 for a healthy domain, within ten seconds', async t => {
  const { exitCode, output, errors, ms } = await runDoctor([DOMAIN])
  t.comment(output)
  t.comment(`${Math.round(ms)} ms with the start of the program`)
  t.equal(exitCode, 0)
  t.equal(errors, '')
  t.match(output, /^ {2}ok {6}No problems; examined in /m)
  // Why without the start of the program: that depends on the machine.
  const [, seconds] = /examined in (\d+\.\d) s\.$/m.exec(output) ?? []
  t.ok(Number(seconds) * 1000 < LIMIT)
})

t.test('doctor: logs in to the real servers with a password from standard input', async t => {
  const args = [ADDRESS, '--json', '--password-stdin']
  const { exitCode, output } = await runDoctor(args, `${PASSWORD}\n`)
  const { findings, servers } = JSON.parse(output)
  t.same(findings, [])
  t.same(
    servers.map(({ protocol, logIn }: Record<string, unknown>) => `${protocol} ${logIn}`),
    ['imap accepted', 'smtp accepted', 'pop3 accepted']
  )
  t.equal(exitCode, 0)
})

t.test('doctor: a wrong password is a finding', async t => {
  const { exitCode, output } = await runDoctor([ADDRESS, '--json', '--password-stdin'], 'wrong\n')
  t.equal(exitCode, 1)
  const rules: string[] = JSON.parse(output).findings.map(({ rule }: { rule: string }) => rule)
  t.ok(rules.length >= 3)
  t.notMatch(output, 'wrong')
})

t.test('doctor: distinguishes domains that are served from others', async t => {
  const { exitCode, output } = await runDoctor(['unserved.test'])
  t.equal(exitCode, 1)
  t.match(output, /^ {2}error {3}unserved\.test: The domain does not exist\./m)
})

t.test('doctor: --all examines every domain of the table', async t => {
  const { exitCode, output } = await runDoctor(['--all', SETTINGS])
  t.comment(output)
  t.equal(exitCode, 0)
  t.match(output, /^ {2}ok {6}No problems at 1 domain; examined in /m)
  t.match(output, /^ {2}ok {6}whole\.test +0 +0$/m)
})
