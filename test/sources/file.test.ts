import { mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { describe } from '../../src/settings/load/finding.ts'
import { type FileSource, loadFile, openFile } from '../../src/sources/file.ts'
import { matchLists } from '../support/match-lists.ts'
import { exampleSettings } from '../support/served-app.ts'

/** @returns settings of one provider */
function settings(domain: string): string {
  const servers = '[{ protocol: imap, host: imap.example.com }, { protocol: smtp, host: smtp.example.com }]'
  return `providers: [{ id: example, name: Example, domains: [${domain}], servers: ${servers} }]\n`
}

const broken = settings('broken.example').replace('imap,', 'imaps,')

const domainsOf = ({ table }: FileSource) => table.providers.flatMap(({ domains }) => domains)
const findingsOf = ({ findings }: FileSource) => findings.map(describe).join('\n')

interface Watched {
  readonly source: FileSource
  /** How often the file was reloaded. */
  readonly times: () => number
  /** Resolves when the file has been reloaded after the change. */
  readonly after: (change: () => void) => Promise<void>
}

function watched(t: Test, file: string): Watched {
  const source = openFile(file)
  t.teardown(() => source.close())
  let times = 0
  let tell = () => {}
  source.watch(() => {
    source.reload()
    times += 1
    tell()
  })
  return {
    source,
    times: () => times,
    async after(change) {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const late = setTimeout(() => reject(new Error('not read again')), 5_000)
      tell = resolve
      change()
      await promise.finally(() => clearTimeout(late))
    }
  }
}

t.test('file: a file that cannot be loaded at startup is rejected with the reason', async t => {
  const folder = t.testdir({ 'broken.yaml': broken, 'empty.yaml': '', 'no.yaml': 'a: [' })
  const open = (name: string) => openFile(join(folder, name))
  t.throws(() => open('missing.yaml'), { code: 'AC_SETTINGS_UNREADABLE', message: 'missing.yaml: no such file' })
  t.throws(() => open('.'), { code: 'AC_SETTINGS_UNREADABLE', message: 'it is a folder' })
  t.throws(() => open('a\0b'), { code: 'AC_SETTINGS_UNREADABLE', message: 'null bytes' })
  t.throws(() => open('broken.yaml'), {
    code: 'AC_SETTINGS_INVALID',
    message: /^\S+broken\.yaml:1:\d+ providers\[0\]\.servers\[0\]\.protocol: found "imaps"/
  })
  t.throws(() => open('empty.yaml'), { code: 'AC_SETTINGS_INVALID' })
  t.throws(() => open('no.yaml'), { code: 'AC_SETTINGS_INVALID' })
})

t.test('file: a table with warnings is used', async t => {
  const file = join(
    t.testdir({ 'a.yaml': settings('a.example').replace('name: Example', 'shortName: Thirteen long, name: Example') }),
    'a.yaml'
  )
  const source = openFile(file)
  t.same(domainsOf(source), ['a.example'])
  t.match(findingsOf(source), `${file}:1:`)
  t.match(findingsOf(source), 'shortName: warning:')
  source.close()
})

t.test('file: reload uses a valid table, and keeps the last valid one', async t => {
  const file = join(t.testdir({ 'a.yaml': settings('a.example') }), 'a.yaml')
  const source = openFile(file)
  t.equal(findingsOf(source), '')
  for (const [text, domain, findings] of [
    [settings('b.example'), 'b.example', /^$/],
    [broken, 'b.example', /^\S+a\.yaml:1:\d+ providers\[0\]\.servers\[0\]\.protocol: found "imaps", expected one of/],
    ['', 'b.example', /^\S+a\.yaml:1:1 /],
    [settings('c.example'), 'c.example', /^$/]
  ] as const) {
    writeFileSync(file, text)
    source.reload()
    t.same(domainsOf(source), [domain])
    t.match(findingsOf(source), findings)
  }
  unlinkSync(file)
  source.reload()
  t.same(domainsOf(source), ['c.example'])
  t.equal(findingsOf(source), `${file}:1:1 no such file`)
})

t.test('file: a change in place is used when writing has finished', async t => {
  const file = join(t.testdir({ 'a.yaml': settings('a.example') }), 'a.yaml')
  const { source, times, after } = watched(t, file)
  await after(() => writeFileSync(file, settings('b.example')))
  t.same(domainsOf(source), ['b.example'])
  await after(() => {
    for (const part of ['', 'providers: [', broken]) writeFileSync(file, part)
    setTimeout(() => writeFileSync(file, settings('c.example')), 50)
  })
  t.same(domainsOf(source), ['c.example'])
  t.equal(times(), 2)
})

t.test('file: errors are reported with their position, and a corrected file is used again', async t => {
  const file = join(t.testdir({ 'a.yaml': settings('a.example') }), 'a.yaml')
  const { source, after } = watched(t, file)
  await after(() => writeFileSync(file, broken))
  t.same(domainsOf(source), ['a.example'])
  t.match(findingsOf(source), /a\.yaml:1:\d+ providers\[0\]\.servers\[0\]\.protocol: found "imaps"/)
  await after(() => writeFileSync(file, settings('a.example')))
  t.equal(findingsOf(source), '')
})

t.test('file: a new file may be renamed over it', async t => {
  const folder = t.testdir({ 'a.yaml': settings('a.example') })
  const file = join(folder, 'a.yaml')
  const { source, after } = watched(t, file)
  for (const domain of ['b.example', 'c.example']) {
    writeFileSync(join(folder, '.a.yaml.swp'), settings(domain))
    await after(() => renameSync(join(folder, '.a.yaml.swp'), file))
    t.same(domainsOf(source), [domain])
  }
})

t.test('file: a symbolic link may be replaced, as Kubernetes does', async t => {
  const folder = t.testdir({
    '..first': { 'a.yaml': settings('a.example') },
    '..data': t.fixture('symlink', '..first'),
    'a.yaml': t.fixture('symlink', '..data/a.yaml')
  })
  const { source, after } = watched(t, join(folder, 'a.yaml'))
  for (const domain of ['b.example', 'c.example']) {
    mkdirSync(join(folder, `..${domain}`))
    writeFileSync(join(folder, `..${domain}/a.yaml`), settings(domain))
    symlinkSync(`..${domain}`, join(folder, '..data_tmp'))
    await after(() => renameSync(join(folder, '..data_tmp'), join(folder, '..data')))
    t.same(domainsOf(source), [domain])
  }
})

t.test('file: a parent folder may be replaced, as deployment tools do', async t => {
  const folder = t.testdir({
    one: { 'a.yaml': settings('a.example') },
    two: { 'a.yaml': settings('b.example') },
    current: t.fixture('symlink', 'one')
  })
  const { source, after } = watched(t, join(folder, 'current/a.yaml'))
  symlinkSync('two', join(folder, 'next'))
  await after(() => renameSync(join(folder, 'next'), join(folder, 'current')))
  t.same(domainsOf(source), ['b.example'])
})

t.test('file: a deleted file is still served until there is a new one', async t => {
  const folder = t.testdir({ sub: { 'a.yaml': settings('a.example') } })
  const file = join(folder, 'sub/a.yaml')
  const { source, after } = watched(t, file)
  await after(() => rmSync(join(folder, 'sub'), { recursive: true }))
  t.same(domainsOf(source), ['a.example'])
  t.equal(findingsOf(source), `${file}:1:1 no such file`)
  await after(() => {
    mkdirSync(join(folder, 'sub'))
    writeFileSync(file, settings('a.example'))
  })
  t.equal(findingsOf(source), '', 'the same contents again')
  await after(() => writeFileSync(file, settings('b.example')))
  t.same(domainsOf(source), ['b.example'])
})

t.test('file: a rewrite with the same contents causes no reload, and neither does a closed source', async t => {
  const folder = t.testdir({ 'a.yaml': settings('a.example'), 'b.yaml': settings('b.example') })
  const touched = watched(t, join(folder, 'a.yaml'))
  const closed = watched(t, join(folder, 'b.yaml'))
  closed.source.close()
  writeFileSync(join(folder, 'a.yaml'), settings('a.example'))
  writeFileSync(join(folder, 'b.yaml'), settings('c.example'))
  await sleep(800)
  t.equal(touched.times(), 0)
  t.equal(closed.times(), 0)
  t.same(domainsOf(closed.source), ['b.example'])
})

t.test('file: a broken file may be opened with its last valid contents', async t => {
  const file = join(t.testdir({ 'a.yaml': 'providers: 7\n' }), 'a.yaml')
  t.throws(() => openFile(file), { code: 'AC_SETTINGS_INVALID' })
  const source = openFile(file, { main: exampleSettings, included: [] })
  t.equal(source.lastGood.main, exampleSettings)
  t.equal(source.table.providers.length, 2)
  matchLists(t, source.findings, [{ severity: 'error', file }])
  const main = `include: [a.yaml]\n${exampleSettings}`
  t.equal(openFile(file, { main, included: [] }).table.providers.length, 2)
})

t.test('file: after a read error, the file is read again, although it has not changed', async t => {
  const folder = t.testdir({ sub: { 'a.yaml': settings('a.example') } })
  const link = join(folder, 'current')
  symlinkSync('sub', link)
  const { source, after } = watched(t, join(link, 'a.yaml'))
  // Why: the first check of the file, shortly after startup, would read it again anyway.
  await sleep(400)
  await after(() => {
    unlinkSync(link)
    source.reload()
    t.match(findingsOf(source), 'no such file')
    symlinkSync('sub', link)
  })
  t.equal(findingsOf(source), '')
  t.same(domainsOf(source), ['a.example'])
})

const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1"/></svg>'

const settingsWithLogo = (logo: string) => `providers:
  - id: example
    name: Example
    domains: [example.com]
    brand: { logo: ${logo} }
    servers:
      - { protocol: imap, host: imap.example.com }
      - { protocol: smtp, host: smtp.example.com }
`

t.test(
  'load file: logos are relative to the settings file, and an unusable one is a warning with its position',
  async t => {
    const folder = t.testdir({ 'logo.svg': svg })
    const file = join(folder, 'signpost.yaml')
    const { table, findings } = loadFile(settingsWithLogo('logo.svg'), file)
    t.match(table?.providers[0]?.brand.logo, /^data:image\/svg\+xml;base64,/)
    t.same(findings, [])
    const broken = loadFile(settingsWithLogo('none.svg'), file)
    t.equal(broken.table?.providers[0]?.brand.logo, undefined)
    t.same(broken.findings.map(describe), [
      `${file}:5:20 providers[0].brand.logo: warning: cannot read ${join(folder, 'none.svg')}: no such file: the page shows the name instead`
    ])
    t.equal(loadFile('providers: []', file).table, undefined)
  }
)

t.test('file: a reload also reads the logo', async t => {
  const folder = t.testdir({ 'logo.svg': svg, 'signpost.yaml': settingsWithLogo('logo.svg') })
  const source = openFile(join(folder, 'signpost.yaml'))
  const logo = () => source.table.providers[0]?.brand.logo
  const before = logo()
  writeFileSync(join(folder, 'logo.svg'), svg.replace('rect', 'path'))
  source.reload()
  t.not(logo(), before)
  source.close()
})

const customer = (id: string, domain: string) => settings(domain).replace('id: example', `id: ${id}`)

const withCustomers = (customers: Readonly<Record<string, string>>) => ({
  'a.yaml': `include: [customers/*.yaml]\n${settings('main.example')}`,
  customers
})

t.test('file: included files are read at startup, and reloaded together with the settings file', async t => {
  const folder = t.testdir(withCustomers({ 'b.yaml': customer('b', 'b.example') }))
  const source = openFile(join(folder, 'a.yaml'))
  t.same(domainsOf(source), ['main.example', 'b.example'])
  writeFileSync(join(folder, 'customers/b.yaml'), customer('b', 'c.example'))
  writeFileSync(join(folder, 'a.yaml'), `include: [customers/*.yaml]\n${settings('new.example')}`)
  source.reload()
  t.same(domainsOf(source), ['new.example', 'c.example'])
})

t.test('file: an included file that changes, appears or disappears is noticed', async t => {
  const folder = t.testdir(withCustomers({ 'b.yaml': customer('b', 'b.example') }))
  const { source, after } = watched(t, join(folder, 'a.yaml'))
  // Why: the check shortly after the start would notice the change as well.
  await sleep(400)
  const b = join(folder, 'customers/b.yaml')
  await after(() => writeFileSync(b, customer('b', 'changed.example')))
  t.same(domainsOf(source), ['main.example', 'changed.example'])
  await after(() => {
    writeFileSync(join(folder, 'customers/.c.yaml.swp'), 'not YAML: [')
    writeFileSync(join(folder, 'customers/c.yaml'), customer('c', 'c.example'))
  })
  t.same(domainsOf(source), ['main.example', 'changed.example', 'c.example'])
  await after(() => unlinkSync(b))
  t.same(domainsOf(source), ['main.example', 'c.example'])
  await after(() => renameSync(join(folder, 'customers/c.yaml'), join(folder, 'customers/c.yaml.off')))
  t.same(domainsOf(source), ['main.example'])
  t.match(findingsOf(source), /a\.yaml:1:11 include\[0\]: warning: found no file/)
})

t.test('file: with a broken included file, the last valid table is kept, and the error has its position', async t => {
  const folder = t.testdir(withCustomers({ 'b.yaml': customer('b', 'b.example') }))
  const { source, after } = watched(t, join(folder, 'a.yaml'))
  await after(() => writeFileSync(join(folder, 'customers/c.yaml'), `\n${broken}`))
  t.same(domainsOf(source), ['main.example', 'b.example'])
  t.match(findingsOf(source), /customers\/c\.yaml:2:\d+ providers\[0\]\.servers\[0\]\.protocol: found "imaps"/)
  // Why: replaced workers start with these texts.
  const again = openFile(join(folder, 'a.yaml'), source.lastGood)
  t.same(domainsOf(again), ['main.example', 'b.example'])
  t.match(findingsOf(again), /customers\/c\.yaml:2:/)
})

t.test('file: files that are not included any more are not watched any more', async t => {
  const folder = t.testdir(withCustomers({ 'b.yaml': customer('b', 'b.example') }))
  const { source, after, times } = watched(t, join(folder, 'a.yaml'))
  await after(() => writeFileSync(join(folder, 'a.yaml'), settings('alone.example')))
  t.same(domainsOf(source), ['alone.example'])
  writeFileSync(join(folder, 'customers/b.yaml'), customer('b', 'c.example'))
  await sleep(800)
  t.equal(times(), 1)
})

t.test('file: an included file that was only touched is not reloaded', async t => {
  const folder = t.testdir(withCustomers({ 'b.yaml': customer('b', 'b.example') }))
  const { times } = watched(t, join(folder, 'a.yaml'))
  await sleep(400)
  writeFileSync(join(folder, 'customers/b.yaml'), customer('b', 'b.example'))
  await sleep(800)
  t.equal(times(), 0)
})

t.test('file: an included file that could not be read is read again, although it has not changed', async t => {
  const files = { ...withCustomers({}), 'a.yaml': `include: [link/b.yaml]\n${settings('main.example')}` }
  const folder = t.testdir({ ...files, customers: { 'b.yaml': customer('b', 'b.example') } })
  symlinkSync('customers', join(folder, 'link'))
  const { source, after } = watched(t, join(folder, 'a.yaml'))
  await sleep(400)
  await after(() => {
    unlinkSync(join(folder, 'link'))
    source.reload()
    t.match(findingsOf(source), /link\/b\.yaml:1:1 no such file/)
    symlinkSync('customers', join(folder, 'link'))
  })
  t.equal(findingsOf(source), '')
  t.same(domainsOf(source), ['main.example', 'b.example'])
})
