import { linkSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import t, { type Test } from 'tap'
import { createIncludedReader, findIncluded, newIncludedFile } from '../../src/sources/included-files.ts'
import { settingsBytes } from '../../src/sources/read-file.ts'
import { matchLists } from '../support/match-lists.ts'

const folderOf = (t: Test) =>
  t.testdir({
    'signpost.yaml': 'main',
    'other.yaml': 'other',
    customers: {
      'b.yaml': 'b',
      'a.yaml': 'a',
      'a.yml': 'yml',
      'a10.yaml': 'a10',
      'a.yaml~': 'backup',
      '.a.yaml.swp': 'swap',
      '.hidden.yaml': 'hidden',
      '#a.yaml#': 'autosave',
      'sub.yaml': { 'c.yaml': 'c' },
      empty: {}
    }
  })

function foundIn(folder: string, pattern: string) {
  const { files, problem } = findIncluded(pattern, join(folder, 'signpost.yaml'))
  return { files: files.map(file => relative(folder, file)), problem }
}

t.test('included files: wildcards match names, sorted, without folders and temporary files', async t => {
  const folder = folderOf(t)
  for (const [pattern, files] of [
    ['customers/*.yaml', ['customers/a.yaml', 'customers/a10.yaml', 'customers/b.yaml']],
    ['./customers//*.yaml', ['customers/a.yaml', 'customers/a10.yaml', 'customers/b.yaml']],
    ['customers/?.yaml', ['customers/a.yaml', 'customers/b.yaml']],
    ['customers/a*', ['customers/a.yaml', 'customers/a.yml', 'customers/a10.yaml']],
    ['customers/*a*1*.yaml', ['customers/a10.yaml']],
    ['customers/**.yaml', ['customers/a.yaml', 'customers/a10.yaml', 'customers/b.yaml']],
    ['customers/.*.yaml', ['customers/.hidden.yaml']],
    ['*/*/c.yaml', ['customers/sub.yaml/c.yaml']],
    ['*/sub.yaml/*', ['customers/sub.yaml/c.yaml']],
    ['customers/../oth*', ['other.yaml']],
    [join(folder, 'customers/b*.yaml'), ['customers/b.yaml']]
  ] as const) {
    t.same(foundIn(folder, pattern), { files, problem: undefined }, pattern)
  }
})

t.test('included files: a name without wildcards is used unchanged, whether or not it exists', async t => {
  const folder = folderOf(t)
  for (const name of ['other.yaml', 'missing.yaml', 'customers/.hidden.yaml', 'customers/empty']) {
    t.same(foundIn(folder, name), { files: [name], problem: undefined }, name)
  }
})

t.test('included files: no match is a warning, and a folder that cannot be read is an error', async t => {
  const folder = folderOf(t)
  for (const [pattern, severity, message] of [
    ['customers/*.json', 'warning', 'found no file that matches "customers/*.json"'],
    ['customers/empty/*', 'warning', 'found no file that matches "customers/empty/*"'],
    ['*/missing/*.yaml', 'warning', 'found no file that matches "*/missing/*.yaml"'],
    ['costumers/*.yaml', 'error', `cannot read the folder ${join(folder, 'costumers')}: no such file`],
    ['other.yaml/*', 'error', 'cannot read the folder'],
    ['customers/**/*.yaml', 'error', 'found "customers/**/*.yaml", expected no wildcards but * and ?'],
    ['customers/[ab].yaml', 'error', 'expected no wildcards but * and ?'],
    ['customers/{a,b}.yaml', 'error', 'expected no wildcards but * and ?'],
    ['a\0/*', 'error', 'null bytes']
  ] as const) {
    const { files, problem } = foundIn(folder, pattern)
    t.same(files, [], pattern)
    t.equal(problem?.severity, severity, pattern)
    t.match(problem?.message, message, pattern)
  }
})

t.test('included files: a link without a target is reported', async t => {
  const folder = folderOf(t)
  symlinkSync('nowhere.yaml', join(folder, 'customers/link.yaml'))
  const read = createIncludedReader(join(folder, 'signpost.yaml'), { usedBytes: 0 })
  matchLists(t, read('customers/l*.yaml'), { files: [{ reason: 'no such file' }] })
  symlinkSync('loop.yaml', join(folder, 'customers/loop.yaml'))
  matchLists(t, read('customers/loo*.yaml'), { files: [{ reason: /ELOOP/ }] })
})

t.test('included files: each file is read once, and the settings file does not include itself', async t => {
  const folder = folderOf(t)
  const read = createIncludedReader(join(folder, 'signpost.yaml'), { usedBytes: 4 })
  t.same(
    ['*.yaml', 'signpost.yaml', './other.yaml', 'customers/a.yaml', 'customers/a*.yaml'].map(pattern =>
      read(pattern).files.map(({ file }) => relative(folder, file))
    ),
    [['other.yaml'], [], [], ['customers/a.yaml'], ['customers/a10.yaml']]
  )
})

t.test('included files: only ordinary files are read, and all together have a limited size', async t => {
  const folder = folderOf(t)
  const read = (usedBytes: number) => createIncludedReader(join(folder, 'signpost.yaml'), { usedBytes })
  matchLists(t, read(0)('customers/empty'), { files: [{ reason: 'it is a folder' }] })
  matchLists(t, read(0)('/dev/null'), { files: [{ reason: 'it is not an ordinary file' }] })
  matchLists(t, read(settingsBytes - 5)('customers/a*.yaml'), { files: [{ text: 'a' }, { text: 'a10' }] })
  matchLists(t, read(settingsBytes - 3)('customers/a*.yaml'), {
    files: [{ text: 'a' }, { reason: 'found 3 bytes, expected at most 2' }]
  })
})

t.test('included files: there may be ten thousand of them', async t => {
  const folder = t.testdir({ many: { '0.yaml': '' }, more: { 'a.yaml': 'a' } })
  // Why links: ext4 takes 0.4 ms to make a file, and 0.02 ms to make a link.
  for (let index = 1; index < 10_000; index++) linkSync(join(folder, 'many/0.yaml'), join(folder, `many/${index}.yaml`))
  const read = createIncludedReader(join(folder, 'signpost.yaml'), { usedBytes: 0 })
  t.equal(read('many/*.yaml').files.length, 10_000)
  matchLists(t, read('more/*.yaml'), { files: [], problem: { severity: 'error', message: /more than 10000 files/ } })
  writeFileSync(join(folder, 'many/a.yaml'), '')
  matchLists(t, foundIn(folder, 'many/*.yaml'), {
    files: [],
    problem: { severity: 'error', message: /more than 10000 files/ }
  })
})

t.test('new included file: its position follows from the first matching pattern', async t => {
  for (const [include, file] of [
    ['[customers/*.yaml]', 'config/customers/a.example.yaml'],
    ['[customers/*]', 'config/customers/a.example'],
    ['[a.yaml, "*/a.yaml", "c?/*.yaml", "*.*", "d/*.yaml", "e/*.yaml"]', 'config/d/a.example.yaml'],
    ['[/etc/customers/*.yaml]', '/etc/customers/a.example.yaml'],
    ['[a.yaml, "{*}"]', undefined],
    ['a', undefined],
    ['[', undefined]
  ] as const) {
    const folder = t.testdir({ config: { 'signpost.yaml': `include: ${include}\n` } })
    const found = newIncludedFile(join(folder, 'config/signpost.yaml'), 'a.example')
    t.equal(found?.replace(`${folder}/`, ''), file, include)
  }
  t.equal(newIncludedFile('/nowhere/signpost.yaml', 'a.example'), undefined)
})
