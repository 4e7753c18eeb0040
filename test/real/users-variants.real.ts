// Collations, matching rules and queries that treat several addresses as equal: no variant of an address reveals whether the
// mailbox exists.

import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { createApp } from '../../src/app.ts'
import { openUserLookup } from '../../src/lookups/user-lookup.ts'
import type { UsersSettings } from '../../src/settings/check/users.ts'
import { createSource } from '../../src/sources/source.ts'
import { patternOf, variantsOf } from '../support/address-variants.ts'
import { tableOf } from '../support/table-of.ts'
import { createAuthority } from './certificate-authority.ts'
import { startMariadb } from './mariadb.ts'
import { startPostgres } from './postgres.ts'
import { startSlapd } from './slapd.ts'

const password = 'hunter2-läuft'
const scratch = await mkdtemp(join(tmpdir(), 'variants-'))
t.teardown(() => rm(scratch, { recursive: true, maxRetries: 5 }))
// Why: the servers run as separate users.
await Promise.all([tmpdir(), scratch].map(each => chmod(each, 0o755)))
const authority = await createAuthority(join(scratch, 'authority'))
const certificate = await authority.issue(['localhost'])
await writeFile(join(scratch, 'password'), password)

/** Mailboxes that exist. Zoe and Zoé are two people, whose addresses many databases treat as equal. */
const mailboxes = { jane: 'u1234567', zoe: 'u2222222', zoé: 'u3333333' }
const rows = Object.entries(mailboxes).map(([name, login]) => `('${name}@example.com', '${login}')`)
const inserted = `INSERT INTO mailbox VALUES ${rows.join(', ')}`
const select = 'SELECT address, login AS username FROM mailbox WHERE'

/** The rest of an address, without a tag: the same expression for PostgreSQL and MariaDB. */
const at = "position('@' in :address)"
const untagged = `concat(substring(:address, 1, position('+' in concat(:address, '+')) - 1), substring(:address, ${at}))`
/** Queries that treat more addresses as equal than the collation does. */
const queries = {
  'as it is': `${select} address = :address`,
  'in lower case': `${select} lower(address) = lower(:address)`,
  'without a tag': `${select} address = :address OR address = ${untagged}`,
  'without dots': `${select} address = concat(replace(substring(:address, 1, ${at} - 1), '.', ''), substring(:address, ${at}))`,
  'by a pattern': `${select} address LIKE :address OR :address LIKE address`,
  'by its domain': `${select} substring(address, position('@' in address)) = substring(:address, ${at})`
}

t.test('users: variants in MariaDB', { timeout: 300_000 }, async t => {
  const server = await startMariadb(join(scratch, 'mysql'), { certificate, password })
  t.teardown(() => server.stop())
  for (const collation of [
    'utf8mb4_bin',
    'utf8mb4_general_ci',
    'utf8mb4_general_nopad_ci',
    'utf8mb4_unicode_ci',
    'utf8mb4_unicode_520_ci',
    'utf8mb4_uca1400_ai_ci',
    'utf8mb4_uca1400_as_ci',
    'latin1_swedish_ci',
    'latin1_general_ci',
    'latin1_bin'
  ]) {
    await server.create(collation, [
      `CREATE TABLE mailbox (address VARCHAR(255) CHARACTER SET ${collation.split('_')[0]} COLLATE ${collation}, login VARCHAR(64))`,
      inserted
    ])
    await examineAll(t, collation, query => ({ type: 'mysql', database: collation, query }))
  }
})

t.test('users: variants in PostgreSQL', { timeout: 300_000 }, async t => {
  const server = await startPostgres(join(scratch, 'postgres'), { certificate, password })
  t.teardown(() => server.stop())
  const icu = (locale: string) => [
    `CREATE COLLATION folding (provider = icu, locale = '${locale}', deterministic = false)`,
    'CREATE TABLE mailbox (address text COLLATE folding, login text)'
  ]
  for (const [database, tables] of Object.entries({
    plain: ['CREATE TABLE mailbox (address text, login text)'],
    padded: ['CREATE TABLE mailbox (address char(60), login char(20))'],
    citext: ['CREATE EXTENSION citext', 'CREATE TABLE mailbox (address citext, login text)'],
    level1: icu('und-u-ks-level1'),
    level2: icu('und-u-ks-level2'),
    shifted: icu('und-u-ka-shifted-ks-level1')
  })) {
    await server.create(database, [...tables, inserted])
    await examineAll(t, database, query => ({
      type: 'postgres',
      database,
      // Why: PostgreSQL has neither LIKE nor position with such a collation.
      query: query.replaceAll(/(?<=LIKE |in )address|(?<!:)address(?= LIKE)/g, '(address COLLATE "C")')
    }))
  }
})

