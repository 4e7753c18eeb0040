/**
 * Tables as administrators wrote them: what `signpost check` says about each, and what is served.
 */

import t from 'tap'
import { describe } from '../../src/settings/load/finding.ts'
import { load } from '../../src/settings/load/load.ts'
import { serveApp } from '../support/served-app.ts'
import { ask, autoconfig, errorsOf, namesIn, serveUsers } from '../support/settings/served-table.ts'

const provider = (servers: string, more = '') => `
providers:
  - id: example
    name: Example Mail
    domains: [example.com]
${more}    servers:
${servers}`

t.test('tables: a login name for each server', async t => {
  const body = await ask(
    t,
    provider(`      - { protocol: imap, host: imap.example.com, username: "%EMAILLOCALPART%" }
      - { protocol: smtp, host: smtp.example.com, username: "%EMAILADDRESS%" }
      - { protocol: carddav, url: https://cloud.example.com/remote.php/dav/, username: "%EMAILLOCALPART%" }
`)
  )(autoconfig('jane@example.com'))
  t.same(namesIn(body), ['jane', 'jane@example.com'])
})

t.test('tables: a login name of parts, for two domains', async t => {
  const settings = provider(
    '      - { protocol: imap, host: mail.example.com }\n      - { protocol: smtp, host: mail.example.com }\n',
    '    username: "%EMAILLOCALPART%@example.com"\n'
  ).replace('[example.com]', '[alias.example.com, alias.example.net]')
  const body = await ask(t, settings)(autoconfig('jane.doe@alias.example.net'))
  t.same(namesIn(body), ['jane.doe@example.com', 'jane.doe@example.com'])
})

t.test('tables: login names that a query computes, with a backslash at the end of a text', async t => {
  const settings = `
users:
  type: sqlite
  file: users.sqlite
  query: SELECT 'EXAMPLE\\' || substr(:address, 1, instr(:address, '@') - 1) AS username
  unknown: "EXAMPLE\\\\????????"
  secretFile: key
${provider('      - { protocol: imap, host: mail.example.com }\n      - { protocol: smtp, host: mail.example.com, security: starttls }\n', '    username: "EXAMPLE\\\\%EMAILLOCALPART%"\n')}`
  t.same(errorsOf(settings), [])
  t.same(errorsOf(settings.replace("'EXAMPLE\\'", "'EXAMPLE' || char(92)")), [])
  t.same(errorsOf(settings.replace('type: sqlite\n  file: users.sqlite', 'type: postgres\n  database: a')), [])
  t.match(
    errorsOf(settings.replace('type: sqlite\n  file: users.sqlite', 'type: mysql\n  database: a'))[0],
    'for a backslash'
  )
  const body = await (await serveUsers(t, settings))(autoconfig('jane@example.com'))
  t.same(namesIn(body), ['EXAMPLE\\jane', 'EXAMPLE\\jane'])
})

const perUser = (columns: string, more = '') => `
users:
  type: sqlite
  file: users.sqlite
  query: SELECT ${columns} FROM mailbox WHERE address = :address
  unknown: "u#######"
  secretFile: key
${more}${provider('      - { protocol: imap, host: imap.example.com }\n      - { protocol: smtp, host: smtp.example.com }\n')}`

t.test('tables: servers of one person need the stored address, and what unknown mailboxes get', async t => {
  const wanted = 'login AS username, host, imap_host, provider'
  const servers = ['provider', 'host', 'imap_host'].map(
    column => `a.yaml:5:10 users.query: found ${column}, expected unknownServers, too`
  )
  t.same(errorsOf(perUser(wanted)), [
    'a.yaml:5:10 users.query: found no column address, expected the stored address, such as SELECT address, …',
    ...servers
  ])
  t.same(errorsOf(perUser(`address, ${wanted}`)), servers)
  const settings = perUser(
    `address, ${wanted}`,
    `  unknownServers:
    - { host: imap1.example.com, imap_host: imap1.example.com }
    - { host: imap2.example.com, imap_host: imap2.example.com }
`
  )
  t.same(errorsOf(settings), [])
  const find = await serveUsers(
    t,
    settings,
    `CREATE TABLE mailbox(address, login, host, imap_host, provider);
     INSERT INTO mailbox VALUES ('jane@example.com', 'jd1', 'imap2.example.com', 'imap2.example.com', 'example')`
  )
  const body = await find(autoconfig('jane@example.com'))
  t.same(namesIn(body), ['jd1', 'jd1'])
  t.match(body, '<hostname>imap2.example.com</hostname>')
  t.match(await find(autoconfig('nobody@example.com')), /<hostname>imap[12]\.example\.com</)
})

t.test('tables: columns with login names need names for unknown mailboxes', async t => {
  t.same(errorsOf(perUser('address, login AS username, login AS imap_username')), [
    'a.yaml:5:10 users.query: found imap_username, expected unknownNames to have one, too'
  ])
  t.same(errorsOf(perUser('address, login AS username', '  unknownNames: { smtp_username: "u#######" }\n')), [
    'a.yaml:5:10 users.query: found no smtp_username, expected the column for it, as unknownNames has one'
  ])
  t.same(errorsOf(perUser('m.*', '  unknownNames: { smtp_username: "u#######" }\n')), [])
  t.same(errorsOf(perUser('m.*')), [])
})

