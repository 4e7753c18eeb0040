// The package as users get it: packed, installed in an empty folder, and run as compiled JavaScript.

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { installPackage } from './installed-package.ts'
import { type Outcome, run, start } from './program.ts'

const LISTEN = { host: '127.0.0.1', port: 8095 }

const directory = await mkdtemp(join(tmpdir(), 'signpost-package-'))
t.teardown(() => rm(directory, { recursive: true }))

const { paths, folder, bin } = await installPackage(directory)
const config = join(folder, 'config/signpost.yaml')

t.test('package: contains the program, its settings and documents, and no development files', async t => {
  for (const path of [
    'dist/signpost.cjs',
    'dist/main.js',
    'config/signpost.yaml',
    'config/signpost.schema.json',
    'README.md',
    'LICENSE'
  ]) {
    t.ok(paths.includes(path), path)
  }
  t.same(
    paths.filter(path => !/^(?:dist|config)\/|^(?:package\.json|README\.md|LICENSE|CHANGELOG\.md)$/.test(path)),
    []
  )
  t.same(
    paths.filter(path => path.startsWith('dist/') && !/(?:\.js|\.d\.ts|^dist\/signpost\.(?:cjs|d\.cts))$/.test(path)),
    []
  )
})

t.test('package: signpost --version prints the version of the package', async t => {
  const { version } = JSON.parse(await readFile('package.json', 'utf8'))
  t.same(await signpost('--version'), { exitCode: 0, output: `signpost ${version}\n` })
})

t.test('package: signpost check accepts the shipped settings', async t => {
  const { exitCode, output } = await signpost('check', '--config', config)
  t.equal(exitCode, 0, output)
  t.match(output, 'provider mailbox.org (mailbox.org): Thunderbird autoconfig, ')
})

t.test('package: signpost render prints what the sources print', async t => {
  for (const dialect of ['thunderbird', 'outlook', 'apple']) {
    const args = ['render', dialect, 'jane@mailbox.org', '--config', config]
    const source = await run(process.execPath, ['src/main.ts', ...args])
    t.equal(source.exitCode, 0, dialect)
    t.same(await signpost(...args), source, dialect)
  }
})

t.test('package: signpost serve responds', async t => {
  const listen = `${LISTEN.host}:${LISTEN.port}`
  const log = join(directory, 'signpost.log')
  const server = await start(bin, ['serve', '--config', config, '--listen', listen], { log, ready: [LISTEN] })
  const url = `http://${listen}/mail/config-v1.1.xml?emailaddress=jane@mailbox.org`
  const answer = await fetch(url)
  t.equal(answer.status, 200)
  t.match(await answer.text(), '<hostname>imap.mailbox.org</hostname>')
  await server.stop()
  t.match(await readFile(log, 'utf8'), '"msg":"stopped"')
})

t.test('package: invalid arguments are reported in one line, with exit code 2', async t => {
  const { exitCode, output } = await signpost('check', '--config', 'no.yaml')
  t.equal(exitCode, 2)
  t.match(output, /^signpost: .*\n$/)
})

function signpost(...args: string[]): Promise<Outcome> {
  return run(bin, args)
}
