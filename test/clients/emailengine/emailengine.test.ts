import t from 'tap'
import { emailengine } from '../../../src/clients/emailengine/emailengine.ts'
import type { SrvRecord } from '../../../src/clients/model/world.ts'
import { type FakeAnswer, fakeWorld } from '../../support/clients/fake-world.ts'
import { neverThrows } from '../../support/clients/never-throws.ts'
import {
  address,
  autodiscover,
  changed,
  clientConfig,
  imap,
  namedByRecords,
  smtp
} from '../../support/clients/plain-document.ts'

const wellKnown = 'http://example.com/.well-known/autoconfig/mail/config-v1.1.xml'
const autoconfig = 'https://autoconfig.example.com/mail/config-v1.1.xml?emailaddress=jane%40example.com'
const central = 'https://autoconfig.thunderbird.net/v1.1/example.com'
const pox = 'https://autodiscover.example.com/autodiscover/autodiscover.xml'

const discover = (body: string) => emailengine.discover(address, fakeWorld({ [`GET ${wellKnown}`]: { body } }))
const discoverChanged = (changes: Readonly<Record<string, string>>) => discover(changed(changes))
const discoverPox = (body: string) => emailengine.discover(address, fakeWorld({ [`POST ${pox}`]: { body } }))
const record = (port: number, target: string, priority = 0): SrvRecord => ({ priority, weight: 1, port, target })
const discoverSrv = (
  services: Readonly<Record<string, readonly SrvRecord[]>>,
  answers: Readonly<Record<string, FakeAnswer>> = { [`GET ${wellKnown}`]: { body: clientConfig } }
) => {
  const srv = Object.entries(services).map(([service, records]) => [`_${service}._tcp.example.com`, records])
  return emailengine.discover(address, fakeWorld(answers, { srv: Object.fromEntries(srv) }))
}

t.test('uses both servers of a document from Signpost', async t => {
  const { account, reason, trace } = await discover(clientConfig)
  t.same(account, { incoming: imap, outgoing: smtp, from: wellKnown })
  t.equal(reason, undefined)
  t.same(trace.at(-1), { asked: `GET ${wellKnown}`, result: '200, used' })
})

t.test('uses both servers of Autodiscover', async t => {
  t.same((await discoverPox(autodiscover)).account, { incoming: imap, outgoing: smtp, from: pox })
})

t.test('tries SRV records, .well-known over http only, autoconfig, the ISPDB and Autodiscover', async t => {
  const world = fakeWorld({})
  const { account, reason, trace } = await emailengine.discover('a&b+c@example.com', world)
  t.equal(account, undefined)
  t.equal(reason, 'nothing found')
  t.same(
    trace.map(({ asked }) => asked),
    [
      ...['imaps', 'imap', 'submissions', 'submission'].map(service => `SRV _${service}._tcp.example.com`),
      `GET ${wellKnown}`,
      'GET https://autoconfig.example.com/mail/config-v1.1.xml?emailaddress=a%26b%2Bc%40example.com',
      `GET ${central}`,
      'SRV _autodiscover._tcp.example.com',
      `POST ${pox}`
    ]
  )
  const userAgent = { 'user-agent': 'emailengine-app (+https://emailengine.app/)' }
  t.same(world.requests[0]?.headers, userAgent)
  t.same(world.requests.at(-1)?.headers, { ...userAgent, 'content-type': 'text/xml; charset=utf-8' })
  t.match(
    world.requests.at(-1)?.body,
    /<EMailAddress>a&amp;b\+c@example\.com<\/EMailAddress>\s+<AcceptableResponseSchema>/
  )
})

t.test('tries the next source after errors, web pages, and documents without a server', async t => {
  for (const answer of [
    { status: 404, body: clientConfig },
    { body: '<p>Not found' },
    { body: '<!DOCTYPE html><html/>' },
    { body: '' },
    { body: '<clientConfig/>' },
    { body: changed({ '<hostname>imap.example.com': '<hostname>', '<hostname>smtp.example.com': '<hostname>' }) }
  ]) {
    const world = fakeWorld({ [`GET ${wellKnown}`]: answer, [`GET ${autoconfig}`]: { body: clientConfig } })
    t.equal((await emailengine.discover(address, world)).account?.from, autoconfig)
  }
})

