import t from 'tap'
import type { HttpRequest } from '../../src/clients/model/world.ts'
import { createTableWorld } from '../../src/conformance/table-world.ts'
import { createTable } from '../../src/settings/table.ts'
import { matchLists } from '../support/match-lists.ts'
import { tableOf } from '../support/table-of.ts'

/** @param services more servers, a line of YAML each */
const tableWith = (...services: readonly string[]) =>
  tableOf(`providers:
  - id: example
    name: Example
    domains: [example.com]
    servers:
      - { protocol: imap, host: imap.example.com }
      - { protocol: smtp, host: smtp.example.com }
${services.map(service => `      - ${service}\n`).join('')}`)
const table = tableWith('{ protocol: caldav, url: "https://dav.example.com/" }')
const world = createTableWorld(table)
const ask = (url: string, method: HttpRequest['method'] = 'GET', body?: string) =>
  world.exchange({ method, url, headers: {}, ...(body !== undefined && { body }) })

t.test('table world: every name of a domain leads to its documents, in any letter case', async t => {
  for (const url of [
    'https://autoconfig.example.com/mail/config-v1.1.xml',
    'http://example.com/.well-known/autoconfig/mail/config-v1.1.xml?emailaddress=a%40example.com',
    'https://AUTOCONFIG.example.com/MAIL/config-v1.1.xml/'
  ]) {
    const { status, body } = await ask(url)
    t.equal(status, 200, url)
    t.match(body, 'imap.example.com')
  }
})

t.test('table world: reads an address in the path as the server does', async t => {
  const path = '/autodiscover/autodiscover.json/v1.0/jane%40example.com'
  t.equal((await ask(`https://example.com${path}?Protocol=AutodiscoverV1`)).status, 200)
  t.equal((await ask(`https://example.com${path}/more?Protocol=AutodiscoverV1`)).status, 404)
  t.equal((await ask('https://example.com/v1.1/example.com')).status, 200)
})

t.test('table world: answers HEAD like GET, and PROPFIND and POST where they are served', async t => {
  t.equal((await ask('https://example.com/mail/config-v1.1.xml', 'HEAD')).status, 200)
  t.equal((await ask('https://example.com/.well-known/caldav', 'PROPFIND')).status, 307)
  t.equal((await ask('https://example.com/autodiscover/autodiscover.xml', 'POST', '<no/>')).status, 200)
  t.equal((await ask('https://example.com/autodiscover/autodiscover.xml', 'POST')).status, 200)
  t.equal((await ask('https://example.com/mail/config-v1.1.xml', 'POST', '')).status, 404)
})

t.test('table world: a JMAP server requires a login, and the well-known URL leads there', async t => {
  const { exchange } = createTableWorld(tableWith('{ protocol: jmap, url: "https://jmap.example.com/session" }'))
  const sent = (url: string) => exchange({ method: 'GET', url, headers: {} })
  t.equal((await sent('https://example.com/.well-known/jmap')).headers.location, 'https://jmap.example.com/session')
  t.match(await sent('https://jmap.example.com/session'), { status: 401, headers: { 'www-authenticate': 'Basic' } })
  t.equal((await sent('https://jmap.example.com/other')).status, 404)
})

t.test('table world: DAV servers answer PROPFIND and OPTIONS below their URLs', async t => {
  const { exchange } = createTableWorld(
    tableWith(
      '{ protocol: caldav, url: "https://dav.%EMAILDOMAIN%/c/%EMAILADDRESS%/" }',
      '{ protocol: carddav, url: "https://dav.%EMAILDOMAIN%/" }'
    )
  )
  const sent = (method: HttpRequest['method'], url: string) => exchange({ method, url, headers: {} })
  const calendars = await sent('PROPFIND', 'https://dav.example.com/c/<x>/')
  t.match(calendars, { status: 207, headers: { dav: '1, 3, calendar-access, addressbook' } })
  t.match(calendars.body, '<current-user-principal><href>/c/%3Cx%3E/</href></current-user-principal>')
  t.match(await sent('OPTIONS', 'https://dav.example.com/'), { status: 200, headers: { dav: '1, 3, addressbook' } })
  t.match(await sent('GET', 'https://dav.example.com/'), { status: 405, headers: { allow: /PROPFIND/ } })
  t.equal(
    (await sent('OPTIONS', 'https://example.com/.well-known/caldav')).headers.location,
    'https://dav.example.com/c/'
  )
  t.equal((await sent('OPTIONS', 'https://example.com/')).status, 404)
})

