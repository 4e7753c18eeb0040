import t from 'tap'
import { mustang } from '../../../src/clients/mustang/mustang.ts'
import { type FakeAnswer, type FakeDns, fakeWorld } from '../../support/clients/fake-world.ts'
import { neverThrows } from '../../support/clients/never-throws.ts'
import { address, autodiscover, changed, clientConfig, imap, smtp } from '../../support/clients/plain-document.ts'

const own = 'https://autoconfig.example.com/mail/config-v1.1.xml?emailaddress=jane@example.com'
const wellKnown = 'https://example.com/.well-known/autoconfig/mail/config-v1.1.xml'
const central = 'https://v1.ispdb.net/example.com'
const exchange = 'https://autodiscover.example.com/autodiscover/autodiscover.xml'
const json = 'https://autodiscover.example.com/autodiscover/autodiscover.json/v1.0/jane@example.com?Protocol='
const guesses = 'guesses imap., smtp. and mail. below the domain'

const discover = (answers: Readonly<Record<string, FakeAnswer>>, dns?: FakeDns) =>
  mustang.discover(address, fakeWorld(answers, dns))
const accountOf = async (body: string) => (await discover({ [`GET ${own}`]: { body } })).account
const refusalOf = async (body: string) => (await discover({ [`GET ${own}`]: { body } })).trace[0]?.result
const exchangeAccountOf = async (body: string) => (await discover({ [`POST ${exchange}`]: { body } })).account

t.test('mustang: uses both servers of a document from Signpost', async t => {
  t.same(await discover({ [`GET ${own}`]: { body: clientConfig } }), {
    account: { incoming: imap, outgoing: smtp, from: own },
    reason: undefined,
    trace: [{ asked: `GET ${own}`, result: '200, used' }]
  })
})

t.test('mustang: requests documents, exchangers, JSON and Autodiscover, with the address unencoded', async t => {
  const world = fakeWorld({})
  const { reason, trace } = await mustang.discover(address, world)
  t.equal(reason, guesses)
  t.same(
    trace.map(({ asked }) => asked),
    [
      ...[own, wellKnown, 'http://autoconfig.example.com/mail/config-v1.1.xml', central].map(url => `GET ${url}`),
      'MX example.com',
      ...['Ews', 'ActiveSync'].map(protocol => `GET ${json}${protocol}`),
      ...['autodiscover.example.com', 'example.com'].flatMap(host =>
        ['Ews', 'ActiveSync'].map(
          protocol => `GET https://${host}/AutoDiscover/AutoDiscover.json/v1.0/jane@example.com?Protocol=${protocol}`
        )
      ),
      ...[exchange, 'https://example.com/autodiscover/autodiscover.xml', exchange.replace('https', 'http')].map(
        url => `POST ${url}`
      )
    ]
  )
  t.match(world.requests.at(-1), {
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    body: /<EMailAddress>jane@example\.com<\/EMailAddress>/
  })
})

t.test('mustang: reads only the first response, except for the database', async t => {
  const answers = { [`GET ${wellKnown}`]: { body: clientConfig }, [`GET ${central}`]: { body: clientConfig } }
  t.equal((await discover({ [`GET ${own}`]: { body: '<html/>' }, ...answers })).account?.from, central)
  for (const answer of [{ status: 404, body: clientConfig }, { status: 199, body: clientConfig }, { body: '' }]) {
    t.equal((await discover({ [`GET ${own}`]: answer, ...answers })).account?.from, wellKnown)
  }
})

t.test('mustang: a <domain> must be the domain as typed, in lower case', async t => {
  t.equal(
    await refusalOf(changed({ '<domain>example.com': '<domain>example.net' })),
    '200, refused: no <domain> is example.com'
  )
  t.equal(await refusalOf('<html/>'), '200, refused: no clientConfig with an emailProvider')
  const answers = (host: string, typed: string) => ({
    [`GET https://autoconfig.${host}/mail/config-v1.1.xml?emailaddress=${typed}`]: {
      body: changed({ '<domain>example.com': '<domain>xn--bcher-kva.example' })
    }
  })
  const ascii = fakeWorld(answers('xn--bcher-kva.example', 'jane@xn--BCHER-kva.example'))
  t.ok((await mustang.discover('jane@xn--BCHER-kva.example', ascii)).account)
  const native = fakeWorld(answers('bücher.example', 'jane@bücher.example'))
  const { account, trace } = await mustang.discover('jane@bücher.example', native)
  t.equal(account, undefined)
  t.equal(trace[0]?.result, '200, refused: no <domain> is bücher.example')
})

t.test(
  'mustang: requests the base domain of the first exchanger without the address, and it must be a <domain>',
  async t => {
    const mx = (...exchanges: string[]) => ({
      mx: { 'example.com': exchanges.map(exchange => ({ priority: 1, exchange })) }
    })
    const url = 'https://autoconfig.example.net/mail/config-v1.1.xml'
    const body = changed({ '<domain>example.com': '<domain>example.net' })
    t.equal((await discover({ [`GET ${url}`]: { body } }, mx('MX.a.example.net.', 'x.y'))).account?.from, url)
    t.equal((await discover({ [`GET ${url}`]: { body: clientConfig } }, mx('mx.example.net'))).account, undefined)
    const { trace } = await discover({}, mx('mx.example.co.uk'))
    t.equal(trace[5]?.asked, 'GET https://autoconfig.example.co.uk/mail/config-v1.1.xml')
    t.match((await discover({}, mx('localhost'))).trace[5]?.asked, 'autodiscover.json')
  }
)

