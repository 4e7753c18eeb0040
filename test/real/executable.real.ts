// The single executable: it needs no program in PATH, works like the sources, and uses no more resources than the npm package.

import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import manifest from '../../package.json' with { type: 'json' }
import { createAuthority } from './certificate-authority.ts'
import { installPackage } from './installed-package.ts'
import { startMariadb } from './mariadb.ts'
import { startPostgres } from './postgres.ts'
import { run, start } from './program.ts'
import { buildRelease, releaseFiles } from './release.ts'
import { startSlapd } from './slapd.ts'

const LISTEN = { host: '127.0.0.1', port: 8097 }
const listen = `${LISTEN.host}:${LISTEN.port}`
const seed = 'config/signpost.yaml'

const directory = await mkdtemp(join(tmpdir(), 'executable-'))
t.teardown(() => rm(directory, { recursive: true, maxRetries: 5 }))
// Why: the database servers run as other users.
await Promise.all([tmpdir(), directory].map(each => chmod(each, 0o755)))

const release = await buildRelease(directory)
const executable = join(release, releaseFiles.executable)
/** Arguments of `env`: the executable, with an empty environment except for PATH, which names no folder. */
const alone = ['--ignore-environment', 'PATH=', executable]

t.test('executable: comes with the licences of everything in it', async t => {
  const licences = await readFile(join(release, releaseFiles.licences), 'utf8')
  for (const name of ['Node.js', ...Object.keys(manifest.dependencies)])
    t.match(licences, new RegExp(`^${name} \\d`, 'm'))
})

t.test('executable: with an empty PATH, prints its version', async t => {
  t.same(await run('env', [...alone, '--version']), { exitCode: 0, output: `signpost ${manifest.version}\n` })
})

t.test('executable: with an empty PATH, prints what the sources print', async t => {
  for (const args of [
    ['check', '--config', seed],
    ['render', 'thunderbird', 'jane@mailbox.org', '--config', seed],
    ['render', 'outlook', 'jane@mailbox.org', '--config', seed],
    ['render', 'apple', 'jane@mailbox.org', '--config', seed],
    ['dns', 'mailbox.org', '--config', seed],
    ['qr', 'apple', 'jane@mailbox.org', '--format', 'svg', '--config', seed],
    ['doctor', '--help'],
    ['serve', '--wrong']
  ]) {
    t.same(await run('env', [...alone, ...args]), await run(process.execPath, ['src/main.ts', ...args]), args.join(' '))
  }
})

t.test('executable: several workers respond, are replaced on SIGHUP, and end with it', async t => {
  const log = join(directory, 'workers.log')
  const args = [...alone, 'serve', '--config', seed, '--listen', listen, '--workers', '2']
  const server = await start('env', args, { log, ready: [LISTEN] })
  await logged(log, 'Signpost listens')
  t.equal((await workersOf(server.pid)).length, 2)
  const before = await workersOf(server.pid)
  process.kill(server.pid ?? 0, 'SIGHUP')
  await logged(log, 'workers replaced')
  t.equal((await workersOf(server.pid)).filter(pid => before.includes(pid)).length, 0)
  const answer = await fetch(`http://${listen}/mail/config-v1.1.xml?emailaddress=jane@mailbox.org`)
  t.match(await answer.text(), '<hostname>imap.mailbox.org</hostname>')
  await server.stop()
  t.match(await readFile(log, 'utf8'), '"msg":"stopped"')
  const { exitCode } = await run('pgrep', ['-f', executable])
  t.equal(exitCode, 1, 'no process is left')
})

