import t from 'tap'
import { mailspring } from '../../src/clients/mailspring.ts'
import { type FakeDns, fakeWorld } from '../support/clients/fake-world.ts'
import { neverThrows } from '../support/clients/never-throws.ts'
import { address, changed, clientConfig, imap, smtp } from '../support/clients/plain-document.ts'

const first = 'https://autoconfig.example.com/mail/config-v1.1.xml'
const second = 'https://example.com/.well-known/autoconfig/mail/config-v1.1.xml'

const discover = (body: string, dns?: FakeDns) =>
  mailspring.discover(address, fakeWorld({ [`GET ${first}`]: { body } }, dns))
const discoverChanged = (changes: Readonly<Record<string, string>>) => discover(changed(changes))

t.test('uses both servers of a document from Signpost', async t => {
  t.same(await discover(clientConfig), {
    account: { incoming: imap, outgoing: smtp, from: first },
    reason: undefined,
    trace: [{ asked: `GET ${first}`, result: '200, read' }]
  })
})

t.test('tries autoconfig, .well-known and SRV records, never with the address', async t => {
  const { account, reason, trace } = await mailspring.discover(address, fakeWorld({}))
  t.equal(account, undefined)
  t.equal(reason, 'guesses imap.example.com and smtp.example.com')
  t.same(
    trace.map(({ asked }) => asked),
    [
      `GET ${first}`,
      `GET ${second}`,
      'SRV _imaps._tcp.example.com',
      'SRV _imap._tcp.example.com',
      'SRV _submissions._tcp.example.com',
      'SRV _submission._tcp.example.com'
    ]
  )
})

t.test('requests .well-known after an error and after a response that is not XML', async t => {
  for (const answer of [{ status: 404, body: clientConfig }, { body: '<p>Not found' }]) {
    const world = fakeWorld({ [`GET ${first}`]: answer, [`GET ${second}`]: { body: clientConfig } })
    t.equal((await mailspring.discover(address, world)).account?.from, second)
  }
})

t.test('does not request .well-known after a web page with status 200 that is XML or empty', async t => {
  for (const body of [
    '<!DOCTYPE html><html><p>Welcome</p></html>',
    ' \n',
    '<clientConfig><emailProvider/></clientConfig>'
  ]) {
    const world = fakeWorld({ [`GET ${first}`]: { body }, [`GET ${second}`]: { body: clientConfig } })
    const { account } = await mailspring.discover(address, world)
    t.equal(account, undefined, body)
    t.equal(world.requests.length, 1)
  }
})

t.test('does not trim socketType and user names', async t => {
  const { account } = await discoverChanged({ '>SSL<': '> SSL<', '>%EMAILADDRESS%<': '> %EMAILLOCALPART%<' })
  t.same(account?.incoming, { ...imap, security: 'starttls' })
})

t.test('trims the host name', async t => {
  t.equal((await discoverChanged({ 'imap.example.com': ' imap.example.com\n' })).account?.incoming.host, imap.host)
})

t.test('uses the provider whose id is the domain', async t => {
  const other = '<emailProvider id="example.net"><incomingServer/></emailProvider><emailProvider id="example.com">'
  t.equal((await discoverChanged({ '<emailProvider id="example.com">': other })).account?.incoming.host, imap.host)
  t.equal(
    (await discoverChanged({ '<emailProvider id="example.com">': other.replace('.com', '.org') })).account,
    undefined
  )
})

t.test('does not replace placeholders in host names', async t => {
  const { account } = await discoverChanged({ 'imap.example.com': 'imap.%EMAILDOMAIN%' })
  t.equal(account?.incoming.host, 'imap.%EMAILDOMAIN%')
})