t.test('mustang: skips unusable servers and uses the next one', async t => {
  const next =
    '<incomingServer type="pop3"><hostname>P</hostname><port>995</port><socketType>x</socketType><socketType>SSL</socketType><username>%EMAILLOCALPART%</username><authentication>basic</authentication></incomingServer>'
  for (const changes of [
    { 'type="imap"': 'type="jmap"' },
    { '<hostname>imap.example.com</hostname>': '' },
    { 'imap.example.com': 'imap example.com' },
    { '>993<': '>0<' },
    { '>993<': '>x<' },
    { '>SSL<': '>TLS<' },
    { '<username>%EMAILADDRESS%</username>': '' },
    { 'password-cleartext': 'x' }
  ]) {
    const account = await accountOf(changed({ ...changes, '<outgoingServer': `${next}<outgoingServer` }))
    t.match(account, { incoming: { protocol: 'pop3', host: 'p', username: 'jane' } }, JSON.stringify(changes))
    t.equal(await refusalOf(changed(changes)), '200, refused: no usable incomingServer')
  }
  t.equal(await refusalOf(changed({ 'type="smtp"': 'type="x"' })), '200, refused: no usable outgoingServer')
})

t.test('mustang: replaces placeholders in login names, but not in hosts, which are in lower case by then', async t => {
  const body = changed({
    'imap.example.com': 'imap.%EMAILDOMAIN%',
    '%EMAILADDRESS%': '%EMAILLOCALPART%.%EMAILDOMAIN%'
  })
  t.match(await accountOf(body), { incoming: { host: 'imap.%emaildomain%', username: 'jane.example.com' } })
  t.match(await accountOf(changed({ '>SSL<': '>STARTTLS<' })), { incoming: { security: 'starttls' } })
})

t.test('mustang: JSON leads to EWS or ActiveSync, over https only', async t => {
  const found = async (protocol: string, body: unknown) =>
    (await discover({ [`GET ${json}${protocol}`]: { body: JSON.stringify(body) } })).account
  t.match(await found('Ews', { Url: 'https://ex.example.net/EWS' }), {
    incoming: { protocol: 'exchange', host: 'ex.example.net' },
    from: 'https://ex.example.net/EWS'
  })
  t.match(await found('ActiveSync', { Url: 'https://eas.example.net/' }), { incoming: { protocol: 'activesync' } })
  t.equal(await found('Ews', { Url: 'http://ex.example.net/' }), undefined)
  t.equal(await found('Ews', { Url: 'https://ex.example.net/', ErrorMessage: 'x' }), undefined)
  t.equal((await discover({ [`GET ${json}Ews`]: { body: 'no JSON' } })).account, undefined)
})

t.test('mustang: after Autodiscover, it uses the incoming host for sending', async t => {
  t.same(await exchangeAccountOf(autodiscover), {
    incoming: imap,
    outgoing: { ...smtp, host: imap.host },
    from: exchange
  })
  const starttls = changed({ '>993<': '>143<' }, autodiscover)
  t.match(await exchangeAccountOf(starttls), { incoming: { security: 'starttls' }, outgoing: { port: 587 } })
  const pop3 = changed({ '>IMAP<': '>POP3<', '>993<': '>110<' }, autodiscover)
  t.match(await exchangeAccountOf(pop3), { incoming: { protocol: 'pop3', security: 'starttls' } })
})

t.test('mustang: Autodiscover without SSL and Encryption means no TLS, and without LoginName the address', async t => {
  const without = (text: string) => text.replace(/<Encryption>.*?<\/Encryption>/g, '').replaceAll('<SSL>on', '<SSL>off')
  t.match(await exchangeAccountOf(without(autodiscover)), { incoming: { security: 'none' } })
  const named = autodiscover.replaceAll('<SSL>on', '<SSL>off').replace(/<LoginName>.*?<\/LoginName>/g, '')
  const encrypted = named.replace('<Type>IMAP</Type>', '<Type>IMAP</Type><Encryption>SSL</Encryption>')
  t.match(await exchangeAccountOf(encrypted), { incoming: { security: 'tls', username: address } })
  const plain = without(autodiscover).replace('<Type>IMAP</Type>', '<Type>IMAP</Type><Encryption>None</Encryption>')
  t.match(await exchangeAccountOf(plain), { incoming: { security: 'none' } })
  t.equal(await exchangeAccountOf(changed({ '>IMAP<': '>imap<' }, autodiscover)), undefined)
  t.equal(await exchangeAccountOf(changed({ '<Port>993</Port>': '' }, autodiscover)), undefined)
})

t.test('mustang: never throws for any response', () => neverThrows(mustang))
