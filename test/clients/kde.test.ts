import t from 'tap'
import { kde } from '../../src/clients/kde.ts'
import { type FakeAnswer, fakeWorld } from '../support/clients/fake-world.ts'
import { neverThrows } from '../support/clients/never-throws.ts'
import { address, changed, clientConfig, imap, smtp } from '../support/clients/plain-document.ts'
import { foundAfterRedirect } from '../support/clients/redirected.ts'

const central = 'https://autoconfig.thunderbird.net/v1.1/example.com'
const own = 'https://autoconfig.example.com/mail/config-v1.1.xml'
const plainHttp = 'http://autoconfig.example.com/mail/config-v1.1.xml'
const wellKnown = 'https://example.com/.well-known/autoconfig/mail/config-v1.1.xml'

const discover = (answers: Readonly<Record<string, FakeAnswer>>) => kde.discover(address, fakeWorld(answers))
const accountOf = async (body: string) => (await discover({ [`GET ${own}`]: { body } })).account
const remarkOn = async (body: string) => (await discover({ [`GET ${own}`]: { body } })).trace[1]?.result

t.test('uses both servers of a document from Signpost', async t => {
  t.same(await discover({ [`GET ${own}`]: { body: clientConfig } }), {
    account: { incoming: imap, outgoing: smtp, from: own },
    reason: undefined,
    trace: [
      { asked: `GET ${central}`, result: 'no answer' },
      { asked: `GET ${own}`, result: '200, used, logs in with PLAIN' }
    ]
  })
})

t.test('requests the ISPDB first, and never sends the address', async t => {
  const world = fakeWorld({})
  t.equal((await kde.discover(address, world)).reason, 'asks for the servers')
  t.same(
    world.requests,
    [central, own, plainHttp, wellKnown].map(url => ({ method: 'GET', url, headers: { 'user-agent': 'Mozilla/5.0' } }))
  )
  const listed = { [`GET ${central}`]: { body: clientConfig }, [`GET ${own}`]: { body: clientConfig } }
  t.equal((await discover(listed)).account?.from, central)
})

t.test('sends no request if the domain is typed with U-labels', async t => {
  const world = fakeWorld({})
  const { reason } = await kde.discover('jane@bücher.example', world)
  t.equal(reason, 'asks for the servers, because the domain is not in ASCII')
  t.same(world.requests, [])
  await kde.discover('jané@xn--bcher-kva.example', world)
  t.equal(world.requests.length, 4)
})

t.test('stops at the first 200 with any content', async t => {
  const cases: readonly (readonly [string, string])[] = [
    ['Not found', 'not XML'],
    ['<!DOCTYPE html><html/>', 'no emailProvider'],
    [changed({ 'type="imap"': 'type="jmap"' }), 'no incoming server']
  ]
  for (const [body, remark] of cases) {
    const { account, reason, trace } = await discover({
      [`GET ${own}`]: { body },
      [`GET ${wellKnown}`]: { body: clientConfig }
    })
    t.equal(account, undefined)
    t.equal(reason, `asks for the servers: ${remark}`)
    t.same(trace.at(-1), { asked: `GET ${own}`, result: `200, ends the search: ${remark}` })
  }
})

t.test('accepts only status 200', async t => {
  const answers = { [`GET ${own}`]: { status: 203, body: clientConfig }, [`GET ${wellKnown}`]: { body: clientConfig } }
  t.equal((await discover(answers)).account?.from, wellKnown)
})

t.test('follows redirects, but not from https to http', async t => {
  const found = (from: string, location: string) => foundAfterRedirect(kde, from, location)
  t.equal(await found(own, '//example.net/a'), 'https://example.net/a')
  t.equal(await found(own, 'http://example.net/a'), undefined)
  t.equal(await found(plainHttp, 'http://example.net/a'), 'http://example.net/a')
  t.equal(await found(plainHttp, 'https://example.net/a'), 'https://example.net/a')
})

