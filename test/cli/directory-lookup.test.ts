import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t from 'tap'
import { check } from '../../src/cli/commands/check.ts'
import { runCommand } from '../support/cli/terminal.ts'
import { exampleSettings } from '../support/served-app.ts'

const query = 'SELECT domain, provider, host, name FROM customer WHERE domain = :domain'
// Why not t.testdir: outside a test, it belongs to the whole suite.
const folder = mkdtempSync(join(tmpdir(), 'directory-answer-'))
t.teardown(() => rmSync(folder, { recursive: true }))
const directory = (file: string) => `directory: { type: sqlite, file: ${file}, query: "${query}" }\n`
const users = (key: string) => `users:
  { type: sqlite, file: domains.sqlite, unknown: "u###", secretFile: ${key}, providers: [example], timeoutMilliseconds: 500,
    query: "SELECT address, login AS username, name AS display_name FROM mailbox WHERE address = :address" }
`
for (const [name, text] of [
  ['a.yaml', directory('domains.sqlite') + exampleSettings],
  ['away.yaml', directory('none.sqlite').replace('{', '{ timeoutMilliseconds: 500,') + exampleSettings],
  ['none.yaml', exampleSettings],
  ['users.yaml', users('key') + exampleSettings],
  ['users-away.yaml', users('key').replace('domains.sqlite', 'none.sqlite') + exampleSettings],
  [
    'users-refused.yaml',
    users('key').replace('address = :address', () => "json_extract(upper(:address), '$') = address") + exampleSettings
  ],
  ['users-broken.yaml', users('key').replace('FROM mailbox', 'FROM mailboxes') + exampleSettings],
  ['users-unfit.yaml', users('key').replace(' AS username', '') + exampleSettings],
  [
    'users-servers.yaml',
    users('key')
      .replace('login AS username,', 'login AS username, host,')
      .replace('providers: [example]', 'unknownServers: [{ host: mail1.example.com }, { host: mail2.example.com }]')
      .replace('FROM mailbox', 'FROM hosted') + exampleSettings
  ],
  ['users-short.yaml', users('short') + exampleSettings],
  ['users-env.yaml', users('key').replace('secretFile: key,', '') + exampleSettings],
  ['key', 'no more than a test'],
  ['short', 'hunter2']
] as const) {
  writeFileSync(join(folder, name), text)
}
const database = new DatabaseSync(join(folder, 'domains.sqlite'))
database.exec(`CREATE TABLE customer (domain, provider, host, name);
  INSERT INTO customer VALUES ('plain.example', 'example', NULL, NULL), ('xn--bcher-kva.test', 'example', 'mx.b.test', 'B'),
    ('nobody.example', 'nobody', NULL, NULL), ('long.example', 'example', NULL, '${'x'.repeat(61)}');
  CREATE TABLE mailbox (address, login, name);
  INSERT INTO mailbox VALUES ('jane@example.com', 'u1234567', 'Jane Marple'), ('jim@example.com', 'u7', NULL),
    ('rule@example.com', '%EMAILADDRESS%', NULL);
  CREATE TABLE hosted (address, login, name, host);
  INSERT INTO hosted VALUES ('jane@example.com', 'u1', NULL, 'mail1.example.com'), ('jim@example.com', 'u2', NULL, 'mail3.example.com'),
    ('joe@example.com', 'u3', NULL, NULL), ('jill@none.example', 'u4', NULL, 'mail3.example.com')`)
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

t.test('check --lookup: prints what the directory contains for a domain', async t => {
  t.same(await lookUp('plain.example'), [0, 'plain.example belongs to provider example according to the directory'])
  t.same(await lookUp('Bücher.test'), [
    0,
    'xn--bcher-kva.test belongs to provider example according to the directory, host mx.b.test, name B'
  ])
  t.same(await lookUp('none.example'), [0, 'the directory does not contain none.example'])
  t.same(await lookUp('example.com'), [
    0,
    'example.com belongs to provider example in the table, so the directory is not asked'
  ])
})

t.test('check --lookup: exits with 1 if the directory has a problem', async t => {
  const [code, text] = await lookUp('long.example')
  t.equal(code, 1)
  t.match(
    text,
    /^long\.example belongs to provider example.*; ignored: name: found 61 characters, expected at most 60$/
  )
  const problem = 'found "nobody" as provider, expected one of example, customers'
  t.same(await lookUp('nobody.example'), [1, `the directory contains nobody.example, but ${problem}`])
  t.same(await lookUp('plain.example', 'away.yaml'), [
    1,
    'the directory does not answer: sqlite-14: unable to open database file'
  ])
})

