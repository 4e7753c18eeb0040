// The Debian package, in a copy of this machine's root: installed with apt, run as in the unit, upgraded, purged.

import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import t from 'tap'
import manifest from '../../package.json' with { type: 'json' }
import { commands } from '../../src/cli/commands.ts'
import { askEveryDialect } from './every-dialect.ts'
import { run, start } from './program.ts'
import { buildRelease, releaseFiles } from './release.ts'
import { openRootOverlay } from './root-overlay.ts'

const LISTEN = { host: '127.0.0.1', port: 8080 }
const origin = `http://${LISTEN.host}:${LISTEN.port}`
const table = '/etc/signpost/signpost.yaml'
const unitFile = '/usr/lib/systemd/system/signpost.service'
const address = 'jane@mailbox.org'
const storedKey = '/var/lib/signpost/certificates/acme.example-dir/account.pem'

const directory = await mkdtemp(join(tmpdir(), 'deb-'))
t.teardown(() => rm(directory, { recursive: true, maxRetries: 5 }))
const release = await buildRelease(directory)
const deb = join(release, releaseFiles.deb)

const root = await openRootOverlay(join(directory, 'overlay'))
t.teardown(() => root.close())
const seed = await readFile('config/signpost.yaml', 'utf8')
const template = await readFile('config/signpost.template.yaml', 'utf8')
const templateFile = 'usr/share/signpost/signpost.template.yaml'
const installedTemplate = template.replace('./signpost.schema.json', '/usr/share/signpost/signpost.schema.json')
const older = await olderPackage()

t.test('deb: apt installs it, and the output says how to configure it', async t => {
  const { exitCode, output } = await root.run('apt-get', ['install', '--yes', await root.put(older)])
  t.equal(exitCode, 0, output)
  t.match(output, 'Signpost is installed, but not configured')
  t.same(await root.run('signpost', ['--version']), { exitCode: 0, output: `signpost ${manifest.version}\n` })
  t.match(
    (await root.run('getent', ['passwd', 'signpost'])).output,
    /^signpost:x:\d+:\d+::\/nonexistent:\/usr\/sbin\/nologin\n$/
  )
})

t.test('deb: the unit is skipped while the settings file is the unchanged template', async t => {
  t.equal(await readFile(join(root.path, table), 'utf8'), `${installedTemplate}# of 0.0.1\n`)
  const condition = await asUnit('ExecCondition')
  // Spec: systemd.service(5): with 1 to 254 the unit is skipped, and has not failed.
  t.equal(condition.exitCode, 1)
  t.match(condition.output, /signpost check --config .*\n.*systemctl restart signpost/)
})

t.test('deb: systemd accepts every setting of the unit, and rates its exposure at 1.5 or less of 10', async t => {
  t.same(await root.run('systemd-analyze', ['verify', unitFile]), { exitCode: 0, output: '' })
  const limit = ['--offline=true', '--threshold=15']
  const { exitCode, output } = await root.run('systemd-analyze', ['security', '--no-pager', ...limit, unitFile])
  t.equal(exitCode, 0, output)
  t.match(output, 'Overall exposure level for signpost.service')
  const enabled = join(root.path, 'etc/systemd/system/multi-user.target.wants')
  t.match((await run('ls', [enabled])).output, 'signpost.service')
})

t.test('deb: serves the seed in every dialect, as the user of the unit', async t => {
  await writeFile(join(root.path, table), seed)
  t.equal((await asUnit('ExecCondition')).exitCode, 0)
  const log = join(directory, 'signpost.log')
  const [user, ...command] = await unitCommand('ExecStart')
  const server = await start('chroot', [root.path, 'env', '--ignore-environment', ...setpriv(user), ...command], {
    log,
    ready: [LISTEN]
  })
  t.teardown(() => server.stop())
  const owner = await run('stat', ['--format=%U', `/proc/${server.pid}`])
  t.not(owner.output, 'root\n')

  await askEveryDialect(t, { origin, address, config: 'config/signpost.yaml', imapHost: 'imap.mailbox.org' })
})

