/**
 * Tables of organisations with Microsoft 365: what `signpost check` says about each, and what every dialect answers.
 */

import { join } from 'node:path'
import t, { type Test } from 'tap'
import { check } from '../../src/cli/commands/check.ts'
import { runCommand } from '../support/cli/terminal.ts'
import { ask, autoconfig, errorsOf, serveUsers } from '../support/settings/served-table.ts'

const mailServers = `    servers:
      - { protocol: imap, host: outlook.office365.com, authentication: [oauth2] }
      - { protocol: smtp, host: smtp.office365.com, security: starttls, authentication: [oauth2] }
`
const localServers = `    servers:
      - { protocol: imap, host: mail.example.com }
      - { protocol: smtp, host: mail.example.com }
`
const redirect = 'https://autodiscover-s.outlook.com/autodiscover/autodiscover.xml'

/** The table as its administrator wrote it. */
const withoutOutlook = `providers:
  - id: m365
    name: Example GmbH
    domains: [example.com]
    dialects: { outlook: false, outlook-json: false, apple: false }
${mailServers}  - id: local
    name: Example Local
    domains: [lists.example.com]
${localServers}`

/** @returns the warnings of `signpost check`, without the file name */
async function warningsOf(t: Test, settings: string): Promise<string[]> {
  const file = join(t.testdir({ 'a.yaml': settings }), 'a.yaml')
  const { code, out } = await runCommand(check, ['--config', file])
  t.equal(code, 0, out)
  return out.split('\n').flatMap(line => line.split(': warning: ').slice(1))
}

/** @returns the path of Autodiscover in JSON */
const json = (protocol: string, address = 'jane@example.com') =>
  `/autodiscover/autodiscover.json?Email=${address}&Protocol=${protocol}`

t.test('Microsoft 365: programs with OAuth settings for its servers get no warning', async t => {
  const warnings = await warningsOf(t, withoutOutlook)
  const switchedOff = [
    'm365: Outlook (own wizard) finds nothing: nothing found',
    'm365: Outlook (detected by Microsoft) finds nothing: nothing found',
    'm365: Apple Mail (profile) finds nothing: no profile'
  ]
  t.same(warnings, [
    'PACC is not served: it needs implicit TLS on the standard ports; smtp uses starttls on 587',
    ...switchedOff
  ])
  const elsewhere = await warningsOf(t, withoutOutlook.replaceAll('office365.com', 'example.net'))
  t.ok(elsewhere.some(text => text.startsWith('m365: Thunderbird finds nothing: no usable authentication: OAuth2')))
  t.ok(elsewhere.some(text => text.startsWith('m365: Thunderbird for Android, K-9 Mail finds nothing')))
  t.same(elsewhere.filter(text => text.startsWith('found no password')).length, 2)
})

t.test('Microsoft 365: each dialect answers for the provider, or is off', async t => {
  const get = ask(t, withoutOutlook)
  const document = await get(autoconfig('jane@example.com'))
  t.match(document, '<hostname>outlook.office365.com</hostname>')
  t.match(document, '<hostname>smtp.office365.com</hostname>')
  t.same(document.match(/<authentication>OAuth2<\/authentication>/g)?.length, 2)
  const { servers } = JSON.parse(await get('/api/settings?email=jane@example.com'))
  t.same(servers, [
    { protocol: 'imap', host: 'outlook.office365.com', port: 993, security: 'tls', authentication: ['oauth2'] },
    { protocol: 'smtp', host: 'smtp.office365.com', port: 587, security: 'starttls', authentication: ['oauth2'] }
  ])
  t.match(await get('/setup?email=jane@example.com'), 'smtp.office365.com')
  for (const url of [json('AutodiscoverV1'), '/email.mobileconfig?email=jane@example.com']) {
    t.notMatch(await get(url), 'office365', url)
  }
  t.match(await get(json('AutodiscoverV1', 'list@lists.example.com')), 'https://autodiscover.lists.example.com/')
  t.match(await get('/email.mobileconfig?email=list@lists.example.com'), 'mail.example.com')
})

