import t from 'tap'
import type { SrvRecord } from '../../../src/clients/model/world.ts'
import { snappymail } from '../../../src/clients/snappymail/snappymail.ts'
import { type FakeAnswer, type FakeDns, fakeWorld } from '../../support/clients/fake-world.ts'
import { neverThrows } from '../../support/clients/never-throws.ts'
import { address, autodiscover, changed, clientConfig, imap, smtp } from '../../support/clients/plain-document.ts'

const own = 'https://autoconfig.example.com/.well-known/mail-v1.xml?emailaddress=jane%40example.com'
const wellKnown = 'https://example.com/.well-known/autoconfig/mail/config-v1.1.xml'
const plainHttp = 'http://autoconfig.example.com/mail/config-v1.1.xml'
const central = 'https://autoconfig.thunderbird.net/v1.1/example.com'
const exchange = 'https://example.com/autodiscover/autodiscover.xml'
const exchangeHost = 'https://autodiscover.example.com/autodiscover/autodiscover.xml'
const exchangeHttp = 'http://autodiscover.example.com/autodiscover/autodiscover.xml'

const discover = (answers: Readonly<Record<string, FakeAnswer>>, dns?: FakeDns) =>
  snappymail.discover(address, fakeWorld(answers, dns))
const accountOf = async (body: string) => (await discover({ [`GET ${own}`]: { body } })).account
/** Signpost's response to the address that SnappyMail invents. */
const answer = autodiscover.replaceAll('jane@', 'autodiscover@')
const exchangeAccountOf = async (body: string) => (await discover({ [`POST ${exchange}`]: { body } })).account
const record = (port: number, target: string): SrvRecord => ({ priority: 0, weight: 1, port, target })
const unlisted = 'leaves it to the administrator'

t.test('uses both servers of a document from Signpost', async t => {
  t.same(await discover({ [`GET ${own}`]: { body: clientConfig } }), {
    account: { incoming: imap, outgoing: smtp, from: own },
    reason: undefined,
    trace: [{ asked: `GET ${own}`, result: '200, used' }]
  })
})

t.test('requests four documents without headers, autodiscover with POST, then looks up the DNS', async t => {
  const world = fakeWorld({})
  const { reason, trace } = await snappymail.discover(address, world)
  t.equal(reason, unlisted)
  t.same(
    trace.map(({ asked }) => asked),
    [
      ...[own, wellKnown, plainHttp, central].map(url => `GET ${url}`),
      'SRV _autodiscover._tcp.example.com',
      ...[exchange, exchangeHost, exchangeHttp].map(url => `POST ${url}`),
      ...['submissions', 'submission'].map(service => `SRV _${service}._tcp.example.com`)
    ]
  )
  t.same(world.requests[0]?.headers, {})
  t.same(world.requests[4]?.headers, { 'content-type': 'application/xml' })
  t.match(world.requests[4]?.body, '<EMailAddress>autodiscover@example.com</EMailAddress>')
})

t.test('sends and uses A-labels if the domain is typed with U-labels', async t => {
  const url =
    'https://autoconfig.xn--bcher-kva.example/.well-known/mail-v1.xml?emailaddress=jane%40xn--bcher-kva.example'
  const world = fakeWorld({ [`GET ${url}`]: { body: clientConfig } })
  const { account } = await snappymail.discover('jane@Bücher.example', world)
  t.match(account, { incoming: { username: 'jane@xn--bcher-kva.example' }, from: url })
})

t.test('escapes the address as in a form', async t => {
  const world = fakeWorld({})
  await snappymail.discover("a+b-c_d.e~f'g@example.com", world)
  t.match(world.requests[0]?.url, /\?emailaddress=a%2Bb-c_d\.e%7Ef%27g%40example\.com$/)
})

