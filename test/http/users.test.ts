/**
 * Login names from a directory do not reveal which mailboxes exist.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t, { type Test } from 'tap'
import { openUserLookup, type UserLookup } from '../../src/lookups/user-lookup.ts'
import { createSource } from '../../src/sources/source.ts'
import { patternOf, variantsOf } from '../support/address-variants.ts'
import { poxRequest } from '../support/pox-request.ts'
import { readableLog } from '../support/readable-log.ts'
import { serveApp } from '../support/served-app.ts'
import { tableOf } from '../support/table-of.ts'

const settings = `
http: { trustProxy: [127.0.0.1] }
limits: { overload: { delayMilliseconds: 0 } }
users:
  type: sqlite
  file: users.sqlite
  query: SELECT address, login AS username, name AS display_name FROM mailbox WHERE address = :address
  unknown: "u#######"
  providers: [example]
providers:
  - id: example
    name: Example Mail
    domains: [example.com, "*.customers.example"]
    autoconfig: { include: [documentation, webmail, dav, jmap, oauth2] }
    servers:
      - { protocol: imap, host: imap.example.com }
      - { protocol: pop3, host: pop3.example.com }
      - { protocol: smtp, host: smtp.example.com }
      - { protocol: caldav, url: https://dav.example.com/cal/ }
      - { protocol: carddav, url: https://dav.example.com/card/ }
      - { protocol: jmap, url: https://jmap.example.com/ }
      - { protocol: activesync, url: https://eas.example.com/Microsoft-Server-ActiveSync }
  - id: other
    name: Other
    domains: [other.example]
    servers:
      - { protocol: imap, host: imap.other.example }
      - { protocol: smtp, host: smtp.other.example }
`

const tables = [
  'CREATE TABLE mailbox (address TEXT PRIMARY KEY, login TEXT, name TEXT)',
  `INSERT INTO mailbox VALUES
    ('jane@example.com', 'u1234567', 'Jane Marple'),
    ('jane@a.customers.example', 'u7654321', 'Jane Marple'),
    ('rule@example.com', '%EMAILADDRESS%', 'Rule Marple'),
    ('line@example.com', 'u12' || char(10) || '3456', 'Line Marple'),
    ('long@example.com', replace(hex(zeroblob(128)), '0', 'u'), 'Long Marple'),
    ('none@example.com', NULL, 'None Marple')`
]

interface Served extends UserLookup, ReturnType<typeof serveApp> {
  readonly database: DatabaseSync
  readonly lines: readonly string[]
  /** Makes the directory unavailable. */
  readonly leave: () => void
}

async function served(t: Test, changes: (text: string) => string = text => text): Promise<Served> {
  // Why not t.testdir: an open database cannot be removed before it is closed.
  const folder = mkdtempSync(join(tmpdir(), 'users-'))
  const database = new DatabaseSync(join(folder, 'users.sqlite'))
  for (const sql of tables) database.exec(sql)
  const table = tableOf(changes(settings))
  const { logger, lines } = readableLog()
  const env = { SIGNPOST_USERS_SECRET: 'no more than a test' }
  const file = join(folder, 'signpost.yaml')
  if (table.settings.users === undefined) throw new Error('there are no users')
  const users = await openUserLookup({ table }, table.settings.users, { file, logger, env })
  t.teardown(async () => {
    await users.directory.close()
    database.close()
    rmSync(folder, { recursive: true })
  })
  const leave = () => database.exec('DROP TABLE mailbox')
  return { ...users, ...serveApp(t, createSource({ table }, users)), database, lines, leave }
}

const mobileSync = 'http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006'

