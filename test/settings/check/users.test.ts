import t from 'tap'
import { checkUsers, type UsersSettings } from '../../../src/settings/check/users.ts'
import { pathText } from '../../../src/settings/load/finding.ts'
import { load } from '../../../src/settings/load/load.ts'
import { findMismatches } from '../../../src/settings/load/schema-check.ts'
import { exampleProvider } from '../../support/settings/example.ts'

const query = 'SELECT address, login AS username FROM mailbox WHERE address = :address'
const sqlite = { type: 'sqlite', file: 'users.sqlite', query, unknown: 'u######' } as const
const providers = [exampleProvider({ id: 'a' }), exampleProvider({ id: 'b' })]
const reported = (changes: Partial<UsersSettings> = {}) =>
  checkUsers({ ...sqlite, ...changes }, ['users'], providers).map(
    ({ severity, path, message }) => `${severity} ${pathText(path)}: ${message}`
  )

t.test('check-users: what belongs together is right', async t => {
  t.same(reported(), [])
  t.same(reported({ unknown: '%EMAILLOCALPART%-???', secretFile: 'users.secret', providers: ['b', 'a'] }), [])
  const ldap = { type: 'ldap', base: 'dc=example', filter: '(mail=:address)', unknown: 'u######' } as const
  t.same(checkUsers({ ...ldap, attributes: { address: 'mail' } }, ['users'], providers), [])
  t.same(
    checkUsers(ldap, ['users'], providers).map(({ message }) => message),
    ['found no address, expected the attribute that stores it, such as mail']
  )
})

t.test('check-users: without a query, only that is reported', async t => {
  const { query: _, ...others } = { ...sqlite, unknownNames: { imap_username: 'i######' } }
  t.same(
    checkUsers(others, ['users'], providers).map(({ message }) => message),
    ['found no query, expected one SELECT with :address, in quotes']
  )
})

t.test('check-users: fields are those of a directory, with :address in place of :domain', async t => {
  t.same(reported({ query: 'SELECT a FROM b WHERE c = :domain' }), [
    'error users.query: found ":domain", expected :address as the only parameter'
  ])
  t.same(reported({ database: 'mail' }), ['warning users.database: found database, which sqlite does not use'])
})

t.test('check-users: the name of an unknown mailbox is one that could be real', async t => {
  t.same(reported({ unknown: '%REALNAME%##' }), [
    'error users.unknown: found "%REALNAME%", expected one of %EMAILADDRESS%, %EMAILLOCALPART%, %EMAILDOMAIN%'
  ])
  t.same(reported({ unknown: 'u ##' }), ['error users.unknown: found "u ##", expected no white space'])
  const fixed = 'found "nobody" without # and ?, which reveals that there is no such mailbox'
  t.same(reported({ unknown: 'nobody' }), [`warning users.unknown: ${fixed}`])
  t.same(reported({ unknown: 'nobody', secretFile: 'users.secret' }), [
    `warning users.unknown: ${fixed}`,
    'warning users.secretFile: found secretFile, which "nobody" does not need'
  ])
})

t.test('check-users: the names of single protocols follow the same rules', async t => {
  const at = (unknownNames: NonNullable<UsersSettings['unknownNames']>, unknown = 'u######') =>
    reported({ unknown, unknownNames, query: 'SELECT * FROM mailbox WHERE address = :address' })
  t.same(at({ imap_username: 'i######', smtp_username: '%EMAILADDRESS%', dav_username: 'u######%%example.com' }), [])
  t.same(at({ imap_username: 'i######' }, '%EMAILADDRESS%'), [])
  t.same(at({ imap_username: '%REALNAME%', pop3_username: 'a b', smtp_username: 'nobody', dav_username: 'd#' }), [
    'error users.unknownNames.imap_username: found "%REALNAME%", expected one of %EMAILADDRESS%, %EMAILLOCALPART%, %EMAILDOMAIN%',
    'error users.unknownNames.pop3_username: found "a b", expected no white space',
    'warning users.unknownNames.smtp_username: found "nobody" without # and ?, which reveals that there is no such mailbox',
    'warning users.unknownNames.dav_username: found "d#", which makes only 10 different names, expected at least 1000000: unknown mailboxes show when two of them get the same name'
  ])
  t.same(at({ smtp_username: '%EMAILADDRESS%' }, 'nobody').length, 2)
})

t.test('check-users: LDAP has an attribute for each name of an unknown mailbox, and no other', async t => {
  const ldap = { type: 'ldap', base: 'dc=example', filter: '(mail=:address)', unknown: 'u######' } as const
  const attributes = { address: 'mail', username: 'uid', smtp_username: 'mail' }
  const check = (changes: Partial<UsersSettings>) =>
    checkUsers({ ...ldap, ...changes }, ['users'], providers).map(
      ({ path, message }) => `${pathText(path)}: ${message}`
    )
  t.same(check({ attributes, unknownNames: { smtp_username: '%EMAILADDRESS%' } }), [])
  t.same(check({ attributes, unknownNames: { imap_username: 'i######' } }), [
    'users.attributes: found no imap_username, expected the attribute for it, as unknownNames has one',
    'users.attributes.smtp_username: found smtp_username, expected unknownNames to have one, too'
  ])
})