t.test('uses the address unless the user name is exactly %EMAILLOCALPART%', async t => {
  for (const [username, taken] of [
    ['%EMAILLOCALPART%', 'jane'],
    ['%EMAILLOCALPART%@example.com', address],
    ['%EMAILDOMAIN%', address],
    ['someone', address]
  ] as const) {
    t.equal((await discoverChanged({ '%EMAILADDRESS%': username })).account?.incoming.username, taken)
  }
  t.equal((await discoverChanged({ '<username>%EMAILADDRESS%</username>': '' })).account?.incoming.username, address)
})

t.test('reads plain and STARTTLS; a missing or unknown socketType means STARTTLS', async t => {
  for (const [socketType, security] of [
    ['<socketType>plain</socketType>', 'none'],
    ['<socketType>STARTTLS</socketType>', 'starttls'],
    ['<socketType>tls</socketType>', 'starttls'],
    ['<socketType x="y">SSL</socketType>', 'starttls'],
    ['', 'starttls']
  ] as const) {
    const { account } = await discoverChanged({ '<socketType>SSL</socketType>': socketType })
    t.equal(account?.incoming.security, security, socketType)
  }
})

t.test('guesses a missing or empty host', async t => {
  for (const hostname of ['', '<hostname/>', '<hostname> </hostname>']) {
    const { account } = await discoverChanged({ '<hostname>smtp.example.com</hostname>': hostname })
    t.equal(account?.outgoing?.host, 'smtp.example.com')
  }
})

t.test('fails if xml2js does not convert a value to a text', async t => {
  for (const [changes, reason] of [
    [{ '<hostname>imap': '<hostname x="y">imap' }, 'fails: a hostname that is not a text'],
    [{ '<hostname>imap': '<hostname><b/>imap' }, 'fails: a hostname that is not a text'],
    [{ '<hostname>imap': '<hostname/><hostname>imap' }, 'fails: a hostname that is not a text'],
    [{ '<port>993</port>': '' }, 'fails: a port that is not a number'],
    [{ '<port>993': '<port>imaps' }, 'fails: a port that is not a number'],
    [{ ' type="imap"': '' }, 'fails: <incomingServer> without attributes']
  ] as const) {
    t.match(await discoverChanged(changes), { account: undefined, reason })
  }
})

t.test('leaves the port empty if there is no imap or no smtp server', async t => {
  for (const changes of [{ 'type="imap"': 'type="pop3"' }, { 'type="smtp"': 'type="x"' }]) {
    const { reason } = await discoverChanged(changes)
    t.equal(reason, 'no imap or no smtp server: leaves the port empty')
  }
})

t.test('prefers implicit TLS in the DNS, and skips unavailable services', async t => {
  const record = (port: number, target: string, priority = 0) => ({ priority, weight: 1, port, target })
  const { account } = await mailspring.discover(
    address,
    fakeWorld(
      {},
      {
        srv: {
          '_imaps._tcp.example.com': [record(0, '.')],
          '_imap._tcp.example.com': [record(144, 'backup.example.com', 9), record(143, 'imap.example.com')],
          '_submissions._tcp.example.com': [record(465, 'smtp.example.com')],
          '_submission._tcp.example.com': [record(587, 'other.example.com')]
        }
      }
    )
  )
  t.same(account, {
    incoming: { ...imap, port: 143, security: 'starttls', username: undefined },
    outgoing: { ...smtp, username: undefined },
    from: 'SRV example.com'
  })
})

t.test('guesses the side that has no SRV records', async t => {
  const record = { priority: 0, weight: 1, port: 4444, target: 'mail.example.net' }
  const at = async (service: string) => {
    const world = fakeWorld({}, { srv: { [`_${service}._tcp.example.com`]: [record] } })
    const { account } = await mailspring.discover(address, world)
    return [account?.incoming.host, account?.incoming.port, account?.outgoing?.host, account?.outgoing?.port]
  }
  t.same(await at('submission'), ['imap.example.com', 993, 'mail.example.net', 4444])
  t.same(await at('imaps'), ['mail.example.net', 4444, 'smtp.example.com', 465])
})

t.test('never throws for any response', async t => {
  await t.resolves(neverThrows(mailspring))
})