const server = (socketType: string, host: string) =>
  `<outgoingServer type="smtp"><hostname>${host}</hostname><port>1</port><socketType>${socketType}</socketType></outgoingServer>`

t.test('uses the first smtp server with STARTTLS, before those with SSL', async t => {
  const before = server('plain', 'a') + server('STARTTLS', 'b') + server('STARTTLS', 'c')
  t.match(await accountOf(changed({ '<outgoingServer': `${before}<outgoingServer` })), {
    outgoing: { host: 'b', security: 'starttls' }
  })
  t.match(await accountOf(changed({ '<outgoingServer': `${server('plain', 'a')}<outgoingServer` })), { outgoing: smtp })
})

t.test('offers the first imap before any pop3', async t => {
  const pop3 = '<incomingServer type="pop3"><port>995</port></incomingServer>'
  t.match(await accountOf(changed({ '<incomingServer': `${pop3}<incomingServer` })), { incoming: imap })
  t.match(await accountOf(changed({ 'type="imap"': 'type="pop3"' })), { incoming: { ...imap, protocol: 'pop3' } })
})

t.test('uses the authentication method after password-cleartext', async t => {
  const login = async (...methods: string[]) => {
    const elements = methods.map(method => `<authentication>${method}</authentication>`).join('')
    return (await remarkOn(changed({ '<authentication>password-cleartext</authentication>': elements })))?.replace(
      /^.* /,
      ''
    )
  }
  t.equal(await login('password-cleartext', 'OAuth2'), 'XOAUTH2')
  t.equal(await login('plain', 'password-encrypted', 'OAuth2'), 'CRAM-MD5')
  t.equal(await login('OAuth2', 'password-cleartext'), 'XOAUTH2')
  t.equal(await login('client-IP-address', 'constructor'), 'PLAIN')
  t.equal(await login('client-ip-based'), 'ANONYMOUS')
  t.equal(await login(), 'PLAIN')
})

t.test('sets up only receiving if there is no smtp server', async t => {
  t.same(await accountOf(changed({ 'type="smtp"': 'type="x"' })), { incoming: imap, outgoing: undefined, from: own })
})

t.test('requires only a port', async t => {
  const bare = clientConfig.replaceAll(/<(hostname|socketType|username)>.*?<\/\1>/g, '')
  t.match(await accountOf(bare), { incoming: { host: '', port: 993, security: 'none', username: '' } })
  t.equal(await accountOf(changed({ '<port>993</port>': '' })), undefined)
  t.match(await accountOf(changed({ '>993<': '>x<' })), { incoming: { port: 0 } })
})

t.test('trims only the port', async t => {
  const body = changed({ '>imap.': '> imap.', '>993<': '> 993 <', '>SSL<': '>SSL <' })
  t.match(await accountOf(body), { incoming: { host: ' imap.example.com', port: 993, security: 'none' } })
})

t.test('reads all text in a value, and the last of repeated values', async t => {
  t.match(await accountOf(changed({ '>imap.': '>im<!-- --><b>ap</b><![CDATA[.]]>' })), { incoming: imap })
  t.match(await accountOf(changed({ '<port>993': '<port>1</port><port>993' })), { incoming: imap })
  t.match(await accountOf(changed({ '</socketType>': '</socketType><socketType>x</socketType>' })), { incoming: imap })
})

t.test('uses the first emailProvider, at any depth', async t => {
  const nested = clientConfig
    .replace('<emailProvider', '<x><emailProvider')
    .replace('</emailProvider>', '</emailProvider></x><emailProvider/>')
  t.match(await accountOf(nested), { incoming: imap, outgoing: smtp })
})

t.test('replaces placeholders in host names and within user names', async t => {
  const values = { 'imap.example.com': 'imap.%EMAILDOMAIN%', '%EMAILADDRESS%': '%EMAILLOCALPART%.%EMAILDOMAIN%' }
  t.match(await accountOf(changed(values)), { incoming: { host: 'imap.example.com', username: 'jane.example.com' } })
})

t.test('never throws for any response', () => neverThrows(kde))