t.test('users: variants in OpenLDAP', { timeout: 200_000 }, async t => {
  const suffix = 'dc=example,dc=com'
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  const entries = [
    `dn: ${suffix}\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: Example`,
    `dn: cn=signpost,${suffix}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: signpost\nuserPassword:: ${base64(password)}`,
    ...Object.entries(mailboxes).map(([name, login]) =>
      [
        `dn: uid=${login},${suffix}`,
        'objectClass: inetOrgPerson',
        `uid: ${login}`,
        `cn:: ${base64(`${name}@example.com`)}`,
        'sn: Marple',
        ...(name === 'zoé' ? [] : [`mail: ${name}@example.com`])
      ].join('\n')
    )
  ].join('\n\n')
  const server = await startSlapd(join(scratch, 'slapd'), { certificate, schema: '', entries })
  t.teardown(() => server.stop())
  for (const [filter, address] of [
    // One attribute has caseIgnoreIA5Match, the other caseIgnoreMatch.
    ['(mail=:address)', 'mail'],
    ['(cn=:address)', 'cn'],
    ['(|(mail=:address)(cn=:address))', 'mail, cn'],
    ['(cn~=:address)', 'cn'],
    ['(cn=*:address*)', 'cn'],
    ['(|(cn=:address)(objectClass=inetOrgPerson))', 'cn']
  ] as const) {
    const attributes = { address, username: 'uid' }
    await examineVariants(t, filter, {
      type: 'ldap',
      user: `cn=signpost,${suffix}`,
      base: suffix,
      filter,
      attributes
    })
  }
})

type Users = Partial<UsersSettings> & Pick<UsersSettings, 'type'>

async function examineAll(t: Test, name: string, usersOf: (query: string) => Users): Promise<void> {
  for (const [how, query] of Object.entries(queries)) await examineVariants(t, `${name}, ${how}`, usersOf(query))
}

/** Why: a mailbox is revealed if its pattern of equal responses differs from those of unknown mailboxes. */
async function examineVariants(t: Test, what: string, users: Users): Promise<void> {
  const { answersTo, close } = await serve(users)
  const patternTo = async (name: string) => patternOf(await answersTo(variantsOf(name).map(at)))
  const at = (name: string) => `${name}@example.com`
  const known = await patternTo('jane')
  for (const name of ['june', 'jave', 'pete']) t.same(await patternTo(name), known, `${what}: ${name}`)
  const people = Object.keys(mailboxes).filter(name => users.attributes?.address !== 'mail' || name !== 'zoé')
  const logins = people.map(name => mailboxes[name as keyof typeof mailboxes])
  t.same(await answersTo(people.map(at)), logins, `${what}: each mailbox has its own`)
  await close()
}

async function serve(changes: Users) {
  const settings = `
users: { type: sqlite, file: a, query: "SELECT address FROM a WHERE address = :address", unknown: "u#######" }
limits: { rate: { requests: 0 }, overload: { delayMilliseconds: 0 } }
providers:
  - { id: example, name: Example, domains: [example.com], servers: [{ protocol: imap, host: imap.example.com }] }
`
  const users = {
    host: '127.0.0.1',
    passwordFile: 'password',
    timeoutMilliseconds: 20_000,
    unknown: 'u#######',
    ...changes
  }
  const env = { SIGNPOST_USERS_SECRET: 'no more than a test' }
  const logger = pino({ level: 'silent' })
  const file = join(scratch, 'signpost.yaml')
  const tables = { table: tableOf(settings) }
  const { loginOf, directory } = await openUserLookup(tables, users, { file, logger, env })
  const app = createApp({ source: createSource(tables, { loginOf }), logger })
  const answerTo = async (address: string) => {
    const { statusCode, body } = await app.inject(`/api/settings?email=${encodeURIComponent(address)}`)
    return statusCode === 200 ? String(JSON.parse(body).username) : `${statusCode}`
  }
  return {
    answersTo: (addresses: readonly string[]) => Promise.all(addresses.map(answerTo)),
    async close() {
      await app.close()
      await directory.close()
    }
  }
}
