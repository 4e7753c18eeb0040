import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { importCommand } from '../../../src/cli/commands/import.ts'
import { init } from '../../../src/cli/commands/init.ts'
import { describe } from '../../../src/settings/load/finding.ts'
import { load } from '../../../src/settings/load/load.ts'
import { loadFile } from '../../../src/sources/file.ts'
import { runCommand } from '../../support/cli/terminal.ts'
import { clientConfig } from '../../support/clients/plain-document.ts'
import { startDomain } from '../../support/doctor/living-domain.ts'
import { readImportFile } from '../../support/importers/import-file.ts'
import { matchLists } from '../../support/match-lists.ts'
import { tableOf } from '../../support/table-of.ts'

const run = (...argv: string[]) => runCommand(importCommand, argv)

type Breakage = NonNullable<Parameters<typeof startDomain>[1]>

const hosts = ['', 'autoconfig.', 'autodiscover.', 'ua-auto-config.'].map(label => `${label}example.com`)

/** A domain with a website and mail servers, but without any autoconfiguration. */
const silent = {
  zone: records => records.filter(({ type }) => type === 'A' || type === 'MX'),
  answers: Object.fromEntries(
    ['http', 'https'].flatMap(scheme =>
      hosts.map(host => [`${scheme}://${host}`, (_, response) => response.writeHead(404).end()])
    )
  )
} satisfies Breakage

/** The same, but the mail servers do not support TLS. */
const useless: Breakage = { ...silent, imap: { greeting: '* OK\r\n' }, smtp: { greeting: '220 OK\r\n' } }

/** Why so short: a TLS client and a server without TLS wait for each other until the timeout. */
const soon = ['--timeout', '1']

t.test('import: prints or writes the table of a file', async t => {
  const folder = t.testdir({ 'a.xml': clientConfig, here: '' })
  const file = join(folder, 'a.xml')
  const printed = await run(file)
  t.match(printed, {
    code: 0,
    out: new RegExp(`^# Imported from ${file}\\.\n\nproviders:\n  - id: example\\.com\n`),
    err: ''
  })
  const output = join(folder, 'new', 'table.yaml')
  t.match(await run(file, '--output', output, '--id', 'mine'), { code: 0, out: '' })
  t.equal(readFileSync(output, 'utf8'), printed.out.replace('id: example.com', 'id: mine'))
  await t.rejects(run(file, '--output', output), {
    code: 'AC_FILE_EXISTS',
    message: `${output} exists and is not overwritten`
  })
  await t.rejects(run(file, '--output', join(folder, 'here', 'x')), {
    code: 'AC_CANNOT_WRITE',
    message: /ENOTDIR|EEXIST/
  })
})

t.test('import: several sources and standard input become one table', async t => {
  const profile = readImportFile(
    readFileSync(new URL('../../golden/import/mailcow-profile.import', import.meta.url), 'utf8')
  )
  const folder = t.testdir({ 'a.xml': clientConfig, b: { 'b.mobileconfig': profile.source } })
  const input = async () => Buffer.from(clientConfig.replaceAll('example.com', 'c.example'))
  const sources = [join(folder, 'a.xml'), join(folder, 'b'), '-']
  const { code, out, err } = await runCommand(importCommand, sources, {}, { input })
  t.equal(code, 0)
  t.match(out, `# Imported from ${folder}/a.xml, ${folder}/b, standard input.\n`)
  matchLists(t, tableOf(out).providers, [
    {
      domains: ['example.com'],
      servers: [{ protocol: 'imap' }, { protocol: 'smtp' }],
      services: [{ protocol: 'caldav' }]
    },
    { domains: ['c.example'], servers: [{ protocol: 'imap' }, { protocol: 'smtp' }] }
  ])
  t.match(out, `# From ${folder}/b/b.mobileconfig:5:3.`)
  t.match(err, /b\.mobileconfig:23:7|there is another imap server already, from .*a\.xml:\d+:\d+/)
  await t.rejects(runCommand(importCommand, [join(folder, 'a.xml'), '-']), {
    code: 'AC_IMPORT_UNKNOWN',
    message: /^standard input: found an empty file, expected /
  })
})