t.test('executable: queries PostgreSQL, MariaDB and OpenLDAP, each in a separate process', async t => {
  const certificate = await (await createAuthority(join(directory, 'authority'))).issue(['localhost'])
  const password = 'hunter2'
  const postgres = await startPostgres(join(directory, 'postgres'), { certificate, password })
  t.teardown(() => postgres.stop())
  const mariadb = await startMariadb(join(directory, 'mariadb'), { certificate, password })
  t.teardown(() => mariadb.stop())
  const slapd = await startSlapd(join(directory, 'slapd'), { certificate, schema: '', entries })
  t.teardown(() => slapd.stop())
  await postgres.create('customers', [
    'CREATE TABLE customer (domain VARCHAR(255) PRIMARY KEY, provider VARCHAR(64))',
    "INSERT INTO customer VALUES ('postgres.example', 'example')"
  ])
  await mariadb.create('mail', [
    'CREATE TABLE mailbox (address VARCHAR(255) PRIMARY KEY, login VARCHAR(64))',
    "INSERT INTO mailbox VALUES ('jane@postgres.example', 'u4711'), ('jane@ldap.example', 'u4712')"
  ])

  const users = {
    type: 'mysql',
    host: mariadb.host,
    port: mariadb.port,
    database: 'mail',
    query: 'SELECT address, login AS username FROM mailbox WHERE address = :address',
    unknown: 'u####'
  }
  const directories = {
    'postgres.example': {
      type: 'postgres',
      host: postgres.host,
      port: postgres.port,
      database: 'customers',
      query: 'SELECT domain, provider FROM customer WHERE domain = :domain'
    },
    'ldap.example': {
      type: 'ldap',
      host: slapd.host,
      port: slapd.port,
      base: 'ou=public,dc=example,dc=com',
      filter: '(&(objectClass=domainRelatedObject)(associatedDomain=:domain))',
      attributes: { domain: 'associatedDomain', provider: 'businessCategory' }
    }
  }
  const providers = [
    {
      id: 'example',
      name: 'Example',
      domains: ['example.com'],
      servers: ['imap', 'smtp'].map(protocol => ({ protocol, host: 'mail.example.com' }))
    }
  ]
  for (const [domain, settings] of Object.entries(directories)) {
    const config = join(directory, `${domain}.json`)
    await writeFile(config, JSON.stringify({ directory: settings, users, providers }))
    const log = join(directory, `${domain}.log`)
    const secrets = [
      `SIGNPOST_DIRECTORY_PASSWORD=${settings.type === 'ldap' ? '' : password}`,
      `SIGNPOST_USERS_PASSWORD=${password}`,
      'SIGNPOST_USERS_SECRET=0123456789abcdef0123456789abcdef'
    ]
    const args = ['--ignore-environment', ...secrets, executable, 'serve', '--config', config, '--listen', listen]
    const server = await start('env', args, { log, ready: [LISTEN] })
    const body = await answerFor(`jane@${domain}`)
    t.match(body, '<hostname>mail.example.com</hostname>', await readFile(log, 'utf8'))
    t.match(body, `<username>u471${domain === 'ldap.example' ? 2 : 1}</username>`)
    const { output } = await run('pgrep', ['--parent', String(server.pid)])
    t.equal(output.trim().split('\n').length, 2, 'a process for each driver')
    for (const pid of output.trim().split('\n')) {
      t.match(await readFile(`/proc/${pid}/environ`, 'utf8'), '--max-old-space-size=', 'with a limit of memory')
    }
    await server.stop()
  }
})

t.test('executable: needs no more time and memory than the npm package', async t => {
  const { bin } = await installPackage(directory)
  const candidates = { npm: [process.execPath, bin], executable: [executable] }
  const figures = { npm: [] as Figures[], executable: [] as Figures[] }
  // Why alternately, and the best result of each: other programs on the machine must not affect the result.
  for (let round = 0; round < 5; round++) {
    for (const name of ['npm', 'executable'] as const) figures[name].push(await measure(candidates[name]))
  }
  const best = (name: keyof typeof figures, figure: keyof Figures) =>
    Math.min(...figures[name].map(each => each[figure]))
  for (const figure of ['startMs', 'privateKb'] as const) {
    const [npm, executable] = [best('npm', figure), best('executable', figure)]
    t.comment(`${figure}: ${npm} of the npm package, ${executable} of the executable`)
    t.ok(executable <= npm * 1.15, figure)
  }
})

interface Figures {
  /** Time from the start of the process to the first response. */
  readonly startMs: number
  /** Memory that no other process shares, without the pages of the file, which all workers share. */
  readonly privateKb: number
}

async function measure(command: readonly string[]): Promise<Figures> {
  const log = join(directory, 'measured.log')
  const begin = performance.now()
  const args = ['--unset=NODE_OPTIONS', ...command, 'serve', '--config', seed, '--listen', listen]
  const server = await start('env', args, { log, ready: [] })
  while (!(await answers())) await sleep(5)
  const startMs = Math.round(performance.now() - begin)
  for (let request = 0; request < 200; request++) await answerFor('jane@mailbox.org')
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8')
  await server.stop()
  return { startMs, privateKb: Number(/^RssAnon:\s+(\d+)/m.exec(status)?.[1]) }
}

async function answerFor(address: string): Promise<string> {
  const answer = await fetch(`http://${listen}/mail/config-v1.1.xml?emailaddress=${address}`)
  return await answer.text()
}

function answers(): Promise<boolean> {
  return answerFor('jane@mailbox.org').then(
    () => true,
    () => false
  )
}

async function logged(log: string, text: string): Promise<void> {
  const deadline = Date.now() + 30_000
  while (!(await readFile(log, 'utf8')).includes(text)) {
    if (Date.now() > deadline) throw new Error(`the log does not say ${text}`)
    await sleep(50)
  }
}

async function workersOf(pid: number | undefined): Promise<string[]> {
  const { output } = await run('pgrep', ['--parent', String(pid)])
  return output.trim().split('\n')
}

/** LDIF. Spec: RFC 2849. */
const entries = `dn: dc=example,dc=com
objectClass: domain
dc: example

dn: ou=public,dc=example,dc=com
objectClass: organizationalUnit
ou: public

dn: associatedDomain=ldap.example,ou=public,dc=example,dc=com
objectClass: organization
objectClass: domainRelatedObject
o: unsaid
associatedDomain: ldap.example
businessCategory: example
`
