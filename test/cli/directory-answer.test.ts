import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t from 'tap'
import { check } from '../../src/cli/check.ts'
import { exampleSettings } from '../served-app.ts'
import { runCommand } from './terminal.ts'

const query = 'SELECT provider, host, name FROM customer WHERE domain = :domain'
// Why not t.testdir: at the top of a file it is that of the whole suite.
const folder = mkdtempSync(join(tmpdir(), 'directory-answer-'))
t.teardown(() => rmSync(folder, { recursive: true }))
const directory = (file: string) => `directory: { type: sqlite, file: ${file}, query: "${query}" }\n`
for (const [name, text] of [
  ['a.yaml', directory('domains.sqlite') + exampleSettings],
  ['away.yaml', directory('none.sqlite').replace('{', '{ timeoutMilliseconds: 500,') + exampleSettings],
  ['none.yaml', exampleSettings]
] as const) {
  writeFileSync(join(folder, name), text)
}
const database = new DatabaseSync(join(folder, 'domains.sqlite'))
database.exec(`CREATE TABLE customer (domain, provider, host, name);
  INSERT INTO customer VALUES ('plain.example', 'example', NULL, NULL), ('xn--bcher-kva.test', 'example', 'mx.b.test', 'B'),
    ('nobody.example', 'nobody', NULL, NULL)`)
database.close()

/** @returns the exit code and the last line */
async function lookUp(domain: string, name = 'a.yaml') {
  const { code, out } = await runCommand(check, ['--config', join(folder, name), '--lookup', domain])
  return [
    code,
    out
      .trimEnd()
      .split('\n')
      .at(-1)
      ?.replace(/^.*?yaml: /, '')
  ]
}

t.test('check --lookup: says what the directory says of a domain', async t => {
  t.same(await lookUp('plain.example'), [0, 'plain.example is of provider example by the directory'])
  t.same(await lookUp('Bücher.test'), [
    0,
    'xn--bcher-kva.test is of provider example by the directory, host mx.b.test, name B'
  ])
  t.same(await lookUp('none.example'), [0, 'the directory does not know none.example'])
  t.same(await lookUp('example.com'), [
    0,
    'example.com is of provider example by the table: the directory is not asked'
  ])
})

t.test('check --lookup: what is wrong with the directory is 1', async t => {
  const problem = 'found "nobody" as provider, expected one of example, customers'
  t.same(await lookUp('nobody.example'), [1, `the directory knows nobody.example, but ${problem}`])
  t.same(await lookUp('plain.example', 'away.yaml'), [1, 'the directory does not answer: unable to open database file'])
})

t.test('check --lookup: what cannot be asked is 2', async t => {
  await t.rejects(lookUp('no domain'), { code: 'AC_USAGE', message: '--lookup: found "no domain", expected a domain' })
  await t.rejects(lookUp('a.example', 'none.yaml'), { code: 'AC_USAGE', message: '--lookup: found no directory' })
})