/** Everything that Microsoft 365 speaks, with Autodiscover sent to Microsoft. */
const withEverything = `providers:
  - id: m365
    name: Example GmbH
    domains: [example.com]
    autodiscover: { redirect: ${redirect} }
    autoconfig: { include: [exchange] }
${mailServers}      - { protocol: ews, url: https://outlook.office365.com/EWS/Exchange.asmx, authentication: [oauth2] }
      - { protocol: graph, url: https://graph.microsoft.com/v1.0/, authentication: [oauth2] }
      - { protocol: activesync, url: https://outlook.office365.com/Microsoft-Server-ActiveSync, authentication: [oauth2] }
`

t.test('Microsoft 365: Graph, EWS and ActiveSync next to IMAP, and Outlook sent to Microsoft', async t => {
  const warnings = await warningsOf(t, withEverything)
  t.notOk(
    warnings.some(text => /found no password|: (?:Outlook|Thunderbird(?: for Android.*)? finds)/.test(text)),
    'Outlook follows the redirect, and both Thunderbirds know these servers'
  )
  const get = ask(t, withEverything)
  const document = await get(autoconfig('jane@example.com'))
  for (const type of ['imap', 'ews', 'graph', 'activeSync', 'exchange']) {
    t.match(document, `<incomingServer type="${type}">`)
  }
  t.match(document, '<easURL>https://outlook.office365.com/Microsoft-Server-ActiveSync</easURL>')
  for (const [protocol, url] of [
    ['AutodiscoverV1', redirect],
    ['EWS', 'https://outlook.office365.com/EWS/Exchange.asmx'],
    ['Graph', 'https://graph.microsoft.com/v1.0/'],
    ['ActiveSync', 'https://outlook.office365.com/Microsoft-Server-ActiveSync']
  ] as const) {
    t.match(JSON.parse(await get(json(protocol))), { Protocol: protocol, Url: url })
  }
  const profile = await get('/email.mobileconfig?email=jane@example.com')
  t.match(profile, 'com.apple.eas.account')
  t.match(profile, /<key>OAuth<\/key>\s*<true\/>/)
  const { services } = JSON.parse(await get('/api/settings?email=jane@example.com'))
  t.same(
    services.map(({ protocol }: { protocol: string }) => protocol),
    ['ews', 'graph', 'activesync']
  )
})

t.test('Microsoft 365: the redirect next to IMAP is for Outlook only', async t => {
  const settings = withoutOutlook.replace(/dialects: .*/, `autodiscover: { redirect: ${redirect} }`)
  t.same(errorsOf(settings), [])
  const get = ask(t, settings)
  t.match(JSON.parse(await get(json('AutodiscoverV1'))), { Url: redirect })
  t.match(await get(autoconfig('jane@example.com')), '<hostname>outlook.office365.com</hostname>')
  t.notMatch(await get(autoconfig('jane@example.com')), 'autodiscover-s')
  t.notMatch(await get(json('AutodiscoverV1', 'list@lists.example.com')), 'autodiscover-s')
})

t.test('Microsoft 365: a hybrid, in which users names the provider of each person', async t => {
  const settings = `
users:
  type: sqlite
  file: users.sqlite
  query: SELECT address, address AS username, provider FROM mailbox WHERE address = :address
  unknown: "%EMAILADDRESS%"
  unknownServers: [{ provider: m365 }, { provider: local }]
  secretFile: key
${withEverything}  - id: local
    name: Example Local
    domains: [local.example.com]
${localServers}`
  t.same(errorsOf(settings), [])
  const get = await serveUsers(
    t,
    settings,
    `CREATE TABLE mailbox(address, provider);
     INSERT INTO mailbox VALUES ('jane@example.com', 'm365'), ('john@example.com', 'local')`
  )
  t.match(await get(autoconfig('jane@example.com')), '<hostname>outlook.office365.com</hostname>')
  t.match(JSON.parse(await get(json('ActiveSync'))), {
    Url: 'https://outlook.office365.com/Microsoft-Server-ActiveSync'
  })
  t.match(await get(autoconfig('john@example.com')), '<hostname>mail.example.com</hostname>')
  t.match(await get('/email.mobileconfig?email=john@example.com'), 'mail.example.com')
  t.notMatch(await get(json('AutodiscoverV1', 'john@example.com')), 'autodiscover-s')
  t.notMatch(await get(json('ActiveSync', 'john@example.com')), 'office365')
})