t.test('follows five redirects, to http and https only; a POST becomes a GET after 302, but not after 307', async t => {
  for (const [status, method] of [
    [302, 'GET'],
    [303, 'GET'],
    [307, 'POST']
  ] as const) {
    const world = fakeWorld({
      [`POST ${pox}`]: { status, headers: { location: 'https://example.net/pox' } },
      [`${method} https://example.net/pox`]: { body: autodiscover }
    })
    t.equal((await emailengine.discover(address, world)).account?.from, 'https://example.net/pox')
    const last = world.requests.at(-1)
    t.equal(last?.body === undefined, method === 'GET')
    t.equal(last?.headers['content-type'] === undefined, method === 'GET')
  }
  const loop = fakeWorld({ [`GET ${wellKnown}`]: { status: 301, headers: { location: wellKnown } } })
  await emailengine.discover(address, loop)
  t.equal(loop.requests.filter(({ url }) => url === wellKnown).length, 6)
  const ftp = fakeWorld({ [`GET ${wellKnown}`]: { status: 301, headers: { location: 'ftp://example.com/' } } })
  t.match(await emailengine.discover(address, ftp), { account: undefined })
})

t.test('uses the first imap and the first smtp server of all providers', async t => {
  const { account } = await discoverChanged({
    '<emailProvider id="example.com">': '<emailProvider/><emailProvider id="x">',
    '<incomingServer type="imap">': '<incomingServer type="pop3"/><incomingServer type="imap">',
    '</emailProvider>': '<outgoingServer type="smtp"/></emailProvider>'
  })
  t.same(account, { incoming: imap, outgoing: smtp, from: wellKnown })
})

t.test('accepts tag names in any letter case and trims values', async t => {
  const { account } = await discoverChanged({
    '<hostname>imap.example.com</hostname>': '<HostName> imap.example.com </HostName>',
    '>993<': '> 993 <',
    '>SSL<': '> SSL <'
  })
  t.same(account?.incoming, imap)
})

t.test('reads every socketType except SSL as opportunistic STARTTLS', async t => {
  for (const socketType of ['STARTTLS', 'plain', 'ssl', '']) {
    t.equal((await discoverChanged({ '>SSL<': `>${socketType}<` })).account?.incoming.security, 'starttls')
  }
})

t.test('replaces placeholders that are the whole value, and only %EMAILDOMAIN% in host names', async t => {
  for (const [username, taken] of [
    ['%EMAILLOCALPART%', 'jane'],
    ['%EMAILDOMAIN%', 'example.com'],
    ['%EMAILLOCALPART%@example.com', '%EMAILLOCALPART%@example.com'],
    ['', '']
  ] as const) {
    t.equal((await discoverChanged({ '%EMAILADDRESS%': username })).account?.incoming.username, taken)
  }
  t.equal((await discoverChanged({ '<username>%EMAILADDRESS%</username>': '' })).account?.incoming.username, undefined)
  t.equal((await discoverChanged({ 'imap.example.com': '%EMAILDOMAIN%' })).account?.incoming.host, 'example.com')
  t.equal((await discoverChanged({ 'imap.example.com': 'x.%EMAILDOMAIN%' })).account?.incoming.host, 'x.%EMAILDOMAIN%')
})

t.test('rejects a document if an element is missing or a value is not a text', async t => {
  for (const [changes, result] of [
    [{ '<hostname>imap.example.com</hostname>': '' }, 'refused: no hostname'],
    [{ '<port>993</port>': '' }, 'refused: no port'],
    [{ '<socketType>SSL</socketType>': '' }, 'refused: no sockettype'],
    [{ '<hostname>imap': '<hostname x="y">imap' }, 'refused: a value that is not a text'],
    [{ '<username>': '<username><b/>' }, 'refused: a value that is not a text']
  ] as const) {
    const { account, trace } = await discoverChanged(changes)
    t.equal(account, undefined)
    t.match(
      trace.find(({ asked }) => asked === `GET ${wellKnown}`),
      { result: `200, ${result}` }
    )
  }
})

