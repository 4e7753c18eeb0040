// Signpost on each supported release line of Node: the npm package, and the checkout with `npm start`.

import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { installPackage } from './installed-package.ts'
import { readNodeVersions } from './node-versions.ts'
import { run, start } from './program.ts'

const LISTEN = { host: '127.0.0.1', port: 8096 }
const listen = `${LISTEN.host}:${LISTEN.port}`

/** Arguments of `env`. Why: tap passes hooks to every node process, with which other versions fail. */
const plain = ['--unset=NODE_OPTIONS']

const directory = await mkdtemp(join(tmpdir(), 'signpost-node-'))
t.teardown(() => rm(directory, { recursive: true }))

const { folder, bin } = await installPackage(directory)
const versions = await readNodeVersions()
const [tooOld, ...supported] = versions

// A table with two workers and a database, because both depend most on the version of Node.
const database = new DatabaseSync(join(directory, 'domains.sqlite'))
database.exec("CREATE TABLE domains (domain, provider); INSERT INTO domains VALUES ('customer.example', 'example')")
database.close()
const config = join(directory, 'signpost.yaml')
const table = {
  directory: {
    type: 'sqlite',
    file: 'domains.sqlite',
    query: 'SELECT domain, provider FROM domains WHERE domain = :domain'
  },
  providers: [
    {
      id: 'example',
      name: 'Example',
      domains: ['example.com'],
      servers: ['imap', 'smtp'].map(protocol => ({ protocol, host: 'mail.example.com' }))
    }
  ]
}
await writeFile(config, JSON.stringify(table))

t.ok(supported.length >= 3)

for (const { version, node } of supported) {
  t.test(`node: under ${version}, the package renders the same as the sources`, async t => {
    for (const dialect of ['thunderbird', 'outlook', 'apple', 'api']) {
      const args = ['render', dialect, 'jane@example.com', '--config', config]
      const source = await run(process.execPath, ['src/main.ts', ...args])
      t.equal(source.exitCode, 0, source.output)
      t.same(await run('env', [...plain, node, bin, ...args]), source, dialect)
    }
  })

  t.test(`node: the package serves a table and a database under ${version}, with two workers`, async t => {
    const log = join(directory, `${version}.log`)
    const args = [...plain, node, bin, 'serve', '--config', config, '--listen', listen, '--workers', '2']
    const server = await start('env', args, { log, ready: [LISTEN] })
    for (const domain of ['example.com', 'customer.example']) {
      const answer = await fetch(`http://${listen}/mail/config-v1.1.xml?emailaddress=jane@${domain}`)
      t.equal(answer.status, 200, domain)
      t.match(await answer.text(), '<hostname>mail.example.com</hostname>')
    }
    const page = await fetch(`http://${listen}/setup?email=jane@example.com`)
    t.equal(page.status, 200)
    // Why: workers respond shortly before the supervisor can handle signals.
    while (!(await readFile(log, 'utf8')).includes('Signpost listens')) await sleep(50)
    await server.stop()
    t.match(await readFile(log, 'utf8'), '"msg":"stopped"')
  })
}

t.test(`node: the package names the versions that it needs under ${tooOld?.version}`, async t => {
  const { exitCode, output } = await run('env', [
    ...plain,
    tooOld?.node ?? '',
    join(folder, 'dist/signpost.cjs'),
    'serve'
  ])
  t.equal(exitCode, 2)
  t.match(output, /^signpost: Signpost needs Node 22 from 22\.18.*\nThis is Node 12\.22\.12: /)
})

t.test('npm start: with a Node that is too old, it says how to get a newer one', async t => {
  const checkout = await checkoutWithoutDevelopment()
  const { exitCode, output } = await npmStart(checkout, tooOld?.node ?? '')
  t.equal(exitCode, 2)
  t.match(output, 'In a checkout, "npm ci" without --omit=dev installs a Node of its own')
})

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  t.test(`npm start: ${signal} to npm stops the server, and the port is free`, async t => {
    const log = join(directory, `${signal}.log`)
    const env = { SIGNPOST_CONFIG: config, SIGNPOST_LISTEN: listen }
    const npm = await start('env', [...plain, 'npm', 'start'], { log, ready: [LISTEN], env })
    process.kill(npm.pid ?? 0, signal)
    const deadline = Date.now() + 15_000
    while ((await answers()) && Date.now() < deadline) await sleep(100)
    t.notOk(await answers(), 'no orphaned process uses the port')
    const last = `${signal}: finishing the requests under way`
    // Why it waits: the last lines are written after the port is closed.
    while (!(await readFile(log, 'utf8')).includes(last) && Date.now() < deadline) await sleep(50)
    t.match(await readFile(log, 'utf8'), last)
    await npm.stop()
  })
}

function answers(): Promise<boolean> {
  return fetch(`http://${listen}/`).then(
    () => true,
    () => false
  )
}

/** @returns a folder as it is after `npm ci --omit=dev` */
async function checkoutWithoutDevelopment(): Promise<string> {
  const checkout = join(directory, 'checkout')
  await mkdir(checkout)
  for (const name of ['package.json', 'src', 'config']) await cp(name, join(checkout, name), { recursive: true })
  await mkdir(join(checkout, 'node_modules'))
  return checkout
}

/** @param node the only `node` in the PATH of the script. npm itself runs on the one of this process. */
async function npmStart(checkout: string, node: string) {
  const { output: npm } = await run('sh', ['-c', 'readlink -f "$(command -v npm)"'])
  const programs = join(directory, 'programs')
  await mkdir(programs)
  await symlink(node, join(programs, 'node'))
  const others = ['/usr/bin', '/bin'].join(delimiter)
  const command = `cd "$0" && unset NODE_OPTIONS && PATH="$1" exec "$2" "$3" start`
  return run('sh', ['-c', command, checkout, [programs, others].join(delimiter), process.execPath, npm.trim()])
}