t.test('deb: an upgrade keeps the settings, and asks nothing although the template has changed', async t => {
  const { exitCode, output } = await root.run('apt-get', ['install', '--yes', await root.put(deb)])
  t.equal(exitCode, 0, output)
  t.match(output, `signpost (${manifest.version}) over (0.0.1)`)
  t.equal(await readFile(join(root.path, table), 'utf8'), seed)
  t.equal(await readFile(join(root.path, templateFile), 'utf8'), installedTemplate)
  t.notMatch(output, 'not configured')
})

t.test('deb: an upgrade reports settings that the new version cannot serve', async t => {
  await writeFile(join(root.path, table), 'providers: [{}]\n')
  const { exitCode, output } = await root.run('apt-get', ['install', '--yes', '--reinstall', await root.put(deb)])
  t.equal(exitCode, 0, output)
  t.match(output, `signpost: ${table} cannot be served, so the service was not restarted. See: signpost check`)
  await writeFile(join(root.path, table), seed)
})

t.test('deb: the manual page has every command, and man reports no errors', async t => {
  const page = '/usr/share/man/man1/signpost.1.gz'
  const { output } = await root.run('sh', ['-c', `man --warnings --local-file ${page} 2>&1 >/dev/null`])
  t.equal(output, '')
  const { output: text } = await root.run('sh', ['-c', `MANWIDTH=200 man --local-file ${page}`])
  for (const name of Object.keys(commands)) t.match(text, new RegExp(`^ *signpost ${name} `, 'm'))
  t.match(text, dirname(dirname(storedKey)))
})

t.test('deb: bash completes commands, options, dialects and files', async t => {
  const complete = async (...words: string[]) => {
    const script = `source /usr/share/bash-completion/completions/signpost; COMP_WORDS=(signpost "$@"); COMP_CWORD=$#; _signpost; printf '%s\\n' "\${COMPREPLY[@]}"`
    return (await root.run('bash', ['-c', script, 'bash', ...words])).output.trim().split('\n')
  }
  t.same(await complete('se'), ['serve'])
  t.same(await complete('render', 'outlook-'), ['outlook-json'])
  t.same(await complete('serve', '--listen-'), ['--listen-tls', '--listen-admin'])
  t.same(await complete('check', '--config', '/etc/signpost/s'), ['/etc/signpost/signpost.yaml'])
})

t.test('deb: fish completes commands, options and dialects', async t => {
  const complete = async (line: string) =>
    (await root.run('fish', ['-c', `complete --do-complete ${JSON.stringify(line)}`])).output
  t.match(await complete('signpost se'), /^serve\t/)
  t.match(await complete('signpost render outlook-'), /^outlook-json/)
  t.match(
    await complete('signpost serve --listen-'),
    /^--listen-tls\t.*\n--listen-admin\t|^--listen-admin\t.*\n--listen-tls\t/
  )
})

t.test('deb: zsh completes commands and options', async t => {
  const script = join(root.path, 'tmp/complete.zsh')
  await writeFile(script, zshSession)
  for (const [line, completed] of [
    ['signpost se', 'signpost serve '],
    ['signpost render outlook-', 'signpost render outlook-json '],
    ['signpost check --loo', 'signpost check --lookup ']
  ] as const) {
    const { output } = await root.run('timeout', ['30', 'zsh', '-f', '/tmp/complete.zsh', line, completed])
    t.match(output, completed)
  }
})