t.test('a document without a port, or with one side only, ends the race', async t => {
  t.equal((await discoverChanged({ '>993<': '>imaps<' })).reason, `${wellKnown} names no port`)
  t.equal((await discoverChanged({ '>465<': '><' })).reason, `${wellKnown} names no port`)
  t.equal((await discoverChanged({ 'type="imap"': 'type="x"' })).reason, `${wellKnown} names no imap server`)
  t.equal((await discoverChanged({ 'type="smtp"': 'type="x"' })).account?.outgoing, undefined)
})

t.test('prefers SRV records to documents, implicit TLS first, then the lowest priority', async t => {
  const { account } = await discoverSrv({
    imaps: [record(994, 'b.example', 9), record(993, 'a.example.')],
    imap: [record(143, 'c.example')],
    submissions: [record(465, 'd.example')],
    submission: [record(587, 'e.example')]
  })
  t.same(account, namedByRecords('a.example', 'd.example'))
})

t.test('uses STARTTLS for SRV records, except on port 465', async t => {
  const imapOnly = { imap: [record(143, 'a.example')] }
  const { account } = await discoverSrv({ ...imapOnly, submission: [record(587, 'b.example')] })
  t.match(account, { incoming: { security: 'starttls' }, outgoing: { security: 'starttls' } })
  const odd = await discoverSrv({ ...imapOnly, submission: [record(465, 'b.example')] })
  t.match(odd.account, { outgoing: { security: 'tls' } })
})

t.test('loses the imap server if there is no SRV record for submission', async t => {
  t.equal((await discoverSrv({ imaps: [record(993, 'a.example')] })).account?.from, wellKnown)
})

t.test('reads "." as a server without a name, and looks up no other service', async t => {
  const { account, reason } = await discoverSrv({
    imaps: [record(0, '.')],
    imap: [record(143, 'a.example')],
    submissions: [record(465, 'b.example')]
  })
  t.equal(account, undefined)
  t.equal(reason, 'SRV example.com names no imap server')
  t.equal(
    (await discoverSrv({ submission: [record(587, 'b.example')] })).reason,
    'SRV example.com names no imap server'
  )
  t.equal((await discoverSrv({ submission: [record(0, '.')] })).account?.from, wellKnown)
})

t.test('posts to the target of the SRV record, at its port', async t => {
  const named = 'https://x.example:8443/autodiscover/autodiscover.xml'
  const records = { autodiscover: [record(443, 'y.example', 1), record(8443, 'x.example')] }
  t.equal((await discoverSrv(records, { [`POST ${named}`]: { body: autodiscover } })).account?.from, named)
  const usual = await discoverSrv({ autodiscover: [record(443, 'y.example')] }, {})
  t.match(usual.trace.at(-1), { asked: 'POST https://y.example/autodiscover/autodiscover.xml' })
  t.match((await discoverSrv({ autodiscover: [record(443, 'a b')] }, {})).trace.at(-1), { asked: /^SRV/ })
})

t.test('uses the last Protocol of a type in Autodiscover, only in email accounts', async t => {
  const last = '<Protocol/><Protocol><Type>imap</Type><Server>last.example</Server><Port>1</Port></Protocol></Account>'
  const { account } = await discoverPox(changed({ '</Account>': last }, autodiscover))
  t.same(account?.incoming, {
    protocol: 'imap',
    host: 'last.example',
    port: 1,
    security: 'starttls',
    username: undefined
  })
  t.equal((await discoverPox(changed({ '>email<': '>nntp<' }, autodiscover))).account, undefined)
  t.equal((await discoverPox('<Autodiscover/>')).account, undefined)
  t.equal((await discoverPox('<Other/>')).account, undefined)
})

t.test('skips a Protocol of Autodiscover without Server; without Port, the port is empty', async t => {
  const bare = await discoverPox(changed({ '<Server>imap.example.com</Server>': '' }, autodiscover))
  t.equal(bare.reason, `${pox} names no imap server`)
  t.equal((await discoverPox(changed({ '<Port>993</Port>': '' }, autodiscover))).reason, `${pox} names no port`)
})

t.test('sends no password after 401', async t => {
  const world = fakeWorld({ [`POST ${pox}`]: { status: 401, headers: { 'www-authenticate': 'Basic' } } })
  t.equal((await emailengine.discover(address, world)).reason, 'nothing found')
})

t.test('never throws for any response', async t => {
  await t.resolves(neverThrows(emailengine))
})