t.test('check --lookup: exits with 2 if the name cannot be looked up', async t => {
  await t.rejects(lookUp('no domain'), { code: 'AC_USAGE', message: '--lookup: found "no domain", expected a domain' })
  await t.rejects(lookUp('a.example', 'none.yaml'), {
    code: 'AC_USAGE',
    message: '--lookup: the table has no directory'
  })
})

t.test('check --lookup: prints what the directory of users contains for an address, with the display name', async t => {
  const ask = (address: string) => lookUp(address, 'users.yaml')
  t.same(await ask('Jane@Example.com'), [0, 'jane@example.com logs in as u1234567, display name Jane Marple'])
  t.same(await ask('jim@example.com'), [0, 'jim@example.com logs in as u7'])
  t.same(await ask('john@example.com'), [0, 'the directory of users does not contain john@example.com'])
  t.same(await ask('jane@kunde.test'), [0, 'the directory of users does not contain jane@kunde.test'])
  const other = 'jane@a.customers.example'
  t.same(await ask(other), [0, `${other} belongs to provider customers, so the directory of users is not asked`])
})

t.test(
  'check --lookup: exits with 1 if the directory of users has a problem, and with 2 if the name cannot be looked up',
  async t => {
    const problem = 'found a placeholder in a username, expected the name itself'
    t.same(await lookUp('rule@example.com', 'users.yaml'), [
      1,
      `the directory of users contains rule@example.com, but ${problem}`
    ])
    t.same(await lookUp('jane@example.com', 'users-away.yaml'), [
      1,
      'the directory of users does not answer: sqlite-14: unable to open database file'
    ])
    await t.rejects(lookUp('a b@example.com', 'users.yaml'), {
      code: 'AC_USAGE',
      message: '--lookup: found "a b@example.com", expected an address such as jane@example.com'
    })
    await t.rejects(lookUp('jane@example.com'), { code: 'AC_USAGE', message: '--lookup: the table has no users' })
  }
)

t.test('check --lookup: the message of a driver is quoted only if it describes the query', async t => {
  t.same(await lookUp('jane@example.com', 'users-refused.yaml'), [
    1,
    'the directory of users refuses this query, so that the name is treated as unknown: sqlite-1'
  ])
  const away = 'the directory of users does not answer: sqlite-1'
  t.same(await lookUp('jane@example.com', 'users-broken.yaml'), [1, `${away}: no such table: mailboxes`])
  t.same(await lookUp('jane@example.com', 'users-unfit.yaml'), [
    1,
    'the directory of users does not answer: users.query returns a column "login", expected some of address, username, imap_username, pop3_username, smtp_username, dav_username, provider, host, imap_host, pop3_host, smtp_host, managesieve_host, display_name'
  ])
  t.same(await lookUp('Mailboxes@example.com', 'users-broken.yaml'), [1, away], 'not if it may contain the address')
})

t.test('check: reads the key of users if it is in a file', async t => {
  const ask = async (name: string) => await runCommand(check, ['--config', join(folder, name)])
  const short = await ask('users-short.yaml')
  t.equal(short.code, 1)
  t.match(short.out, 'users-short.yaml:2:70 users.secretFile: found 7 characters, expected 16 characters or more')
  const away = await ask('users-env.yaml')
  t.equal(away.code, 0)
  t.match(away.out, 'users: warning: found neither secretFile nor SIGNPOST_USERS_SECRET')
  t.notMatch((await ask('users.yaml')).out, /secret/i)
})

t.test('check --lookup: prints the servers of a person, and those that unknown mailboxes do not get', async t => {
  const ask = (address: string) => lookUp(address, 'users-servers.yaml')
  const problem = 'but found servers that users.unknownServers does not contain, expected one of its items'
  t.same(await ask('jane@example.com'), [0, 'jane@example.com logs in as u1, host mail1.example.com'])
  t.same(await ask('jim@example.com'), [
    1,
    `the directory of users contains jim@example.com, ${problem}, host mail3.example.com`
  ])
  t.same(await ask('joe@example.com'), [1, `the directory of users contains joe@example.com, ${problem}`])
  t.same(await ask('jill@none.example'), [0, 'jill@none.example logs in as u4, host mail3.example.com'])
})
