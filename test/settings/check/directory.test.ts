import t from 'tap'
import { checkDirectory, type DirectorySettings } from '../../../src/settings/check/directory.ts'
import { pathText } from '../../../src/settings/load/finding.ts'
import { toCache } from '../../../src/settings/lookup-defaults.ts'

const query = 'SELECT domain, provider FROM domain WHERE name = :domain'
const reported = (settings: DirectorySettings) =>
  checkDirectory(settings, ['directory'], ':domain').map(
    ({ severity, path, message }) => `${severity} ${pathText(path)}: ${message}`
  )

t.test('check-directory: accepts valid settings of all types', async t => {
  t.same(reported({ type: 'sqlite', query, file: 'domains.sqlite', timeoutMilliseconds: 100 }), [])
  t.same(
    reported({ type: 'postgres', query, database: 'mail', channel: 'signpost', ca: 'ca.pem', security: 'tls' }),
    []
  )
  t.same(reported({ type: 'mysql', query, database: 'mail', host: 'db.example.net', user: 'me', ca: 'ca.pem' }), [])
})

t.test('check-directory: a missing field is an error, and an unused one is a warning', async t => {
  t.same(reported({ type: 'sqlite', query, database: 'mail', connections: 1, channel: 'a' }), [
    'error directory: found no file, expected the path of the database file',
    'warning directory.database: found database, which sqlite does not use',
    'warning directory.connections: found connections, which sqlite does not use',
    'warning directory.channel: found channel, which sqlite does not use'
  ])
  t.same(reported({ type: 'postgres', query, file: 'a' }), [
    'error directory: found no database, expected the name of the database',
    'warning directory.file: found file, which postgres does not use'
  ])
  t.same(reported({ type: 'mysql', query, database: 'mail', channel: 'a' }), [
    'warning directory.channel: found channel, which mysql does not use'
  ])
})

t.test('check-directory: a lookup must end before mail programs give up', async t => {
  const settings = { type: 'sqlite', query, file: 'domains.sqlite' } as const
  t.same(reported({ ...settings, timeoutMilliseconds: 4000 }), [])
  t.same(reported({ ...settings, timeoutMilliseconds: 4001 }), [
    'warning directory.timeoutMilliseconds: found 4001, but mail programs give up after 5 seconds: expected at most 4000'
  ])
})

t.test('check-directory: authorities have no use without TLS', async t => {
  t.same(reported({ type: 'mysql', query, database: 'mail', security: 'none', ca: 'ca.pem' }), [
    'error directory.security: found "none", expected tls because ca is set'
  ])
})

t.test('check-directory: MariaDB is asked for a certificate by name', async t => {
  const host = (changes: Partial<DirectorySettings>) => reported({ type: 'mysql', query, database: 'mail', ...changes })
  const fault = (address: string) => [
    `error directory.host: found "${address}", expected the name in its certificate, or security: none`
  ]
  t.same(host({ host: '192.0.2.1' }), fault('192.0.2.1'))
  t.same(host({ security: 'tls' }), fault('127.0.0.1'))
  for (const changes of [
    {},
    { host: '192.0.2.1', security: 'none' },
    { host: 'localhost', security: 'tls' },
    { host: '/run/mysqld/mysqld.sock' },
    { type: 'postgres', host: '192.0.2.1' }
  ] as const) {
    t.same(host(changes), [], JSON.stringify(changes))
  }
})

t.test('check-directory: an invalid list is an error', async t => {
  t.same(reported({ type: 'sqlite', file: 'a', query, list: 'SELECT name FROM domain' }), [
    'error directory.list: found no :domain outside quotes, expected one'
  ])
  t.same(reported({ type: 'mysql', query, database: 'mail', list: query }), [])
})

t.test('check-directory: an invalid query is an error', async t => {
  t.same(reported({ type: 'sqlite', file: 'a', query: 'SELECT 1' }), [
    'error directory.query: found no :domain outside quotes, expected one'
  ])
})

const ldap = {
  type: 'ldap',
  base: 'ou=domains,dc=example,dc=com',
  filter: '(associatedDomain=:domain)',
  attributes: { domain: 'associatedDomain' }
} as const

t.test('check-directory: a directory in LDAP has a base and a filter in place of a query', async t => {
  for (const changes of [
    {},
    { host: 'ldap.example.net', security: 'starttls', ca: 'ca.pem', user: 'cn=me', passwordFile: 'a', scope: 'one' },
    { host: '/run/slapd/ldapi', attributes: { domain: 'mail, associatedDomain', provider: 'o' }, connections: 2 },
    { base: '2.5.4.10 = Example' }
  ] as const) {
    t.same(reported({ ...ldap, ...changes }), [], JSON.stringify(changes))
  }
  t.same(reported({ type: 'ldap' }), [
    'error directory: found no base, expected the DN below which entries are, such as dc=example,dc=com',
    'error directory: found no filter, expected one such as (mail=:domain), in quotes',
    'error directory.attributes: found no domain, expected the attribute that stores it, such as associatedDomain'
  ])
  t.same(reported({ ...ldap, query, database: 'mail' }), [
    'warning directory.database: found database, which ldap does not use',
    'warning directory.query: found query, which ldap does not use'
  ])
  t.same(reported({ type: 'mysql', query, database: 'mail', base: 'dc=a', scope: 'one', attributes: {} }), [
    'warning directory.base: found base, which mysql does not use',
    'warning directory.scope: found scope, which mysql does not use',
    'warning directory.attributes: found attributes, which mysql does not use'
  ])
  t.same(reported({ type: 'postgres', database: 'mail' }), [
    'error directory: found no query, expected one SELECT with :domain, in quotes'
  ])
})

t.test('check-directory: what cannot be in LDAP is an error', async t => {
  for (const [changes, fault] of [
    [{ filter: '(associatedDomain=*)' }, 'filter: found no :domain in a value, expected one'],
    [{ base: 'example.com' }, 'base: found "example.com", expected a DN such as dc=example,dc=com'],
    [{ base: 'dc=:Domain' }, 'base: found "dc=:Domain", expected :domain in the filter only'],
    [{ passwordFile: 'a' }, 'passwordFile: found a password, but no user'],
    [{ host: '/run/slapd/ldapi', security: 'tls' }, 'security: found "tls", expected none for a socket'],
    [{ security: 'none', ca: 'ca.pem' }, 'security: found "none", expected tls or starttls because ca is set']
  ] as const) {
    t.same(reported({ ...ldap, ...changes }), [`error directory.${fault}`])
  }
  t.same(reported({ type: 'mysql', query, database: 'mail', security: 'starttls' }), [
    'error directory.security: found "starttls", expected tls or none'
  ])
})

t.test('cache: settings override the defaults', async t => {
  t.match(toCache({ seconds: 5 }), { seconds: 5, staleSeconds: 86_400, negativeSeconds: 60, lookups: 200 })
  t.match(toCache(undefined), { seconds: 300, domains: 100_000, negativeDomains: 20_000 })
})