t.test('import: --domain replaces the domains of a source', async t => {
  const anyDomain = clientConfig.replace('<domain>example.com</domain>', '<domain>%EMAILDOMAIN%</domain>')
  const folder = t.testdir({
    'a.xml': anyDomain,
    'b.xml': clientConfig,
    'c.xml': '<clientConfig/>',
    'd.xml':
      '<Autodiscover><Response><Account><Protocol><Type>IMAP</Type><Server>imap.d.example</Server></Protocol></Account></Response></Autodiscover>',
    e: { 'a.xml': clientConfig, 'b.xml': clientConfig.replaceAll('example.com', 'b.example') }
  })
  const given = ['--domain', 'Example.net', '--domain', '*.example.org']
  const any = await run(join(folder, 'a.xml'), ...given)
  t.match(any, { code: 0, err: '' })
  matchLists(t, tableOf(any.out).providers, [{ domains: ['example.net', '*.example.org'] }])
  t.notMatch(any.out, 'The source is for any domain')
  const replaced = await run(join(folder, 'b.xml'), ...given)
  t.match(replaced.out, '- id: example.net\n')
  t.match(replaced.err, /b\.xml:\d+:\d+ domain example\.com: not imported: --domain replaces it\n/)
  const guessed = await run(join(folder, 'd.xml'), ...given)
  t.match(guessed, { code: 0, err: '' })
  t.notMatch(guessed.out, 'the domain is a guess')
  t.match((await run(join(folder, 'd.xml'))).out, /the domain is a guess .* --domain replaces it\./)
  t.equal((await run(join(folder, 'c.xml'), ...given)).code, 1)
  await t.rejects(run(join(folder, 'e'), ...given), {
    code: 'AC_IMPORT_AMBIGUOUS',
    message: `--domain: found 2 providers at ${folder}/e, expected only one`
  })
  await t.rejects(run(join(folder, 'a.xml'), '--domain', 'a b'), {
    code: 'AC_USAGE',
    message: '--domain: found "a b", expected a domain such as example.com, *.example.com or *'
  })
})

t.test('import: reports what is dropped on standard error, and exits with 1 if nothing is left', async t => {
  const folder = t.testdir({
    'a.xml': clientConfig.replace('</emailProvider>', '<enable/></emailProvider>'),
    'b.xml': '<clientConfig><emailProvider id="b"/></clientConfig>'
  })
  t.match(await run(join(folder, 'a.xml')), {
    code: 0,
    err: /a\.xml:\d+:\d+ emailProvider\/enable: not imported: .*\n$/
  })
  t.match(await run(join(folder, 'b.xml')), {
    code: 1,
    out: '',
    err: /signpost: found nothing at .*b\.xml that a settings table can express\n$/
  })
})

t.test('import: reports invalid arguments', async t => {
  const folder = t.testdir({ 'a.xml': clientConfig, 'b.xml': clientConfig.replaceAll('example.com', 'b.example') })
  await t.rejects(run(join(folder, 'a.xml'), '--id', 'A B'), {
    code: 'AC_USAGE',
    message: /^--id: found "A B", expected lower-case/
  })
  await t.rejects(run(folder, '--id', 'a'), {
    code: 'AC_IMPORT_AMBIGUOUS',
    message: `--id: found 2 providers at ${folder}, expected only one`
  })
  await t.rejects(run('a', '--connect', 'a\nb=127.0.0.1'), { code: 'AC_USAGE', message: /^--connect: found / })
  for (const name of ['nothere', 'nothere.xml', 'nothere.json', 'a/b.xml']) {
    await t.rejects(run(name, '--resolver', '::1'), {
      code: 'AC_IMPORT_UNREADABLE',
      message: `cannot read ${name}: no such file`
    })
  }
})

t.test('import: reads a live domain, an address at it, and a document from it', async t => {
  const [domain = '', ...options] = await startDomain(t)
  for (const source of [domain, `jane@${domain}`]) {
    const { code, out, err } = await run(source, ...options)
    t.same({ code, err }, { code: 0, err: '' })
    t.match(out, '# Found at https://autoconfig.example.com/mail/config-v1.1.xml.')
    matchLists(t, tableOf(out).providers, [{ servers: [{ host: 'imap.example.com' }, { host: 'smtp.example.com' }] }])
  }
  const url = 'https://autoconfig.example.com/mail/config-v1.1.xml'
  t.match(await run(url, ...options), { code: 0, out: `# Imported from ${url}.` })
  await t.rejects(run('https://signpost.example.com/', ...options), {
    code: 'AC_IMPORT_UNKNOWN',
    message: /found a web page/
  })
})

t.test('import: finds servers with the usual names, and exits with 1 if there are none', async t => {
  const found = await run(...(await startDomain(t, silent)))
  t.match(found, { code: 0, out: '# Found by trying the usual names.', err: '' })
  matchLists(t, tableOf(found.out).providers, [
    { servers: [{ host: 'imap.example.com', port: 993 }, { host: 'smtp.example.com' }] }
  ])
  t.same(await run(...(await startDomain(t, useless)), ...soon), {
    code: 1,
    out: '',
    err: 'signpost: found no settings at example.com\n'
  })
})

