import t from 'tap'
import { toCache } from '../../src/settings/cache.ts'
import { checkDirectory, type DirectorySettings } from '../../src/settings/check-directory.ts'
import { pathText } from '../../src/settings/fault.ts'

const query = 'SELECT provider FROM domain WHERE name = :domain'
const told = (settings: DirectorySettings) =>
  checkDirectory(settings, ['directory'], ':domain').map(
    ({ severity, path, message }) => `${severity} ${pathText(path)}: ${message}`
  )

t.test('check-directory: what belongs together is right', async t => {
  t.same(told({ type: 'sqlite', query, file: 'domains.sqlite', timeoutMilliseconds: 100 }), [])
  t.same(told({ type: 'postgres', query, database: 'mail', channel: 'signpost', ca: 'ca.pem', security: 'tls' }), [])
  t.same(told({ type: 'mysql', query, database: 'mail', host: 'db.example.net', user: 'me', ca: 'ca.pem' }), [])
})

t.test('check-directory: what is missing is an error, what is not used a warning', async t => {
  t.same(told({ type: 'sqlite', query, database: 'mail', connections: 1, channel: 'a' }), [
    'error directory: found no file, expected that of the database',
    'warning directory.database: found database, which sqlite does not use',
    'warning directory.connections: found connections, which sqlite does not use',
    'warning directory.channel: found channel, which sqlite does not use'
  ])
  t.same(told({ type: 'postgres', query, file: 'a' }), [
    'error directory: found no database, expected its name',
    'warning directory.file: found file, which postgres does not use'
  ])
  t.same(told({ type: 'mysql', query, database: 'mail', channel: 'a' }), [
    'warning directory.channel: found channel, which mysql does not use'
  ])
})

t.test('check-directory: authorities have no use without TLS', async t => {
  t.same(told({ type: 'mysql', query, database: 'mail', security: 'none', ca: 'ca.pem' }), [
    'error directory.security: found "none", expected tls where there is a ca'
  ])
})

t.test('check-directory: MariaDB is asked for a certificate by name', async t => {
  const host = (changes: Partial<DirectorySettings>) => told({ type: 'mysql', query, database: 'mail', ...changes })
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

t.test('check-directory: a query that is none is an error', async t => {
  t.same(told({ type: 'sqlite', file: 'a', query: 'SELECT 1' }), [
    'error directory.query: found no :domain outside of quotes, expected one'
  ])
})

t.test('cache: what is set goes before the defaults', async t => {
  t.match(toCache({ seconds: 5 }), { seconds: 5, staleSeconds: 86_400, negativeSeconds: 60, lookups: 200 })
  t.match(toCache(undefined), { seconds: 300, domains: 100_000, negativeDomains: 20_000 })
})