t.test('tables: Exchange is ews, and chat is not about mail', async t => {
  const settings =
    provider(`      - { protocol: ews, url: https://mail.example.com/EWS/Exchange.asmx, authentication: [ntlm, password] }
      - { protocol: exchange, url: https://mail.example.com/owa/ }
      - { protocol: xmpp, host: xmpp.example.com }
      - { protocol: imap, host: mail.example.com }
      - { protocol: smtp, host: mail.example.com, security: starttls }
`)
  const known = 'imap, pop3, smtp, managesieve, jmap, caldav, carddav, webdav, activesync, ews, graph'
  t.same(errorsOf(settings), [
    `a.yaml:8:21 providers[0].servers[1].protocol: found "exchange", expected one of ${known}, did you mean "ews"?`,
    `a.yaml:9:21 providers[0].servers[2].protocol: found "xmpp", expected one of ${known}`
  ])
  const usable = settings.replace(/.*(?:exchange|xmpp),.*\n/g, '')
  t.same(errorsOf(usable), [])
  t.match(
    await ask(t, usable)('/autodiscover/autodiscover.json?Email=jane@example.com&Protocol=EWS'),
    'https://mail.example.com/EWS/Exchange.asmx'
  )
})

t.test('tables: URLs of calendars and contacts with the user in them', async t => {
  const get = ask(
    t,
    provider(`      - { protocol: imap, host: imap.example.com }
      - { protocol: smtp, host: smtp.example.com }
      - { protocol: caldav, url: "https://cloud.example.com/remote.php/dav/principals/users/%EMAILADDRESS%/" }
      - { protocol: carddav, url: "https://cloud.example.com/SOGo/dav/%EMAILLOCALPART%/Contacts/personal/" }
`)
  )
  const profile = await get('/email.mobileconfig?email=jane@example.com')
  t.match(profile, '<string>/remote.php/dav/principals/users/jane@example.com/</string>')
  t.match(profile, '<string>/SOGo/dav/jane/Contacts/personal/</string>')
})

t.test('tables: the domain is replaced in names and URLs, and the address is refused there', async t => {
  const settings = `
providers:
  - id: box
    name: "%EMAILADDRESS% (Example box)"
    shortName: "%EMAILDOMAIN%"
    domains: ["*"]
    servers:
      - { protocol: imap, host: mail.%EMAILDOMAIN% }
      - { protocol: smtp, host: mail.%EMAILDOMAIN% }
    webmail: https://webmail.%EMAILDOMAIN%/
    website: https://www.example.net/?d=%EMAILDOMAIN%
    documentation: [ { url: "https://help.%EMAILDOMAIN%/", text: { en: Help } } ]
    password: { url: "https://mail.%EMAILDOMAIN%/password" }
    autoconfig: { include: [webmail, documentation] }
`
  t.same(errorsOf(settings), ['a.yaml:4:11 providers[0].name: found "%EMAILADDRESS%", expected only %EMAILDOMAIN%'])
  const get = ask(t, settings.replace('%EMAILADDRESS%', '%EMAILDOMAIN%'))
  const body = await get(autoconfig('jane@customer.example'))
  for (const text of [
    'customer.example (Example box)',
    'https://webmail.customer.example/',
    'https://help.customer.example/'
  ])
    t.match(body, text)
  t.notMatch(await get('/mail/config-v1.1.xml', 'www.customer.example'), 'www.customer.example')
})

t.test('tables: a path prefix by another name is suggested', async t => {
  const settings = provider(`      - { protocol: imap, host: mail.example.com, prefix: INBOX. }
      - { protocol: smtp, host: mail.example.com }
`)
  t.same(errorsOf(settings), ['a.yaml:7:51 providers[0].servers[0].prefix: unknown key, did you mean "pathPrefix"?'])
  const profile = await ask(t, settings.replace('prefix:', 'pathPrefix:'))('/email.mobileconfig?email=jane@example.com')
  t.match(profile, /IncomingMailServerIMAPPathPrefix<\/key>\s*<string>INBOX\.</)
})

t.test('tables: an IP address is reported for mail servers and for URLs', async t => {
  const settings = provider(`      - { protocol: imap, host: 192.0.2.10 }
      - { protocol: smtp, host: mail.corp.example }
      - { protocol: caldav, url: "https://192.0.2.10:5006/" }
`)
  const reported = load(settings, 'a.yaml').findings.map(describe)
  t.match(reported[0], /servers\[0\]\.host: found "192\.0\.2\.10", .*because certificates are issued for names/)
  t.match(reported[1], /servers\[2\]\.url: warning: found "192\.0\.2\.10", .*because certificates are issued for names/)
})

t.test("tables: customers' host names without a certificate are led to the public URL", async t => {
  const settings = `
http: { trustProxy: [127.0.0.1/8], publicUrl: https://signpost.example.net }
providers:
  - id: hoster
    name: Example Hosting
    domains: [example.net, customer.example, www.customer.example, "*.sub.example"]
    mx: ["*.mx.example.net"]
    servers:
      - { protocol: imap, host: mail.example.net }
      - { protocol: smtp, host: mail.example.net }
      - { protocol: caldav, url: https://cloud.example.net/remote.php/dav/ }
`
  const reported = load(settings, 'a.yaml').findings.map(describe)
  t.match(reported[0], 'found "www.customer.example", expected the mail domain, which is customer.example')
  t.match(reported[1], 'found "*.sub.example", which does not include sub.example')
  t.equal(reported.length, 2)
  const { app } = serveApp(t, settings)
  const locationOf = async (url: string, host: string) =>
    (await app.inject({ url, headers: { host, 'x-forwarded-proto': 'http' } })).headers.location
  for (const host of ['autodiscover.customer.example', 'autodiscover.a.sub.example', 'autodiscover.example.net']) {
    const path = '/autodiscover/autodiscover.xml'
    t.equal(await locationOf(path, host), `https://signpost.example.net${path}`, host)
  }
  const json = '/autodiscover/autodiscover.json?Email=jane@customer.example&Protocol=AutodiscoverV1'
  t.match(await ask(t, settings)(json, 'autodiscover.customer.example'), 'https://signpost.example.net/autodiscover/')
})