/** Runs `signpost init` in a separate folder. */
function initializer(t: Test) {
  // Why not testdir: startDomain uses the one of the test.
  const folder = mkdtempSync(join(tmpdir(), 'signpost-init-'))
  const before = process.cwd()
  process.chdir(folder)
  t.teardown(() => {
    process.chdir(before)
    rmSync(folder, { recursive: true })
  })
  return { file: join(folder, 'config/example.com.yaml'), run: (...argv: string[]) => runCommand(init, argv) }
}

function expectServed(t: Test, file: string) {
  const { table, findings } = load(readFileSync(file, 'utf8'), file)
  t.ok(table, findings.map(describe).join('\n'))
}

t.test('init: writes the settings and the missing records, and prints the next steps', async t => {
  const options = await startDomain(t, {
    zone: records => records.filter(({ name }) => name !== '_imaps._tcp.example.com')
  })
  const { file, run } = initializer(t)
  const { code, out, err } = await run(...options, '--target', 'Signpost.example.com')
  t.same({ code, err }, { code: 0, err: '' })
  expectServed(t, file)
  const text = readFileSync(file, 'utf8')
  t.match(text, /^# Settings of example\.com, created by signpost init\.\n/)
  t.match(
    text,
    /\n# DNS records to add:\n#\n# _imaps\._tcp\.example\.com\. 3600 IN SRV {3}0 1 993 imap\.example\.com\.\n$/
  )
  t.equal(
    out,
    `Wrote config/example.com.yaml.

DNS records to add (Signpost at signpost.example.com):

_imaps._tcp.example.com. 3600 IN SRV   0 1 993 imap.example.com.

Next:
  signpost check --config config/example.com.yaml
  signpost serve --config config/example.com.yaml
  signpost dns example.com --target signpost.example.com --config config/example.com.yaml
  signpost doctor example.com
`
  )
})

t.test('init: writes a file that the settings table includes', async t => {
  const options = await startDomain(t, { zone: records => records })
  const { file, run } = initializer(t)
  mkdirSync(dirname(file))
  const main = file.replace('example.com', 'signpost')
  writeFileSync(main, 'include: [customers/*.yaml]\n')
  const { code, out } = await run(...options)
  t.equal(code, 0)
  t.match(out, /^Wrote config\/customers\/example\.com\.yaml, which config\/signpost\.yaml includes\.\n/)
  t.match(out, /\n {2}signpost check --config config\/signpost\.yaml\n/)
  const { table, findings } = loadFile(readFileSync(main, 'utf8'), main)
  t.ok(table?.find('example.com'), findings.map(describe).join('\n'))
})

t.test('init: never overwrites a file unless forced', async t => {
  const options = await startDomain(t)
  const { file, run } = initializer(t)
  t.match(await run(...options, '--target', 'signpost.example.com'), {
    code: 0,
    out: /All DNS records exist already\./
  })
  t.notMatch(readFileSync(file, 'utf8'), 'DNS records')
  writeFileSync(file, 'mine')
  await t.rejects(run(...options), {
    code: 'AC_FILE_EXISTS',
    message: 'config/example.com.yaml exists and is not overwritten (--force replaces it)'
  })
  t.equal(readFileSync(file, 'utf8'), 'mine')
  t.match(await run(...options, '--force'), { code: 0, out: 'signpost.example.com' })
  t.match(readFileSync(file, 'utf8'), 'imap.example.com')
})

t.test('init: if nothing is found, the servers are guesses and marked as such', async t => {
  const options = await startDomain(t, useless)
  const { file, run } = initializer(t)
  t.match(await run(...options, ...soon), {
    code: 0,
    err: 'signpost: found no settings at example.com: the servers in the table are guesses\n',
    out: /^autoconfig\.example\.com\. .* CNAME signpost\.example\.com\.$/m
  })
  expectServed(t, file)
  t.match(
    readFileSync(file, 'utf8'),
    '# A guess: no server answered there.\n      - { protocol: imap, host: imap.example.com }'
  )
})

t.test('init: reports settings that cannot be used, and writes guesses instead', async t => {
  const options = await startDomain(t, {
    ...useless,
    answers: {
      ...silent.answers,
      'GET https://ua-auto-config.example.com/.well-known/user-agent-configuration.json': (_, response) =>
        response.end(JSON.stringify({ protocols: { imap: { host: '192.0.2.1' } } }))
    }
  })
  const { run } = initializer(t)
  t.match(await run(...options, ...soon), { code: 0, err: /not imported: found "192\.0\.2\.1"/ })
})

t.test('init: reports invalid arguments', async t => {
  const { run } = initializer(t)
  await t.rejects(run('a b'), { code: 'AC_USAGE', message: 'found "a b", expected a domain' })
  await t.rejects(run('example.com', '--target', '192.0.2.1'), {
    code: 'AC_USAGE',
    message: '--target: found "192.0.2.1", expected a host name'
  })
})