t.test(
  'tries the next source after a document without <clientConfig, without emailProvider, or with a syntax error',
  async t => {
    const answers: readonly FakeAnswer[] = [
      { body: '<html/>' },
      { body: clientConfig.replaceAll('clientConfig', 'x') },
      { body: '<clientConfig/>' },
      { body: '<clientConfig><emailProvider/></clientConfig>' },
      { body: '<clientConfig>' },
      { status: 404, body: clientConfig }
    ]
    for (const each of answers) {
      const { account } = await discover({ [`GET ${own}`]: each, [`GET ${wellKnown}`]: { body: clientConfig } })
      t.equal(account?.from, wellKnown)
    }
    t.equal((await discover({ [`GET ${own}`]: { body: '' } })).trace[0]?.result, '200, refused: no emailProvider')
  }
)

t.test('follows redirects, including relative ones and to http', async t => {
  const { account } = await discover({
    [`GET ${own}`]: { status: 302, headers: { location: '/a' } },
    'GET https://autoconfig.example.com/a': { status: 301, headers: { location: 'http://example.net/' } },
    'GET http://example.net/': { body: clientConfig }
  })
  t.equal(account?.from, 'http://example.net/')
})

t.test('a POST that is redirected becomes a GET', async t => {
  const { account } = await discover({
    [`POST ${exchangeHttp}`]: { status: 302, headers: { location: exchangeHost } },
    [`GET ${exchangeHost}`]: { body: answer }
  })
  t.equal(account?.from, exchangeHost)
})

t.test('imap and smtp must be first, and an emailProvider with other servers ends the search', async t => {
  const pop3 = '<incomingServer type="pop3"><hostname>x</hostname></incomingServer>'
  t.match(await accountOf(changed({ '</incomingServer>': `</incomingServer>${pop3}` })), {
    incoming: imap,
    outgoing: smtp
  })
  for (const body of [
    changed({ '<incomingServer': `${pop3}<incomingServer` }),
    changed({ 'type="smtp"': '' }),
    '<clientConfig><emailProvider id="x"/></clientConfig>'
  ]) {
    const { account, reason, trace } = await discover({
      [`GET ${own}`]: { body },
      [`GET ${wellKnown}`]: { body: clientConfig }
    })
    t.equal(account, undefined)
    t.equal(reason, 'fails: the first servers are not imap and smtp')
    t.equal(trace.length, 1)
  }
})

t.test('finds nothing if there are several emailProvider elements', async t => {
  t.equal(await accountOf(changed({ '</emailProvider>': '</emailProvider><emailProvider/>' })), undefined)
})

t.test('logs in with the local part unless the user name is exactly %EMAILADDRESS%', async t => {
  for (const username of ['%EMAILLOCALPART%', '%EMAILLOCALPART%@%EMAILDOMAIN%', '']) {
    t.match(await accountOf(changed({ '%EMAILADDRESS%': username })), { incoming: { username: 'jane' } }, username)
  }
  t.match(await accountOf(changed({ 'imap.example.com': 'imap.%EMAILDOMAIN%' })), {
    incoming: { host: 'imap.%EMAILDOMAIN%' }
  })
})

t.test('reads every value except SSL and STARTTLS as no TLS', async t => {
  const securityOf = async (socketType: string) =>
    (await accountOf(changed({ '>SSL<': socketType })))?.incoming.security
  t.equal(await securityOf('>STARTTLS<'), 'starttls')
  t.equal(await securityOf('>plain<'), 'none')
  t.equal(await securityOf('>ssl<'), 'none')
  t.equal(await securityOf('>constructor<'), 'none')
  t.match(await accountOf(changed({ '>993<': '>x<' })), { incoming: { port: 0 } })
})

t.test('autodiscover: uses both servers of a document from Signpost', async t => {
  const { account, trace } = await discover({ [`POST ${exchangeHost}`]: { body: answer } })
  t.same(account, { incoming: imap, outgoing: smtp, from: exchangeHost })
  t.same(trace.at(-1), { asked: `POST ${exchangeHost}`, result: '200, used' })
})

t.test('autodiscover: a LoginName that is not the invented address means the local part', async t => {
  t.match(await exchangeAccountOf(answer.replaceAll('autodiscover@example.com', 'autodiscover')), {
    incoming: { username: 'jane' }
  })
})