t.test('deb: a removal keeps the settings, and a purge leaves nothing', async t => {
  const { output: list } = await root.run('dpkg', ['--listfiles', 'signpost'])
  const own = list.split('\n').filter(path => path.includes('signpost') && path !== '/etc/signpost' && path !== table)
  t.ok(own.length > 10)
  await mkdir(join(root.path, dirname(storedKey)), { recursive: true })
  await writeFile(join(root.path, storedKey), '')
  const removed = await root.run('apt-get', ['remove', '--yes', 'signpost'])
  t.equal(removed.exitCode, 0, removed.output)
  t.same(
    own.filter(path => existsSync(join(root.path, path))),
    []
  )
  t.equal(await readFile(join(root.path, table), 'utf8'), seed)
  t.ok(existsSync(join(root.path, storedKey)), 'and the certificates')

  const purged = await root.run('apt-get', ['purge', '--yes', 'signpost'])
  t.equal(purged.exitCode, 0, purged.output)
  const { output: left } = await root.run('find', [
    '/etc',
    '/usr/bin',
    '/usr/lib/systemd',
    '/var/lib/systemd',
    '-iname',
    '*signpost*'
  ])
  t.equal(left, '')
  t.equal(existsSync(join(root.path, '/var/lib/signpost')), false)
  t.equal((await root.run('getent', ['passwd', 'signpost'])).exitCode, 2)
})

/**
 * @returns a package of version 0.0.1, which is otherwise the same. As in 0.2.0, its settings are a conffile, and have another
 * template
 */
async function olderPackage(): Promise<string> {
  const folder = join(directory, 'older')
  const file = join(directory, 'signpost_0.0.1.deb')
  await run('dpkg-deb', ['--raw-extract', deb, folder])
  const control = join(folder, 'DEBIAN/control')
  await mkdir(join(folder, dirname(table)), { recursive: true })
  await writeFile(join(folder, table), `${installedTemplate}# of 0.0.1\n`)
  await writeFile(join(folder, 'DEBIAN/conffiles'), `${table}\n`)
  await writeFile(control, (await readFile(control, 'utf8')).replace(/^Version: .*$/m, 'Version: 0.0.1'))
  const { exitCode, output } = await run('dpkg-deb', ['--root-owner-group', '-Znone', '--build', folder, file])
  if (exitCode !== 0) throw new Error(output)
  // Why: apt reads it as another user.
  await chmod(file, 0o644)
  await rm(folder, { recursive: true })
  return file
}

t.test('deb: a first installation copies the template, and a purge removes it', async t => {
  const installed = await root.run('apt-get', ['install', '--yes', await root.put(deb)])
  t.equal(installed.exitCode, 0, installed.output)
  t.equal(await readFile(join(root.path, table), 'utf8'), installedTemplate)
  t.equal((await stat(join(root.path, table))).mode & 0o777, 0o644)
  const purged = await root.run('apt-get', ['purge', '--yes', 'signpost'])
  t.equal(purged.exitCode, 0, purged.output)
  t.equal(existsSync(join(root.path, dirname(table))), false)
})

/** @returns the user, and the command that the unit runs */
async function unitCommand(name: 'ExecStart' | 'ExecCondition'): Promise<string[]> {
  const unit = await readFile(join(root.path, unitFile), 'utf8')
  const [user, command] = ['User', name].map(each => new RegExp(`^${each}=(.*)$`, 'm').exec(unit)?.[1] ?? '')
  return [user ?? '', ...(command ?? '').split(' ')]
}

function setpriv(user = ''): string[] {
  return [
    '/usr/bin/setpriv',
    `--reuid=${user}`,
    `--regid=${user}`,
    '--clear-groups',
    '--no-new-privs',
    '--bounding-set=-all',
    '--inh-caps=-all'
  ]
}

async function asUnit(name: 'ExecStart' | 'ExecCondition') {
  const [user, ...command] = await unitCommand(name)
  const [program = '', ...args] = [...setpriv(user), ...command]
  return root.run(program, args)
}

/** Types a line and a tab in an interactive shell, and reads until it shows the other one. Source: zshmodules(1), zsh/zpty. */
const zshSession = `zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'fpath=(/usr/share/zsh/vendor-completions $fpath); autoload -Uz compinit; compinit -u -D; PS1=; unsetopt zle_bracketed_paste 2>/dev/null; print READY'
zpty -r shell line '*READY*READY*' 2>/dev/null
zpty -w -n shell "$1"$'\\t'
zpty -r shell line "*$2*" && print -rn -- "$line"
zpty -d shell
`