t.test('table world: plain http leads to https if settings must not be sent in clear text', async t => {
  const { status, headers, body } = await ask(
    'http://autodiscover.example.com/Autodiscover/Autodiscover.xml',
    'POST',
    '<no/>'
  )
  t.equal(status, 302)
  t.equal(headers.location, 'https://autodiscover.example.com/autodiscover/autodiscover.xml')
  t.equal(body, '')
  const profile = await ask('http://example.com/email.mobileconfig?email=jane%40example.com')
  t.equal(profile.headers.location, 'https://example.com/email.mobileconfig?email=jane%40example.com')
})

t.test(
  'table world: plain http leads to publicUrl if it is set, except for documents that the host selects',
  async t => {
    const http = { publicUrl: 'https://signpost.example.net' }
    const { exchange } = createTableWorld(createTable({ ...table.settings, http }))
    const locationOf = async (url: string) => (await exchange({ method: 'GET', url, headers: {} })).headers.location
    const pacc = '/.well-known/user-agent-configuration.json'
    t.equal(
      await locationOf('http://example.com/autodiscover/autodiscover.xml'),
      'https://signpost.example.net/autodiscover/autodiscover.xml'
    )
    t.equal(await locationOf(`http://example.com${pacc}`), `https://example.com${pacc}`)
  }
)

t.test('table world: other hosts, other paths and databases respond with 404', async t => {
  for (const url of [
    'https://other.example/mail/config-v1.1.xml',
    'https://example.com/index.html',
    'https://live.thunderbird.net/autoconfig/v1.1/example.com'
  ]) {
    t.equal((await ask(url)).status, 404, url)
  }
})

t.test('table world: an IP address is not a known host', async t => {
  await t.rejects(ask('https://192.0.2.1/mail/config-v1.1.xml'), { name: 'WorldError' })
})

t.test('table world: the DNS has the given records and one mail exchanger', async t => {
  const { dns } = createTableWorld(table, {
    records: [
      { name: '_imaps._tcp.example.com', type: 'SRV', priority: 0, weight: 1, port: 993, target: 'imap.example.com' },
      { name: '_ua-auto-config.example.com', type: 'TXT', text: 'v=UAAC1' }
    ],
    exchanger: 'mx1.example.net'
  })
  matchLists(t, await dns.srv('_imaps._tcp.example.com'), [{ port: 993, target: 'imap.example.com' }])
  t.same(await dns.srv('_imap._tcp.example.com'), [])
  t.same(await dns.txt('_ua-auto-config.example.com'), ['v=UAAC1'])
  t.same(await dns.mx('anything.example'), [{ priority: 10, exchange: 'mx1.example.net' }])
  t.same(await world.dns.mx('anything.example'), [])
  t.same(await dns.ns('example.com'), [])
  t.equal(await dns.isHost('anything.example'), true)
})

t.test('table world: Exchange requires a login, at the host that a provider redirects to', async t => {
  const worldOf = (redirect: string) =>
    createTableWorld(
      tableOf(`providers:
  - id: example
    name: Example
    domains: [example.com]
    servers: [{ protocol: imap, host: imap.example.com }, { protocol: smtp, host: smtp.example.com }]
    autodiscover: { redirect: "${redirect}" }
`)
    )
  const statusOf = async (redirect: string, url: string) =>
    (await worldOf(redirect).exchange({ method: 'GET', url, headers: {} })).status
  const path = '/autodiscover/autodiscover.xml'
  t.equal(await statusOf('https://ex.example.net', `https://ex.example.net${path}`), 401)
  t.equal(await statusOf('https://ex.%EMAILDOMAIN%', `https://ex.example.com${path}`), 401)
  t.equal(await statusOf('https://ex.example.net', `https://autodiscover.example.com${path}`), 302)
  t.equal(await statusOf('https://ex.%EMAILDOMAIN%', `https://autodiscover.example.com${path}`), 302)
  const { headers } = await worldOf('https://ex.example.net').exchange({
    method: 'GET',
    url: `http://autodiscover.example.com${path}`,
    headers: {}
  })
  t.equal(headers.location, `https://ex.example.net${path}`)
})
