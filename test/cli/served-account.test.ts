import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t from 'tap'
import { dns } from '../../src/cli/commands/dns.ts'
import { qr } from '../../src/cli/commands/qr.ts'
import { render } from '../../src/cli/commands/render.ts'
import { runCommand } from '../support/cli/terminal.ts'
import { exampleSettings } from '../support/served-app.ts'

// Why not t.testdir: outside a test, it belongs to the whole suite.
const folder = mkdtempSync(join(tmpdir(), 'served-account-'))
t.teardown(() => rmSync(folder, { recursive: true }))
const settings = (file: string, secret: string) => `directory:
  { type: sqlite, file: ${file}, query: "SELECT domain, provider FROM customer WHERE domain = :domain",
    list: "SELECT domain FROM customer WHERE domain > :domain ORDER BY domain", timeoutMilliseconds: 500 }
users:
  { type: sqlite, file: domains.sqlite, unknown: "u###", ${secret} timeoutMilliseconds: 500,
    query: "SELECT address, login AS username FROM mailbox WHERE address = :address" }
${exampleSettings}`
for (const [name, text] of [
  ['a.yaml', settings('domains.sqlite', 'secretFile: key,')],
  ['away.yaml', settings('none.sqlite', 'secretFile: key,')],
  ['no-secret.yaml', settings('domains.sqlite', '')],
  [
    'no-users.yaml',
    settings('domains.sqlite', 'secretFile: key,').replace(
      'file: domains.sqlite, unknown',
      'file: none.sqlite, unknown'
    )
  ],
  ['only-directory.yaml', settings('none.sqlite', '').replace(/users:\n.*\n.*\n/, '')],
  ['key', 'no more than a test']
] as const) {
  writeFileSync(join(folder, name), text)
}
const database = new DatabaseSync(join(folder, 'domains.sqlite'))
database.exec(`CREATE TABLE customer (domain, provider);
  INSERT INTO customer VALUES ('customer.example', 'example');
  CREATE TABLE mailbox (address, login);
  INSERT INTO mailbox VALUES ('jane@customer.example', 'u1234567'), ('jane@example.com', 'u7')`)
database.close()

const using = (name: string) => ['--config', join(folder, name)]
const unanswered = 'the directory does not answer: sqlite-14: unable to open database file'

t.test('render: asks the directory for the domain, and users for the login name', async t => {
  const loginsOf = async (address: string) => {
    const { code, out, err } = await runCommand(render, ['thunderbird', address, ...using('a.yaml')])
    return [code, err, ...new Set(out.match(/(?<=<username>)[^<]*/g))]
  }
  t.same(await loginsOf('jane@customer.example'), [0, '', 'u1234567'])
  t.same(await loginsOf('jane@example.com'), [0, '', 'u7'])
  const [code, message, madeUp] = await loginsOf('joe@customer.example')
  t.equal(code, 0)
  t.equal(
    message,
    'signpost: users does not contain joe@customer.example, so its login name is made up, as by the server\n'
  )
  t.match(madeUp, /^u\d{3}$/)
  t.same(await loginsOf('joe@customer.example'), [0, message, madeUp], 'a made-up name is always the same')
})

t.test('render: a domain that the directory does not contain is not served', async t => {
  t.same(await runCommand(render, ['apple', 'jane@none.example', ...using('a.yaml')]), {
    code: 1,
    out: '',
    err: 'signpost: Apple profile is not served for none.example\n'
  })
})

t.test('render: the setup page is printed for a domain of the directory', async t => {
  const { code, out } = await runCommand(render, ['web', 'jane@customer.example', ...using('a.yaml')])
  t.equal(code, 0)
  t.match(out, '<code translate="no" dir="ltr">u1234567</code>')
})

t.test('qr: the code for Thunderbird has the login name of users, and the one for Apple needs none', async t => {
  const address = 'jane@customer.example'
  const text = ['--format', 'text']
  const thunderbird = await runCommand(qr, ['thunderbird', address, ...text, ...using('a.yaml')])
  t.match(thunderbird.out, /^\[1,\[1,1\],\[0,"imap\.example\.com",993,3,1,"u1234567"\]/)
  t.match(await runCommand(qr, ['apple', address, ...text, ...using('a.yaml')]), {
    code: 0,
    out: 'https://autoconfig.customer.example/email.mobileconfig?email=jane%40customer.example\n'
  })
})

t.test('commands: say why the directory does not answer', async t => {
  for (const run of [
    () => runCommand(render, ['apple', 'jane@customer.example', ...using('away.yaml')]),
    () => runCommand(render, ['thunderbird', 'customer.example', ...using('away.yaml')]),
    () => runCommand(render, ['apple', 'jane@customer.example', ...using('only-directory.yaml')]),
    () => runCommand(qr, ['apple', 'jane@customer.example', ...using('away.yaml')]),
    () => runCommand(dns, ['customer.example', ...using('away.yaml')]),
    () => runCommand(dns, ['--all', ...using('away.yaml')])
  ]) {
    await t.rejects(run(), { code: 'AC_UNAVAILABLE', message: unanswered })
  }
  const message = unanswered.replace('directory', 'directory of users')
  const withoutUsers = runCommand(render, ['apple', 'jane@customer.example', ...using('no-users.yaml')])
  await t.rejects(withoutUsers, { code: 'AC_UNAVAILABLE', message })
})

t.test('commands: a domain of the table needs no directory, and its general document needs no users', async t => {
  t.equal((await runCommand(render, ['thunderbird', 'example.com', ...using('no-secret.yaml')])).code, 0)
  t.equal((await runCommand(qr, ['apple', 'jane@example.com', ...using('no-secret.yaml')])).code, 0)
  const personal = runCommand(render, ['thunderbird', 'jane@example.com', ...using('no-secret.yaml')])
  await t.rejects(personal, { code: 'AC_SETTINGS_INVALID', message: /^users\.secretFile: .*SIGNPOST_USERS_SECRET/ })
})
