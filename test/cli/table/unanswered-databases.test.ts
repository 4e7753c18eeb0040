import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t from 'tap'
import { check } from '../../../src/cli/commands/check.ts'
import { runCommand } from '../../support/cli/terminal.ts'
import { exampleSettings } from '../../support/served-app.ts'

const settings = `directory:
  { type: sqlite, file: domains.sqlite, query: "SELECT domain, provider FROM customer WHERE domain = :domain" }
users:
  { type: sqlite, file: domains.sqlite, unknown: "u#######", secretFile: key, providers: [example],
    query: "SELECT address, login AS username FROM mailbox WHERE address = :address" }
${exampleSettings}`

t.test('check: reports SQLite files that do not fit the queries, as warnings', async t => {
  const folder = t.testdir({ key: 'no more than a test', 'text.sqlite': 'text '.repeat(200) })
  const database = new DatabaseSync(join(folder, 'domains.sqlite'))
  database.exec('CREATE TABLE customer (domain, provider); CREATE TABLE mailbox (address, login)')
  database.close()
  const databaseWarnings = async (text: string) => {
    const file = join(folder, 'a.yaml')
    writeFileSync(file, text)
    const { code, out } = await runCommand(check, ['--config', file])
    const lines = out.split('\n').map(line => line.slice(folder.length + 1))
    return [code, ...lines.filter(line => /^a\.yaml:\S+ (?:directory|users)\b/.test(line))]
  }
  t.same(await databaseWarnings(settings), [0])
  t.same(await databaseWarnings(settings.replace('provider FROM customer', 'providr FROM customer')), [
    0,
    'a.yaml:2:3 directory: warning: the database does not answer: sqlite-1: no such column: providr'
  ])
  const list = ':domain", list: "SELECT domain FROM customers WHERE domain > :domain" }'
  t.same(await databaseWarnings(settings.replace(':domain" }', list)), [
    0,
    'a.yaml:2:3 directory: warning: the database does not answer: sqlite-1: no such table: customers'
  ])
  const [, unfit] = await databaseWarnings(settings.replace('AS username', 'AS user'))
  t.match(
    unfit,
    'a.yaml:4:3 users: warning: the database does not answer: users.query returns a column "user", expected'
  )
  t.same(await databaseWarnings(settings.replaceAll('domains.sqlite', 'text.sqlite')), [
    0,
    'a.yaml:2:3 directory: warning: the database does not answer: sqlite-26: file is not a database',
    'a.yaml:4:3 users: warning: the database does not answer: sqlite-26: file is not a database'
  ])
  t.same(await databaseWarnings(settings.replaceAll('domains.sqlite', 'none.sqlite')), [
    0,
    'a.yaml:2:25 directory.file: warning: cannot read none.sqlite: no such file',
    'a.yaml:4:25 users.file: warning: cannot read none.sqlite: no such file'
  ])
})
