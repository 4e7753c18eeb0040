import t from 'tap'
import { geary } from '../../src/clients/geary.ts'
import { fakeWorld } from '../support/clients/fake-world.ts'
import { neverThrows } from '../support/clients/never-throws.ts'
import { address, changed, clientConfig, imap, smtp } from '../support/clients/plain-document.ts'
import { matchLists } from '../support/match-lists.ts'

const own = 'https://autoconfig.example.com/mail/config-v1.1.xml'
const central = 'https://autoconfig.thunderbird.net/v1.1/example.com'

const discover = (body: string) => geary.discover(address, fakeWorld({ [`GET ${own}`]: { body } }))

t.test('uses both servers of a document from Signpost, and the address as the login name', async t => {
  t.same(await discover(clientConfig), {
    account: {
      incoming: { ...imap, username: undefined },
      outgoing: { ...smtp, username: undefined },
      from: own
    },
    reason: undefined,
    trace: [{ asked: `GET ${own}`, result: '200, used' }]
  })
})

t.test('requests autoconfig and then the ISPDB, without the address and without headers', async t => {
  const world = fakeWorld({})
  const { reason } = await geary.discover('jane@MÜLLER.example', world)
  t.equal(reason, 'proposes imap.MÜLLER.example and smtp.MÜLLER.example')
  t.same(world.requests, [
    { method: 'GET', url: 'https://autoconfig.xn--mller-kva.example/mail/config-v1.1.xml', headers: {} },
    { method: 'GET', url: 'https://autoconfig.thunderbird.net/v1.1/M%C3%9CLLER.example', headers: {} }
  ])
})

t.test('uses the ISPDB if autoconfig is not XML', async t => {
  const world = fakeWorld({ [`GET ${own}`]: { body: '<p>Not found' }, [`GET ${central}`]: { body: clientConfig } })
  const { account, trace } = await geary.discover(address, world)
  t.equal(account?.from, central)
  t.equal(trace[0]?.result, '200, refused: not XML')
})

t.test('ignores the status', async t => {
  const world = fakeWorld({ [`GET ${own}`]: { status: 404, body: clientConfig } })
  t.equal((await geary.discover(address, world)).account?.incoming.host, 'imap.example.com')
})

t.test('crashes at a web page in XML, and never requests the ISPDB', async t => {
  const page = '<!DOCTYPE html><html><body>Not found</body></html>'
  const world = fakeWorld({ [`GET ${own}`]: { status: 404, body: page }, [`GET ${central}`]: { body: clientConfig } })
  const { account, reason } = await geary.discover(address, world)
  t.equal(account, undefined)
  t.equal(reason, 'crashes: no emailProvider')
  t.equal(world.requests.length, 1)
})

t.test('follows redirects, including to http', async t => {
  const moved = 'http://example.net/config.xml'
  const world = fakeWorld({
    [`GET ${own}`]: { status: 301, headers: { location: moved } },
    [`GET ${moved}`]: { body: clientConfig }
  })
  t.equal((await geary.discover(address, world)).account?.from, moved)
})

t.test('the first servers must be imap and smtp', async t => {
  const jmap = '<incomingServer type="jmap"/><incomingServer type="imap">'
  for (const changes of [{ '<incomingServer type="imap">': jmap }, { 'type="smtp"': 'type="other"' }]) {
    const { account, trace } = await discover(changed(changes))
    t.equal(account, undefined)
    t.equal(trace[0]?.result, '200, refused: the first servers are not imap and smtp')
  }
  matchLists(t, await discover(changed({ '<outgoingServer': '<other', '</outgoingServer': '</other' })), {
    trace: [{ result: '200, refused: no incoming or no outgoing server' }, { result: 'no answer' }]
  })
})

t.test('uses the first of several servers', async t => {
  const second = '<outgoingServer type="smtp"><hostname>other.example.com</hostname></outgoingServer></emailProvider>'
  t.equal((await discover(changed({ '</emailProvider>': second }))).account?.outgoing?.host, 'smtp.example.com')
})

t.test('does not trim: socketType with a space means no TLS, and a host keeps the space', async t => {
  const { account } = await discover(
    changed({ '>SSL<': '> SSL<', 'imap.example.com': ' imap.example.com', '>993<': '> 993 <' })
  )
  t.same(account?.incoming, { ...imap, host: ' imap.example.com', security: 'none', username: undefined })
})

t.test('does not replace placeholders in host names, and reads all text in the element', async t => {
  const { account } = await discover(changed({ 'imap.example.com': 'imap.<b>%EMAILDOMAIN%</b>' }))
  t.equal(account?.incoming.host, 'imap.%EMAILDOMAIN%')
})

t.test('reads a missing or invalid port as 0, and supports STARTTLS', async t => {
  const { account } = await discover(changed({ '<port>993</port>': '', '>465<': '>smtps<', '>SSL<': '>STARTTLS<' }))
  t.same([account?.incoming.port, account?.outgoing?.port, account?.incoming.security], [0, 0, 'starttls'])
})

t.test('never throws for any response', async t => {
  await t.resolves(neverThrows(geary))
})

t.test('sends no request for an invalid address', async t => {
  t.same(await geary.discover('jane', fakeWorld({})), { account: undefined, reason: 'not a mail address', trace: [] })
})