t.test('autodiscover: guesses STARTTLS from SSL and the port, and ignores Encryption', async t => {
  const serversOf = async (imapPort: number, smtpPort: number, ssl: string) => {
    const changes = { '>993<': `>${imapPort}<`, '>465<': `>${smtpPort}<` }
    const account = await exchangeAccountOf(changed(changes, answer).replaceAll('<SSL>on', `<SSL>${ssl}`))
    return [account?.incoming.security, account?.outgoing?.security]
  }
  t.same(await serversOf(143, 587, 'on'), ['starttls', 'starttls'])
  t.same(await serversOf(993, 2465, 'on'), ['tls', 'tls'])
  t.same(await serversOf(993, 465, 'off'), ['none', 'none'])
  t.same(await serversOf(143, 587, 'off'), ['none', 'starttls'])
})

t.test('autodiscover: a single Protocol makes it fail', async t => {
  const body = answer.replace(/<Protocol>[\s\S]*?<\/Protocol>/, '')
  const { account, reason, trace } = await discover({ [`POST ${exchange}`]: { body } })
  t.equal(account, undefined)
  t.equal(reason, 'fails: a single Protocol')
  t.same(trace.at(-1), { asked: `POST ${exchange}`, result: '200, ends the search: a single Protocol' })
})

t.test('autodiscover: Protocols of other types end the search', async t => {
  t.equal(await exchangeAccountOf(answer.replace('>IMAP<', '>imap<')), undefined)
  t.equal(await exchangeAccountOf(answer.replace('>SMTP<', '>POP3<')), undefined)
})

t.test(
  'autodiscover: tries the next URL after an Error, another AccountType, several Accounts, and a text that is not XML',
  async t => {
    for (const body of [
      '<Autodiscover><Response><Error/></Response></Autodiscover>',
      changed({ '>email<': '> email<' }, answer),
      changed({ '</Account>': '</Account><Account/>' }, answer),
      'Not found'
    ]) {
      const { account, trace } = await discover({
        [`POST ${exchange}`]: { body },
        [`POST ${exchangeHost}`]: { body: answer }
      })
      t.equal(account?.from, exchangeHost)
      t.equal(trace[5]?.result, '200, refused: no Protocol')
    }
  }
)

t.test('autodiscover: tries the hosts of the SRV records first', async t => {
  const named = [
    record(443, 'a.example.net.'),
    record(80, 'b.example.net'),
    record(8443, 'c.example.net'),
    record(1, 'a b')
  ]
  const dns = { srv: { '_autodiscover._tcp.example.com': named } }
  const last = 'https://c.example.net:8443/autodiscover/autodiscover.xml'
  const answers = { [`POST ${last}`]: { body: answer }, [`POST ${exchange}`]: { body: answer } }
  const { account, trace } = await discover(answers, dns)
  t.equal(account?.from, last)
  t.same(
    trace.slice(5).map(({ asked }) => asked),
    [
      'POST https://a.example.net/autodiscover/autodiscover.xml',
      'POST http://b.example.net/autodiscover/autodiscover.xml',
      `POST ${last}`
    ]
  )
  t.equal((await discover({}, dns)).reason, unlisted)
})

t.test('cannot use the SRV records that it looks up', async t => {
  const dns = (services: readonly string[]): FakeDns => ({
    srv: Object.fromEntries(services.map(service => [`_${service}._tcp.example.com`, [record(1, 'x.example.com')]]))
  })
  const reasonOf = async (...services: string[]) => (await discover({}, dns(services))).reason
  t.equal(await reasonOf('submissions', 'imaps'), 'fails: SRV records')
  t.equal(await reasonOf('submission', 'imap'), 'fails: SRV records')
  t.equal(await reasonOf('submission'), unlisted)
  t.equal(await reasonOf('imaps'), unlisted)
})

t.test('never throws for any response', () => neverThrows(snappymail))
