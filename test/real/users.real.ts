// Login names in real databases: an attacker with a clock can distinguish neither existing from unknown mailboxes, nor
// those that were requested before from others.

import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t, { type Test } from 'tap'
import { createRandom } from '../fuzz/random.ts'
import { createAuthority } from './certificate-authority.ts'
import { guesses, isChance } from './clock.ts'
import { startMariadb } from './mariadb.ts'
import { startPostgres } from './postgres.ts'
import { startSlapd } from './slapd.ts'
import { examine, known, serverSeries, unknownServers } from './users-clock.ts'
import { columnAttributes, columnEntries, columnQuery, columnTables, examineColumns } from './users-columns.ts'

const password = 'hunter2-läuft'
const scratch = await mkdtemp(join(tmpdir(), 'users-'))
t.teardown(() => rm(scratch, { recursive: true, maxRetries: 5 }))
// Why: the servers run as separate users.
await Promise.all([tmpdir(), scratch].map(each => chmod(each, 0o755)))
const authority = await createAuthority(join(scratch, 'authority'))
const certificate = await authority.issue(['localhost'])
await writeFile(join(scratch, 'password'), password)
await writeFile(join(scratch, 'key'), 'no more than a test')

const suffix = 'dc=example,dc=com'
const rows = known
  .map(({ address, login, host }) => `('${address}', '${login}', 'Jane ${login}', '${host}')`)
  .join(', ')
const tables = [
  'CREATE TABLE mailbox (address VARCHAR(255) PRIMARY KEY, login VARCHAR(64), name VARCHAR(60), host VARCHAR(255))',
  `INSERT INTO mailbox VALUES ${rows}`,
  ...columnTables
]
const query =
  'SELECT address, login AS username, name AS display_name, host AS imap_host FROM mailbox WHERE address = :address'
type Users = Parameters<typeof examine>[1]

/** @param columns options for the test of all columns */
async function examineAll(t: Test, users: Users, columns: Partial<Users>): Promise<void> {
  await t.test(`${users.type}: columns`, t =>
    examineColumns(t, { ...access(users), ...users, ...columns }, { file: join(scratch, 'a.yaml') })
  )
  await t.test(`${users.type}: login names and servers`, t =>
    examine(t, { ...users, unknownServers }, { scratch, kinds: [serverSeries] })
  )
}

const access = ({ type }: Users) => (type === 'sqlite' ? {} : { host: '127.0.0.1', passwordFile: 'password' })

t.test('users: the clock is precise enough to detect 0.1 ms', async t => {
  const random = createRandom(1)
  const times = (more: number) => Array.from({ length: 600 }, () => 11 + random.below(1000) / 10_000 + more)
  t.notOk(isChance(guesses(times(0), times(0.1))))
  t.notOk(isChance(guesses(times(0.1), times(0))))
  t.ok(isChance(guesses(times(0), times(0))))
})

t.test('sqlite', { timeout: 340_000 }, async t => {
  const database = new DatabaseSync(join(scratch, 'users.sqlite'))
  for (const sql of tables) database.exec(sql)
  database.close()
  await examineAll(t, { type: 'sqlite', file: join(scratch, 'users.sqlite'), query }, { query: columnQuery })
})

t.test('postgres', { timeout: 340_000 }, async t => {
  const server = await startPostgres(join(scratch, 'postgres'), { certificate, password })
  t.teardown(() => server.stop())
  await server.create('mail', [...tables, 'ANALYZE mailbox'])
  await examineAll(t, { type: 'postgres', database: 'mail', query }, { query: columnQuery })
})

t.test('mysql', { timeout: 340_000 }, async t => {
  const server = await startMariadb(join(scratch, 'mysql'), { certificate, password })
  t.teardown(() => server.stop())
  await server.create('mail', tables)
  await examineAll(t, { type: 'mysql', database: 'mail', query }, { query: columnQuery })
})

t.test('ldap', { timeout: 340_000 }, async t => {
  const entries = [
    `dn: ${suffix}\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: Example`,
    `dn: cn=signpost,${suffix}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: signpost\nuserPassword:: ${Buffer.from(password).toString('base64')}`,
    ...columnEntries(suffix),
    ...known.map(({ address, login, host }) =>
      [
        `dn: uid=${login},${suffix}`,
        'objectClass: inetOrgPerson',
        `uid: ${login}`,
        `cn: Jane ${login}`,
        'sn: Marple',
        `mail: ${address}`,
        `l: ${host}`
      ].join('\n')
    )
  ].join('\n\n')
  const server = await startSlapd(join(scratch, 'slapd'), { certificate, schema: '', entries })
  t.teardown(() => server.stop())
  const attributes = { address: 'mail', username: 'uid', display_name: 'cn', imap_host: 'l' }
  const users = {
    type: 'ldap',
    user: `cn=signpost,${suffix}`,
    base: suffix,
    filter: '(mail=:address)',
    attributes
  } as const
  await examineAll(t, users, { attributes: columnAttributes })
})
