import t from 'tap'
import { horde, hordeOfDebian12 } from '../../src/clients/horde.ts'
import type { SrvRecord } from '../../src/clients/model/world.ts'
import { type FakeAnswer, type FakeDns, fakeWorld } from '../support/clients/fake-world.ts'
import { neverThrows } from '../support/clients/never-throws.ts'
import { address, changed, clientConfig, imap, smtp } from '../support/clients/plain-document.ts'

const urlsOf = (domain: string) => [
  `http://autoconfig.${domain}/mail/config-v1.1.xml?emailaddress=jane%40example.com`,
  `http://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`,
  `https://autoconfig.thunderbird.net/v1.1/${domain}`
]
const [own = '', wellKnown = ''] = urlsOf('example.com')
const guesses = 'guesses imap., smtp. and mail. below the domain'

const discover = (answers: Readonly<Record<string, FakeAnswer>>, dns?: FakeDns) =>
  horde.discover(address, fakeWorld(answers, dns))
const accountOf = async (body: string) => (await discover({ [`GET ${own}`]: { body } })).account
const record = (priority: number, port: number, target: string): SrvRecord => ({ priority, weight: 1, port, target })
const srv = (services: Readonly<Record<string, SrvRecord>>, domain = 'example.com'): FakeDns => ({
  srv: Object.fromEntries(Object.entries(services).map(([name, each]) => [`_${name}._tcp.${domain}`, [each]]))
})

t.test('horde: uses both servers of a document from Signpost', async t => {
  const { account, reason } = await discover({ [`GET ${own}`]: { body: clientConfig } })
  t.same(account, { incoming: imap, outgoing: smtp, from: own })
  t.equal(reason, undefined)
})

t.test(
  'horde: looks up the DNS, then requests documents over http without headers, for receiving and for sending',
  async t => {
    const world = fakeWorld({})
    const { reason, trace } = await horde.discover(address, world)
    t.equal(reason, guesses)
    const documents = urlsOf('example.com').map(url => `GET ${url}`)
    t.same(
      trace.map(({ asked }) => asked),
      [
        ...['imap', 'imaps', 'pop3', 'pop3s'].map(service => `SRV _${service}._tcp.example.com`),
        ...documents,
        'SRV _submission._tcp.example.com',
        ...documents
      ]
    )
    t.same(world.requests[0]?.headers, {})
  }
)

t.test('horde: tries the parents of the domain too, down to two labels', async t => {
  const { trace } = await horde.discover('jane@a.b.example.com', fakeWorld({}))
  t.same(
    trace.filter(({ asked }) => asked.startsWith('SRV _imap.')).map(({ asked }) => asked.slice(15)),
    ['a.b.example.com', 'b.example.com', 'example.com']
  )
  const [parent = ''] = urlsOf('example.com').map(url => url.replace('%40', '%40a.'))
  const world = fakeWorld({ [`GET ${parent}`]: { body: clientConfig } })
  t.equal((await horde.discover('jane@a.example.com', world)).account?.from, parent)
  t.equal((await horde.discover('jane@local', fakeWorld({}))).trace[0]?.asked, 'SRV _imap._tcp.local')
})

t.test('horde: 1.0.3 requests the ISPDB at its former host', async t => {
  const { trace } = await hordeOfDebian12.discover(address, fakeWorld({}))
  t.equal(trace[6]?.asked, 'GET https://live.mozillamessaging.com/autoconfig/v1.1/example.com')
})

t.test('horde: sends and logs in with the domain in lower case and with U-labels', async t => {
  const url = 'http://autoconfig.xn--bcher-kva.example/mail/config-v1.1.xml?emailaddress=Jane%40b%C3%BCcher.example'
  for (const typed of ['Jane@XN--bcher-kva.example', 'Jane@BÜCHER.example']) {
    const { account } = await horde.discover(typed, fakeWorld({ [`GET ${url}`]: { body: clientConfig } }))
    t.equal(account?.incoming.username, 'Jane@bücher.example')
  }
})

t.test('horde: prefers SRV records to documents, and the record with the lowest priority of all services', async t => {
  const dns = srv({
    imap: record(1, 143, 'a.example.net.'),
    pop3s: record(0, 995, 'b.example.net'),
    submission: record(0, 587, 'c.example.net')
  })
  const { account } = await discover({ [`GET ${own}`]: { body: clientConfig } }, dns)
  t.same(account, {
    incoming: { protocol: 'pop3', host: 'b.example.net', port: 995, security: 'tls', username: address },
    outgoing: { protocol: 'smtp', host: 'c.example.net', port: 587, security: 'starttls', username: address },
    from: 'SRV _pop3s._tcp.example.com'
  })
  const other = await discover({ [`GET ${own}`]: { body: clientConfig } }, srv({ imaps: record(0, 993, 'd') }))
  t.match(other.account, { incoming: { protocol: 'imap', security: 'tls' }, outgoing: smtp })
})

t.test('horde: skips 404, and reads any other status', async t => {
  const missing = { [`GET ${own}`]: { status: 404, body: clientConfig }, [`GET ${wellKnown}`]: { body: clientConfig } }
  t.equal((await discover(missing)).account?.from, wellKnown)
  t.equal((await discover({ [`GET ${own}`]: { status: 500, body: clientConfig } })).account?.from, own)
})

t.test('horde: tries the next URL after a text that is not XML, or that lacks a server of that direction', async t => {
  for (const body of ['Not found', '<html/>', changed({ 'type="imap"': 'type="jmap"' })]) {
    const { account, trace } = await discover({
      [`GET ${own}`]: { body },
      [`GET ${wellKnown}`]: { body: clientConfig }
    })
    t.equal(account?.from, wellKnown)
    t.equal(trace[4]?.result, '200, refused: no imap or pop3 server')
  }
  t.equal((await discover({ [`GET ${own}`]: { body: changed({ 'type="smtp"': '' }) } })).reason, guesses)
})

t.test('horde: uses the first server, even if it is pop3', async t => {
  const pop3 = '<incomingServer type="pop3"><hostname>p</hostname><port>995</port></incomingServer>'
  t.match(await accountOf(changed({ '<incomingServer': `${pop3}<incomingServer` })), {
    incoming: { protocol: 'pop3', host: 'p', security: 'starttls', username: address }
  })
})

t.test('horde: every value except implicit TLS means STARTTLS', async t => {
  const securityOf = async (socketType: string) =>
    (await accountOf(changed({ '>SSL<': socketType })))?.incoming.security
  t.equal(await securityOf('>ssl<'), 'tls')
  t.equal(await securityOf('>STARTTLS<'), 'starttls')
  t.equal(await securityOf('>plain<'), 'starttls')
  t.equal((await accountOf(changed({ '>993<': '>x<' })))?.incoming.port, 0)
})

t.test('horde: replaces the address and the local part in login names', async t => {
  t.match(await accountOf(changed({ '%EMAILADDRESS%': '%EMAILLOCALPART%.%EMAILDOMAIN%' })), {
    incoming: { username: 'jane.%EMAILDOMAIN%' }
  })
})

t.test('horde: never throws for any response', () => neverThrows(horde))