interface InjectedRequest {
  readonly method?: 'GET' | 'POST'
  readonly url: string
  readonly payload?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** All requests for an address whose response contains a login name. */
const personal = (address: string): InjectedRequest[] => {
  const encoded = encodeURIComponent(address)
  return [
    { url: `/mail/config-v1.1.xml?emailaddress=${encoded}` },
    { url: `/.well-known/autoconfig/mail/config-v1.1.xml?emailaddress=${encoded}` },
    { url: `/.well-known/mail-v1.xml?emailaddress=${encoded}` },
    { method: 'POST', url: '/autodiscover/autodiscover.xml', payload: poxRequest(address) },
    { url: `/email.mobileconfig?email=${encoded}` },
    { url: `/email.mobileconfig?email=${encoded}&name=Jane` },
    { url: `/api/settings?email=${encoded}` },
    ...['en', 'ar', 'ja'].map(lang => ({ url: `/setup?email=${encoded}&lang=${lang}` }))
  ]
}

/** All other requests for an address. */
const impersonal = (address: string): InjectedRequest[] => {
  const encoded = encodeURIComponent(address)
  const plain = { headers: { host: 'autodiscover.example.com', 'x-forwarded-proto': 'http' } }
  return [
    { method: 'POST', url: '/autodiscover/autodiscover.xml', payload: poxRequest(address, mobileSync) },
    { url: `/autodiscover/autodiscover.json?Email=${encoded}&Protocol=AutodiscoverV1` },
    { url: `/autodiscover/autodiscover.json/v1.0/${encoded}?Protocol=ActiveSync` },
    { url: `/.well-known/user-agent-configuration.json?email=${encoded}`, headers: { host: 'example.com' } },
    { url: `/.well-known/caldav?email=${encoded}`, headers: { host: 'example.com' } },
    { url: `/email.mobileconfig?email=${encoded}`, ...plain },
    { url: `/api/settings?email=${encoded}`, ...plain },
    { url: `/setup?email=${encoded}`, ...plain },
    { method: 'POST', url: '/autodiscover/autodiscover.xml', payload: poxRequest(address), ...plain }
  ]
}

async function ask({ app }: Pick<Served, 'app'>, request: InjectedRequest) {
  const { statusCode: status, headers, body } = await app.inject({ ...request, headers: { ...request.headers } })
  return { status, headers: { ...headers, date: undefined }, body }
}

const jane = 'jane@example.com'
const john = 'john@example.com'
const loginOf = async (service: Pick<Served, 'app'>, address: string): Promise<string> =>
  JSON.parse((await ask(service, { url: `/api/settings?email=${encodeURIComponent(address)}` })).body).username

/** @returns the text without names and the values derived from them: UUIDs and QR codes */
function nameless(text: string, address: string, login: string): string {
  const names = [address, encodeURIComponent(address), login, Buffer.from(login).toString('base64')]
  return names
    .reduce((rest, name) => rest.replaceAll(name, '‹name›'), text)
    .replace(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi, '‹uuid›')
    .replace(/<path [^>]*>/g, '‹path›')
}

t.test('users: an unknown mailbox gets the same response as a known one, except for the names', async t => {
  const service = await served(t)
  const known = await loginOf(service, jane)
  const made = await loginOf(service, john)
  t.equal(known, 'u1234567')
  t.match(made, /^u\d{7}$/)
  const pairs = [...personal(jane), ...impersonal(jane)].map((request, at) => ({
    request,
    other: [...personal(john), ...impersonal(john)][at] ?? request
  }))
  for (const { request, other } of pairs) {
    const one = await ask(service, request)
    const two = await ask(service, other)
    const url = request.url
    t.equal(one.status, two.status, url)
    const isPage = url.startsWith('/setup')
    // Why not for pages: the QR codes of two addresses have different lengths.
    const length = isPage ? { 'content-length': undefined } : {}
    const headers = (answer: typeof one, address: string, login: string) =>
      nameless(JSON.stringify({ ...answer.headers, ...length }), address, login)
    t.equal(headers(one, jane, known), headers(two, john, made), url)
    t.equal(nameless(one.body, jane, known), nameless(two.body, john, made), url)
    if (!isPage) t.equal(one.body.length, two.body.length, url)
  }
})

t.test('users: every response to an address has its login name, and must not be cached', async t => {
  const service = await served(t)
  for (const request of personal(jane)) {
    const { status, headers, body } = await ask(service, request)
    t.equal(status, 200, request.url)
    t.match(body, 'u1234567', request.url)
    t.match(headers['cache-control'], 'no-store', request.url)
    t.notMatch(body, '%EMAILADDRESS%', request.url)
    t.notMatch(body, 'Marple', request.url)
  }
  for (const request of impersonal(jane)) t.notMatch((await ask(service, request)).body, /u1234567|Marple/, request.url)
  t.notMatch(service.readLog() + service.lines.join(''), /jane|u1234567|Marple/)
})

t.test('users: a request without an address gets the login name of the table', async t => {
  const service = await served(t)
  const headers = { host: 'autoconfig.example.com' }
  for (const url of [
    '/mail/config-v1.1.xml',
    '/mail/config-v1.1.xml?emailaddress=example.com',
    '/mail/config-v1.1.xml?emailaddress=EVOLUTIONUSER@example.com',
    '/v1.1/example.com?emailaddress=jane@example.com'
  ]) {
    const answer = await ask(service, { url, headers })
    t.match(answer.body, '<username>%EMAILADDRESS%</username>', url)
    t.equal(answer.headers['cache-control'], 'public, max-age=3600', url)
  }
  t.match((await ask(service, { url: '/setup/example' })).body, '<i>your email address</i></td>')
  t.equal((await ask(service, { url: '/.well-known/user-agent-configuration.json', headers })).status, 404)
  t.same(service.directory.queries, { ok: 0, failed: 0, refused: 0 })
})

t.test('users: only served addresses of the listed providers are looked up', async t => {
  const service = await served(t)
  t.equal(await loginOf(service, 'jane@other.example'), 'jane@other.example')
  t.equal((await ask(service, { url: '/api/settings?email=jane@none.example' })).status, 404)
  t.same(service.directory.queries, { ok: 0, failed: 0, refused: 0 })
  t.equal(await loginOf(service, 'jane@a.customers.example'), 'u7654321')
  const all = await served(t, text => text.replace('  providers: [example]\n', ''))
  t.match(await loginOf(all, 'jane@other.example'), /^u\d{7}$/)
})

t.test('users: letter case makes no difference, a tag does', async t => {
  const service = await served(t)
  t.equal(await loginOf(service, 'JANE@Example.com'), 'u1234567')
  t.equal(await loginOf(service, jane), 'u1234567')
  t.not(await loginOf(service, 'jane+tag@example.com'), 'u1234567')
  t.equal(await loginOf(service, 'JOHN@example.com'), await loginOf(service, john))
})

t.test('users: with a recipient delimiter, a tag makes no difference, whether or not the address is known', async t => {
  const service = await served(t, text => text.replace('  unknown:', '  recipientDelimiter: "+-"\n  unknown:'))
  for (const tagged of ['jane+shop', 'Jane-a+b', 'jane+', 'jane']) {
    t.equal(await loginOf(service, `${tagged}@example.com`), 'u1234567', tagged)
    const unknown = `${tagged.replace(/jane/i, 'john')}@example.com`
    t.equal(await loginOf(service, unknown), await loginOf(service, john), unknown)
  }
  t.not(await loginOf(service, '+jane@example.com'), 'u1234567')
})

/** Queries that also match other addresses, because of collations or special conditions. */
const folding = {
  'the same': 'address = :address',
  'in any letter case': 'address = :address COLLATE NOCASE',
  'without tags':
    "address = substr(:address, 1, instr(replace(:address, '@', '+'), '+') - 1) || substr(:address, instr(:address, '@'))",
  'without dots':
    "address = replace(substr(:address, 1, instr(:address, '@')), '.', '') || substr(:address, instr(:address, '@') + 1)",
  'by a pattern': ':address LIKE address OR address LIKE :address',
  'by the first letters': 'substr(address, 1, 2) = substr(:address, 1, 2)',
  'without comparing anything': ":address <> ''"
}

t.test('users: no variant of an address reveals whether it exists, with any query', async t => {
  for (const [how, condition] of Object.entries(folding)) {
    const service = await served(t, text => text.replace('address = :address', condition))
    const ask = async (name: string) => {
      const addresses = variantsOf(name).map(variant => `${variant}@example.com`)
      return await Promise.all(addresses.map(address => loginOf(service, address)))
    }
    const known = await ask('jane')
    t.equal(known[0], 'u1234567', how)
    for (const name of ['june', 'jave', 'pete']) t.same(patternOf(await ask(name)), patternOf(known), `${how}: ${name}`)
  }
})

t.test('users: an impossible login name is treated as unknown, and logged once without the name', async t => {
  const service = await served(t)
  for (const name of ['rule', 'line', 'long', 'none']) {
    for (const _ of [1, 2]) t.match(await loginOf(service, `${name}@example.com`), /^u\d{7}$/, name)
  }
  const text = service.lines.join('')
  t.equal(service.lines.length, 4)
  t.match(text, 'found a placeholder in a username, expected the name itself')
  t.match(text, 'found a username with invisible characters')
  t.match(text, 'found a username of more than 254 bytes')
  t.match(text, 'found no username, expected one')
  t.notMatch(text, /@example\.com|EMAILADDRESS|uuuu|Marple/)
})

t.test(
  'users: while the directory is unreachable, every address gets 503, whether or not it was requested before',
  async t => {
    const service = await served(t)
    for (const address of [jane, john]) t.match(await loginOf(service, address), /^u\d{7}$/)
    service.leave()
    for (const address of [jane, john, `new.${jane}`]) {
      for (const request of personal(address)) {
        const { status, headers } = await ask(service, request)
        t.equal(status, 503, request.url)
        t.equal(headers['retry-after'], '5', request.url)
      }
    }
    t.match(
      service.lines[0],
      /"code":"sqlite-1",.*the directory of users does not answer: requests with an address are answered 503/
    )
    t.notMatch(service.lines.join(''), /jane|john/)
  }
)

t.test(
  'users: no result is cached: each lookup queries the directory, and changes take effect immediately',
  async t => {
    const service = await served(t)
    for (const _ of [1, 2]) for (const address of [jane, john]) await loginOf(service, address)
    t.same(service.counts, { answered: 4, error: 0 })
    t.same(service.directory.queries, { ok: 4, failed: 0, refused: 0 })
    const made = await loginOf(service, john)
    service.database.exec("INSERT INTO mailbox VALUES ('john@example.com', 'u7777777', NULL)")
    t.not(made, 'u7777777')
    t.equal(await loginOf(service, john), 'u7777777')
  }
)

t.test('users: a response takes the same time, whether or not the address was requested before', async t => {
  const service = await served(t)
  for (const address of [jane, jane, john, john, 'new@example.com']) {
    const started = performance.now()
    await loginOf(service, address)
    t.ok(performance.now() - started >= 10, address)
  }
})

t.test('users: addresses beyond the limit of simultaneous lookups get 503', async t => {
  const service = await served(t, text => `cache: { lookups: 1 }\n${text}`)
  const request = { url: `/api/settings?email=${jane}` }
  const answers = await Promise.all([request, request, request].map(each => ask(service, each)))
  t.same(answers.map(({ status }) => status).sort(), [200, 503, 503])
  t.same(service.counts, { answered: 1, error: 2 })
  t.equal((await ask(service, request)).status, 200)
})

/** Changes the settings. */
const moreServers = (text: string) =>
  text
    .replace('login AS username,', 'login AS username, provider, imap_host,')
    .replace(
      'providers: [example]',
      'unknownServers: [{}, { provider: other, unknown: "s####" }, { imap_host: imap2.example.com }]'
    )

async function servedWithServers(t: Test): Promise<Served> {
  const service = await served(t, moreServers)
  service.database.exec('ALTER TABLE mailbox ADD provider TEXT')
  service.database.exec('ALTER TABLE mailbox ADD imap_host TEXT')
  service.database.exec(`INSERT INTO mailbox VALUES
    ('far@example.com', 's0001', 'Far Marple', 'other', NULL),
    ('two@example.com', 'u0000002', 'Two Marple', NULL, 'imap2.example.com'),
    ('odd@example.com', 'u0000003', 'Odd Marple', NULL, 'imap3.example.com'),
    ('mad@example.com', 'u0000004', 'Mad Marple', 'nobody', NULL)`)
  return service
}

/** The servers and the login name of an address. */
async function accountOf(service: Pick<Served, 'app'>, address: string) {
  const { provider, servers, username } = JSON.parse(
    (await ask(service, { url: `/api/settings?email=${address}` })).body
  )
  return { username, servers: `${provider.id} ${servers[0].host}` }
}

t.test('users: a mailbox has the servers in its directory entry', async t => {
  const service = await servedWithServers(t)
  t.same(await accountOf(service, jane), { username: 'u1234567', servers: 'example imap.example.com' })
  t.same(await accountOf(service, 'far@example.com'), { username: 's0001', servers: 'other imap.other.example' })
  t.same(await accountOf(service, 'two@example.com'), { username: 'u0000002', servers: 'example imap2.example.com' })
  const far = 'far%40example.com'
  for (const url of [
    `/mail/config-v1.1.xml?emailaddress=${far}`,
    `/email.mobileconfig?email=${far}`,
    `/setup?email=${far}`
  ]) {
    const { body } = await ask(service, { url })
    t.match(body, 'imap.other.example', url)
    t.notMatch(body, 'imap.example.com', url)
  }
})

t.test('users: an unknown mailbox always has the same servers, which a known one could have', async t => {
  const service = await servedWithServers(t)
  const seen = new Set<string>()
  for (let at = 0; at < 40; at++) {
    const { username, servers } = await accountOf(service, `x${at}@example.com`)
    t.match(username, servers.startsWith('other') ? /^s\d{4}$/ : /^u\d{7}$/)
    t.same(await accountOf(service, `X${at}@example.com`), { username, servers })
    seen.add(servers)
  }
  t.same([...seen].sort(), ['example imap.example.com', 'example imap2.example.com', 'other imap.other.example'])
})

t.test('users: a mailbox with servers that unknown ones never get is treated like an unknown one', async t => {
  const service = await servedWithServers(t)
  const ids = ['odd', 'mad']
  const before = await Promise.all(ids.map(id => accountOf(service, `${id}@example.com`)))
  t.match(service.lines.join(''), 'found servers that users.unknownServers does not contain')
  t.notMatch(service.lines.join(''), /imap3|nobody|Marple|odd@/)
  service.database.exec('DELETE FROM mailbox')
  t.same(await Promise.all(ids.map(id => accountOf(service, `${id}@example.com`))), before)
})

t.test(
  'users: over https, mailboxes can be redirected to Exchange one by one; plain http looks up no users',
  async t => {
    const { app } = await served(t, text =>
      text
        .replace('name AS display_name', "CASE login WHEN 'u1234567' THEN 'other' ELSE 'example' END AS provider")
        .replace('  providers: [example]', '  unknownServers: [{ provider: example }, { provider: other }]')
        .replace(
          'domains: [other.example]',
          'domains: [other.example]\n    autodiscover: { redirect: "https://ex.example.net" }'
        )
    )
    const ask = (address: string, scheme = 'https') =>
      app.inject({
        method: 'POST',
        url: '/autodiscover/autodiscover.xml',
        headers: { host: 'autodiscover.example.com', 'x-forwarded-proto': scheme },
        payload: poxRequest(address)
      })
    const exchange = await ask('jane@example.com')
    t.equal(exchange.statusCode, 302)
    t.equal(exchange.headers.location, 'https://ex.example.net/autodiscover/autodiscover.xml')
    const local = await ask('jane@a.customers.example')
    t.equal(local.statusCode, 200)
    t.match(local.body, '<Server>imap.example.com</Server>')
    const plain = await ask('jane@example.com', 'http')
    t.equal(plain.headers.location, 'https://autodiscover.example.com/autodiscover/autodiscover.xml')
  }
)
