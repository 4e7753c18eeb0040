import t from 'tap'
import { thunderbirdIos } from '../../src/clients/thunderbird-ios.ts'
import { type FakeAnswer, type FakeDns, fakeWorld } from '../support/clients/fake-world.ts'
import { neverThrows } from '../support/clients/never-throws.ts'
import { address, changed, clientConfig, imap, smtp } from '../support/clients/plain-document.ts'

const own = 'https://autoconfig.example.com/mail/config-v1.1.xml?emailaddress=jane%40example.com'
const wellKnown = 'https://example.com/.well-known/autoconfig/mail/config-v1.1.xml'
const central = 'https://autoconfig.thunderbird.net/v1.1/example.com'

const discover = (answers: Readonly<Record<string, FakeAnswer>>, dns?: FakeDns) =>
  thunderbirdIos.discover(address, fakeWorld(answers, dns))
const accountOf = async (body: string) => (await discover({ [`GET ${own}`]: { body } })).account
const refusalOf = async (body: string) => (await discover({ [`GET ${own}`]: { body } })).trace[0]?.result

t.test('thunderbird-ios: uses both servers of a document from Signpost', async t => {
  t.same(await discover({ [`GET ${own}`]: { body: clientConfig } }), {
    account: { incoming: imap, outgoing: smtp, from: own },
    reason: undefined,
    trace: [{ asked: `GET ${own}`, result: '200, used' }]
  })
})

t.test(
  'thunderbird-ios: requests three URLs over https, with the address only in the first, then looks up the exchanger',
  async t => {
    const { reason, trace } = await discover({})
    t.equal(reason, 'asks for the servers')
    t.same(
      trace.map(({ asked }) => asked),
      [...[own, wellKnown, central].map(url => `GET ${url}`), 'MX example.com']
    )
  }
)

t.test('thunderbird-ios: continues after any status except 200 and after a redirect to http', async t => {
  const answers: readonly FakeAnswer[] = [
    { status: 203, body: clientConfig },
    { status: 302, headers: { location: 'http://example.net/' } },
    { body: '<html/>' },
    { body: '<clientConfig/>' }
  ]
  for (const answer of answers) {
    const { account } = await discover({
      [`GET ${own}`]: answer,
      'GET http://example.net/': { body: clientConfig },
      [`GET ${wellKnown}`]: { body: clientConfig }
    })
    t.equal(account?.from, wellKnown)
  }
  const moved = { [`GET ${own}`]: { status: 302, headers: { location: 'https://example.net/' } } }
  t.ok((await discover({ ...moved, 'GET https://example.net/': { body: clientConfig } })).account)
})

t.test('thunderbird-ios: at the exchanger, its base domain replaces the address', async t => {
  const mx = { 'example.com': [{ priority: 1, exchange: 'mx1.a.example.net' }] }
  const url = 'https://autoconfig.example.net/mail/config-v1.1.xml'
  const { account } = await discover({ [`GET ${url}`]: { body: clientConfig } }, { mx })
  t.match(account, { incoming: { username: 'example.net' }, from: url })
  t.equal((await discover({}, { mx })).trace.length, 7)
})

t.test('thunderbird-ios: <oAuth2> requires authURL, tokenURL, issuer and scope', async t => {
  const names = ['authURL', 'tokenURL', 'issuer', 'scope']
  const withOauth = (elements: readonly string[]) =>
    changed({
      '</clientConfig>': `<oAuth2>${elements.map(name => `<${name}>x</${name}>`).join('')}</oAuth2></clientConfig>`
    })
  t.ok(await accountOf(withOauth(names)))
  for (const missing of names) {
    t.equal(
      await refusalOf(withOauth(names.filter(name => name !== missing))),
      `200, refused: oAuth2 without ${missing}`
    )
  }
})

t.test('thunderbird-ios: one unknown value invalidates the document', async t => {
  const cases: readonly (readonly [Record<string, string>, string])[] = [
    [{ 'type="imap"': 'type="jmap"' }, 'a server of type jmap'],
    [{ '<outgoingServer type="smtp">': '<outgoingServer>' }, 'a server of type '],
    [{ 'password-cleartext': 'GSSAPI' }, 'authentication GSSAPI'],
    [{ '>SSL<': '>plain<' }, 'socketType plain'],
    [{ '>993<': '>x<' }, 'port x'],
    [{ '<hostname>imap.example.com</hostname>': '<hostname/>' }, 'incomingServer without hostname'],
    [{ '<username>%EMAILADDRESS%</username>': '' }, 'incomingServer without username'],
    [{ '<domain>example.com</domain>': '' }, 'emailProvider without domain'],
    [{ 'type="imap"': 'type="pop3"' }, 'no imap or no smtp server'],
    [{ 'type="smtp"': 'type="pop3"' }, 'no imap or no smtp server']
  ]
  for (const [changes, reason] of cases) t.equal(await refusalOf(changed(changes)), `200, refused: ${reason}`)
})

t.test('thunderbird-ios: trims values, and replaces placeholders in all of them', async t => {
  const body = changed({ '>imap.example.com<': '> imap.%EMAILDOMAIN% <', '%EMAILADDRESS%': '%EMAILLOCALPART%' })
  t.match(await accountOf(body), { incoming: { host: 'imap.example.com', username: 'jane' } })
  const starttls = changed({ '>SSL<': '>STARTTLS<', 'password-cleartext</a': '</a' })
  t.match(await accountOf(starttls), { incoming: { security: 'starttls' } })
})

t.test('thunderbird-ios: never throws for any response', () => neverThrows(thunderbirdIos))
