// The service of the Debian package under a real systemd: unconfigured, started, reloaded, upgraded, broken, purged.

import { existsSync } from 'node:fs'
import { copyFile, stat as fileStatus, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { certificateAt, filesIn, waitFor } from './acme-site.ts'
import { bootRoot } from './booted-root.ts'
import { startDnsStub } from './dns-stub.ts'
import { DNS_ADDRESS } from './namespace.ts'
import { servesOverHttps } from './over-https.ts'
import { PEBBLE_HOST, startPebble } from './pebble.ts'
import type { Outcome } from './program.ts'
import { buildRelease, releaseFiles } from './release.ts'
import { openRootOverlay } from './root-overlay.ts'

const table = '/etc/signpost/signpost.yaml'
const directory = await mkdtemp(join(tmpdir(), 'debian-service-'))
t.teardown(() => rm(directory, { recursive: true, maxRetries: 5 }))
const release = await buildRelease(directory)
const root = await openRootOverlay(join(directory, 'overlay'))
t.teardown(() => root.close())
const machine = await bootRoot(root, directory)
t.teardown(() => machine.stop())
// Why afterwards: systemd empties /tmp at the start.
const deb = await root.put(join(release, releaseFiles.deb))
const seed = await readFile('config/signpost.yaml', 'utf8')

t.test('service: after installation it is enabled, and neither running nor failed', async t => {
  const { exitCode, output } = await machine.run('apt-get', ['install', '--yes', deb])
  t.equal(exitCode, 0, output)
  t.match(output, 'Signpost is installed, but not configured')
  t.equal(await systemctl('is-enabled', 'signpost'), 'enabled')
  t.equal(await property('ActiveState'), 'inactive')
})

t.test('service: started without a table, it is skipped, and its journal says what to do', async t => {
  const { exitCode, output } = await restart()
  t.equal(exitCode, 0, output)
  t.equal(await property('ActiveState'), 'inactive')
  t.equal(await property('Result'), 'exec-condition')
  const journal = await machine.run('journalctl', ['--unit=signpost', '--output=cat', '--no-pager'])
  t.match(journal.output, 'Signpost is installed, but not configured')
})

t.test('service: with a table it serves as the user signpost, and a reload keeps its process', async t => {
  await writeFile(join(root.path, table), seed)
  const { exitCode, output } = await restart()
  t.equal(exitCode, 0, output)
  t.match(await document(), '<hostname>imap.mailbox.org</hostname>')
  const pid = await property('MainPID')
  t.equal((await machine.run('stat', ['--format=%U:%G', `/proc/${pid}`])).output, 'signpost:signpost\n')
  await writeFile(join(root.path, table), seed.replaceAll('imap.mailbox.org', 'mail.mailbox.org'))
  await machine.run('systemctl', ['reload', 'signpost'])
  await until(async () => (await document()).includes('<hostname>mail.mailbox.org</hostname>'))
  t.equal(await property('MainPID'), pid)
})

t.test('service: several workers run under the same unit', async t => {
  await writeFile(join(root.path, table), seed.replace('http:', 'http:\n  workers: 2'))
  await restart()
  t.match(await document(), '<hostname>imap.mailbox.org</hostname>')
  const { output } = await machine.run('pgrep', ['--parent', await property('MainPID')])
  t.equal(output.trim().split('\n').length, 2)
})

t.test('service: with ten lines of settings and ports 80 and 443, it is a complete deployment', async t => {
  const listed = ['one.test', 'two.test']
  const domains = [...listed, 'customer.test']
  const namesOf = (domain: string) => [`autoconfig.${domain}`, `autodiscover.${domain}`]
  const dns = await startDnsStub({ hosts: [PEBBLE_HOST, ...domains.flatMap(namesOf)] })
  t.teardown(dns.stop)
  const pebble = await startPebble(join(directory, 'pebble'))
  t.teardown(pebble.stop)
  const inside = (path: string) => join(root.path, path)
  await writeFile(inside('etc/resolv.conf'), `nameserver ${DNS_ADDRESS}\n`)
  await copyFile(pebble.ca, inside('etc/signpost/ca.pem'))
  const customers = new DatabaseSync(inside('etc/signpost/customers.sqlite'))
  customers.exec("CREATE TABLE customer (domain TEXT PRIMARY KEY); INSERT INTO customer VALUES ('customer.test')")
  customers.close()

  const query = "SELECT domain, 'p' AS provider FROM customer WHERE domain = :domain"
  const settings = `http:
  port: 80
  tls: { port: 443, acme: { termsAgreed: true, directory: "${pebble.directory}", ca: ca.pem } }
directory: { type: sqlite, file: customers.sqlite, query: "${query}" }
providers:
  - id: p
    name: Example Mail
    domains: [${listed.join()}]
    servers: [{ protocol: imap, host: imap.example.com }, { protocol: smtp, host: smtp.example.com }]
`
  t.ok(settings.trim().split('\n').length <= 10)
  await writeFile(inside(table), settings)
  t.same(await filesIn(inside('var/lib/signpost')), [], 'no certificate is stored')
  await restart()

  const log = join(directory, 'pebble/pebble.log')
  const isValid = (name: string) => certificateAt(name, { ca: pebble.root })
  for (const name of domains.flatMap(namesOf)) await waitFor(() => isValid(name), log)
  for (const domain of domains) await servesOverHttps(t, domain, { root: pebble.root, imapHost: 'imap.example.com' })

  const status = await machine.run('cat', [`/proc/${await property('MainPID')}/status`])
  // Spec: capabilities(7): bit 10 is CAP_NET_BIND_SERVICE.
  for (const set of ['Prm', 'Eff', 'Bnd', 'Amb']) t.match(status.output, new RegExp(`^Cap${set}:\\s+0{13}400$`, 'm'))
  t.match(status.output, /^NoNewPrivs:\s+1$/m)
  const mounts = await machine.run('cat', [`/proc/${await property('MainPID')}/mountinfo`])
  t.match(mounts.output, / \/ ro,/)
  const stat = await machine.run('stat', ['--format=%U:%G %a', '/var/lib/signpost'])
  t.equal(stat.output, 'signpost:signpost 700\n')
  const files = await filesIn(inside('var/lib/signpost/certificates'))
  t.ok(files.length >= domains.length)
  for (const path of files) t.equal((await fileStatus(path)).mode & 0o777, 0o600, path)

  const orders = () => pebble.readLog().match(/Added order/g)?.length
  t.equal(orders(), domains.length)
  const { output } = await machine.run('signpost', ['certificates', '--config', table])
  for (const domain of domains) t.match(output, `autoconfig.${domain}`)
  const guide = await readFile('docs/guides/automatic-certificates.md', 'utf8')
  await shell(t, commandsOf(guide, 'Backup'))
  await systemctl('stop', 'signpost')
  await rm(inside('var/lib/signpost'), { recursive: true })
  await systemctl('reset-failed', 'signpost')
  await shell(t, commandsOf(guide, 'Moving to another machine'))
  for (const name of domains.flatMap(namesOf)) await waitFor(() => isValid(name), log)
  t.equal((await fileStatus(files[0] ?? '')).mode & 0o777, 0o600)
  t.equal(orders(), domains.length, 'and none is ordered again after a move to another machine')

  await systemctl('stop', 'signpost')
  const npmUnit = await readFile('config/systemd/signpost.service', 'utf8')
  await writeFile(inside('etc/systemd/system/npm.service'), npmUnit.replace('/opt/signpost/bin', '/usr/bin'))
  await systemctl('daemon-reload')
  await systemctl('start', 'npm')
  for (const name of domains.flatMap(namesOf)) await waitFor(() => isValid(name), log)
  const pid = await systemctl('show', '--value', '--property=MainPID', 'npm')
  const { output: user } = await machine.run('stat', ['--format=%u', `/proc/${pid}`])
  // Spec: systemd.exec(5), DynamicUser: the range of such users.
  t.ok(Number(user) >= 61184 && Number(user) <= 65519, user)
  t.equal((await fileStatus(inside('var/lib/private/signpost'))).uid, Number(user))
  t.equal(orders(), domains.length, 'and none with the unit of the npm package')
  await systemctl('stop', 'npm')
  await rm(inside('etc/systemd/system/npm.service'))
  await systemctl('daemon-reload')

  await writeFile(inside(table), seed)
  await restart()
  t.match(await document(), '<hostname>imap.mailbox.org</hostname>')
})

t.test('service: behind a proxy, it serves with the lines in the guide, and without any capability', async t => {
  const guide = await readFile('docs/guides/deployment.md', 'utf8')
  const [lines = ''] = /^\[Service\]\nAmbientCapabilities=\n[^`]*/m.exec(guide) ?? []
  t.match(lines, 'PrivateUsers=yes')
  const folder = join(root.path, 'etc/systemd/system/signpost.service.d')
  await mkdir(folder)
  await writeFile(join(folder, 'override.conf'), lines)
  await machine.run('systemctl', ['daemon-reload'])
  await restart()
  t.match(await document(), '<hostname>imap.mailbox.org</hostname>')
  const { output } = await machine.run('cat', [`/proc/${await property('MainPID')}/status`])
  t.match(output, /^CapEff:\s+0+$/m)
  await rm(folder, { recursive: true })
  await machine.run('systemctl', ['daemon-reload'])
  await restart()
  t.match(await document(), '<hostname>imap.mailbox.org</hostname>')
})

t.test('service: an upgrade restarts it, unless the new version rejects the table', async t => {
  const before = await property('MainPID')
  await machine.run('apt-get', ['install', '--yes', '--reinstall', deb])
  const after = await property('MainPID')
  t.not(after, before)
  t.match(await document(), '<hostname>imap.mailbox.org</hostname>')

  await writeFile(join(root.path, table), 'providers: [{}]\n')
  const { output } = await machine.run('apt-get', ['install', '--yes', '--reinstall', deb])
  t.match(output, 'so the service was not restarted')
  t.equal(await property('MainPID'), after)
  t.match(await document(), '<hostname>imap.mailbox.org</hostname>')
})

t.test('service: with an invalid table, it fails once and is not restarted', async t => {
  await restart()
  await until(async () => (await property('ActiveState')) === 'failed')
  t.equal(await property('ExecMainStatus'), '2')
  await sleep(2000)
  t.equal(await property('NRestarts'), '0')
})

t.test('service: a purge stops it and leaves no unit', async t => {
  await writeFile(join(root.path, table), seed)
  await restart()
  t.match(await document(), '<hostname>imap.mailbox.org</hostname>')
  const { exitCode, output } = await machine.run('apt-get', ['purge', '--yes', 'signpost'])
  t.equal(exitCode, 0, output)
  t.equal(await property('LoadState'), 'not-found')
  t.equal(existsSync(join(root.path, 'var/lib/signpost')), false, 'nor a key of a certificate')
  await t.rejects(fetch('http://127.0.0.1:8080/'))
})

/** @returns the commands of a section of a guide, for root */
function commandsOf(guide: string, heading: string): string {
  const [, section = ''] = guide.split(new RegExp(`^## ${heading}$`, 'm'))
  const [, commands] = /^ *```sh\n(.*?)^ *```$/ms.exec(section) ?? []
  if (commands === undefined) throw new Error(`no commands below ${heading}`)
  return commands.replaceAll('sudo ', '')
}

async function shell(t: Test, commands: string): Promise<void> {
  const { exitCode, output } = await machine.run('sh', ['-e', '-c', commands])
  t.equal(exitCode, 0, output)
}

async function systemctl(...args: string[]): Promise<string> {
  return (await machine.run('systemctl', args)).output.trim()
}

/** Why the reset: systemd refuses more than five starts in ten seconds, which a fast machine can exceed. */
async function restart(): Promise<Outcome> {
  await systemctl('reset-failed', 'signpost')
  return machine.run('systemctl', ['restart', 'signpost'])
}

function property(name: string): Promise<string> {
  return systemctl('show', '--value', `--property=${name}`, 'signpost')
}

/** @returns the first response of the service */
async function document(port = 8080): Promise<string> {
  let answer = ''
  await until(async () => {
    answer = await fetch(`http://127.0.0.1:${port}/mail/config-v1.1.xml?emailaddress=jane@mailbox.org`).then(
      each => each.text(),
      () => ''
    )
    return answer !== ''
  })
  return answer
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`it is not so: ${isSo}`)
    await sleep(100)
  }
}