t.test('check-users: a login name in LDAP is an attribute or a text with attributes', async t => {
  const findings = (username: string) => {
    const users = {
      type: 'ldap',
      base: 'dc=a',
      filter: '(mail=:address)',
      unknown: 'u######',
      attributes: { address: 'mail', username }
    }
    return findMismatches({ users, providers }).map(({ message }) => message)
  }
  for (const username of ['uid', 'uid;lang-de', 'EXAMPLE\\{sAMAccountName}', '{uid}', '{uid}@{o}', 'a b{uid}']) {
    t.same(findings(username), [], username)
  }
  for (const username of ['EXAMPLE\\uid', '{uid', 'uid}', '{}', '{a b}', 'a{{uid}}', '']) {
    t.equal(findings(username).length, 1, username)
  }
})

t.test('check-users: a pattern that makes few names is a warning', async t => {
  for (const unknown of ['u######', '????#', '%EMAILDOMAIN%-######', '%EMAILLOCALPART%####', '???-%EMAILADDRESS%']) {
    t.same(reported({ unknown }), [], unknown)
  }
  const collide = 'unknown mailboxes show when two of them get the same name'
  for (const [unknown, names] of [
    ['u#', 10],
    ['u#####', 100_000],
    ['????', 456_976],
    ['%EMAILDOMAIN%-?#', 260]
  ] as const) {
    t.same(reported({ unknown }), [
      `warning users.unknown: found "${unknown}", which makes only ${names} different names, expected at least 1000000: ${collide}`
    ])
  }
  t.same(reported({ unknown: '%EMAILLOCALPART%-###' }), [
    'warning users.unknown: found "%EMAILLOCALPART%-###", which makes only 1000 different names for an address, expected at least 10000: they are easy to guess'
  ])
})

t.test('check-users: a provider that the table does not have is an error', async t => {
  t.same(reported({ providers: ['a', 'c'] }), ['error users.providers[1]: found "c", expected one of a, b'])
})

t.test(
  'check-users: a table with users is checked as a whole, and providers know whether their users are looked up',
  async t => {
    const table = (users: string) => `
users: { type: sqlite, file: users.sqlite, query: "${query}", ${users} }
providers:
  - { id: a, name: A, domains: [a.example], servers: [{ protocol: imap, host: a.example }] }
  - { id: b, name: B, domains: [b.example], servers: [{ protocol: imap, host: b.example }] }
`
    const whose = (users: string) => load(table(users), 'a.yaml').table?.providers.map(each => each.looksUpUsers)
    t.same(whose('unknown: "u######"'), [true, true])
    t.same(whose('unknown: "u######", providers: [b]'), [false, true])
    t.same(
      load(table('providers: [c]'), 'a.yaml').findings.map(({ path }) => path),
      ['users', 'users.providers[0]', 'providers[0].servers', 'providers[1].servers']
    )
    t.match(load(table('unknown: "u######", providers: [c]'), 'a.yaml').findings[0]?.path, 'users.providers[0]')
  }
)

t.test(
  'check-users: servers of unknown mailboxes are those of providers that are looked up, with valid hosts',
  async t => {
    const at = (unknownServers: NonNullable<UsersSettings['unknownServers']>, more: Partial<UsersSettings> = {}) =>
      reported({ unknownServers, ...more })
    t.same(at([{}, { provider: 'a' }, { provider: 'b', imap_host: 'imap.example.com', unknown: 's######' }]), [])
    t.same(at([{ provider: 'c' }, { provider: 'b' }]), [
      'error users.unknownServers[0].provider: found "c", expected one of a, b'
    ])
    t.same(at([{ provider: 'b', host: 'a b' }], { providers: ['a'] }), [
      'error users.unknownServers[0].provider: found "b", expected one of a',
      'error users.unknownServers[0].host: found "a b", expected a host name'
    ])
    t.same(at([{ unknown: 'a b' }]), ['error users.unknownServers[0].unknown: found "a b", expected no white space'])
    t.same(at([{}, { provider: 'b' }], { unknown: '%EMAILADDRESS%', secretFile: 'users.secret' }), [])
    t.same(at([{ provider: 'b' }], { unknown: '%EMAILADDRESS%' }).length, 1)
  }
)

t.test('check-users: an LDAP attribute with a host needs the servers of unknown mailboxes', async t => {
  const ldap = { type: 'ldap', base: 'dc=example', filter: '(mail=:address)', unknown: 'u######' } as const
  const attributes = { address: 'mail', provider: 'o', host: 'mailHost' }
  const messages = (more: Partial<UsersSettings>) =>
    checkUsers({ ...ldap, attributes, ...more }, ['users'], providers).map(
      ({ path, message }) => `${pathText(path)}: ${message}`
    )
  t.same(messages({}), [
    'users.attributes.provider: found provider, expected unknownServers, too',
    'users.attributes.host: found host, expected unknownServers, too'
  ])
  t.same(messages({ unknownServers: [{ host: 'mail1.example.com' }] }), [])
})
