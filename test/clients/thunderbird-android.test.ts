import t from 'tap'
import { thunderbirdAndroid } from '../../src/clients/thunderbird-android.ts'
import { type FakeAnswer, type FakeDns, fakeWorld } from '../support/clients/fake-world.ts'
import { neverThrows } from '../support/clients/never-throws.ts'
import { address, changed, clientConfig, imap, smtp } from '../support/clients/plain-document.ts'

const autoconfig = 'https://autoconfig.example.com/mail/config-v1.1.xml'
const wellKnown = 'https://example.com/.well-known/autoconfig/mail/config-v1.1.xml'
const database = 'https://autoconfig.thunderbird.net/v1.1/example.com'
const mx: FakeDns = { mx: { 'example.com': [{ priority: 1, exchange: 'mx1.mail.example.net' }] } }

const discover = (answers: Record<string, FakeAnswer>, dns?: FakeDns) =>
  thunderbirdAndroid.discover(address, fakeWorld(answers, dns))
const get = (url: string, body = clientConfig) => ({ [`GET ${url}`]: { body } })

/** @returns the incoming server of a modified document, or the reason why it was rejected */
async function read(changes: Record<string, string>) {
  const { account, reason } = await discover(get(autoconfig, changed(changes)))
  return account?.incoming ?? reason
}

t.test('uses both servers of a document from Signpost with any content type', async t => {
  const { account, reason } = await discover(get(autoconfig))
  t.same(account, { incoming: imap, outgoing: smtp, from: autoconfig })
  t.equal(reason, undefined)
})

t.test('never sends the address', async t => {
  const { trace, reason } = await discover({}, mx)
  t.equal(reason, 'nothing found')
  t.same(
    trace.map(({ asked }) => asked),
    [
      `GET ${autoconfig}`,
      `GET ${wellKnown}`,
      'GET http://autoconfig.example.com/mail/config-v1.1.xml',
      'GET http://example.com/.well-known/autoconfig/mail/config-v1.1.xml',
      `GET ${database}`,
      'MX example.com',
      'GET https://autoconfig.mail.example.net/mail/config-v1.1.xml',
      'GET https://autoconfig.thunderbird.net/v1.1/mail.example.net',
      'GET https://autoconfig.example.net/mail/config-v1.1.xml',
      'GET https://autoconfig.thunderbird.net/v1.1/example.net'
    ]
  )
})

t.test('prefers https to http, the provider to the ISPDB, and that to the mail exchanger', async t => {
  const urls = [
    autoconfig,
    wellKnown,
    autoconfig.replace('https', 'http'),
    wellKnown.replace('https', 'http'),
    database,
    autoconfig.replace('example.com', 'mail.example.net')
  ]
  for (const [index, url] of urls.entries()) {
    const answers = Object.assign({}, ...urls.slice(index).map(later => get(later)))
    t.equal((await discover(answers, mx)).account?.from, url)
  }
})

t.test('stops at the first settings for the mail exchanger', async t => {
  const { trace } = await discover(get('https://autoconfig.thunderbird.net/v1.1/mail.example.net'), mx)
  t.equal(trace.at(-1)?.asked, 'GET https://autoconfig.thunderbird.net/v1.1/mail.example.net')
  t.equal(trace.at(-1)?.result, '200, used')
})

t.test('tries the next source after a soft 404 and after any status except success', async t => {
  const { account, trace } = await discover({ ...get(autoconfig, '<p>Not found'), ...get(wellKnown) })
  t.equal(account?.from, wellKnown)
  t.equal(trace[0]?.result, '200, refused: no clientConfig')
  const missing = { [`GET ${autoconfig}`]: { status: 404, body: clientConfig } }
  t.equal((await discover({ ...missing, ...get(wellKnown) })).account?.from, wellKnown)
})

t.test('follows redirects, including to http', async t => {
  const redirect = { [`GET ${autoconfig}`]: { status: 302, headers: { location: 'http://example.net/x' } } }
  t.equal((await discover({ ...redirect, ...get('http://example.net/x') })).account?.from, autoconfig)
})

t.test('rejects the whole document for one error in an imap or smtp server', async t => {
  const [server = ''] = /<incomingServer.*?<\/incomingServer>/s.exec(clientConfig) ?? []
  const second = (changes: Record<string, string>) =>
    read({ '</incomingServer>': `</incomingServer>${changed(changes, server)}` })
  t.equal(await second({ '>SSL<': '>plain<' }), 'socketType plain')
  t.equal(await second({ '<port>993</port>': '' }), 'imap without port')
  t.equal(await second({ 'password-cleartext': 'GSSAPI' }), 'imap without a usable authentication')
  t.equal(await second({ '>imap.example.com<': '><b/><' }), 'an element in hostname')
  t.match(await second({ 'type="imap"': 'type="pop3"', '>SSL<': '>plain<' }), imap)
})

t.test('rejects a server with a missing value', async t => {
  t.equal(await read({ '<hostname>imap.example.com</hostname>': '' }), 'imap without hostname')
  t.equal(await read({ '<socketType>SSL</socketType>': '' }), 'imap without socketType')
  t.equal(await read({ '<username>%EMAILADDRESS%</username>': '' }), 'imap without username')
  t.match(await read({ '%EMAILADDRESS%': '' }), { username: '' })
})

t.test('does not trim values', async t => {
  t.equal(await read({ '>imap.example.com<': '> imap.example.com<' }), 'hostname  imap.example.com')
  t.equal(await read({ '>993<': '>993 <' }), 'port 993 ')
  t.equal(await read({ '>SSL<': '>SSL\n<' }), 'socketType SSL\n')
  t.match(await read({ '%EMAILADDRESS%': ' %EMAILADDRESS%' }), { username: ' jane@example.com' })
})

t.test('supports only imap and smtp', async t => {
  t.equal(await read({ 'type="imap"': 'type="pop3"' }), 'no imap server')
  t.equal(await read({ 'type="smtp"': 'type="jmap"' }), 'no smtp server')
  t.equal(await read({ '<emailProvider ': '<provider ', '</emailProvider>': '</provider>' }), 'no emailProvider')
})

t.test('accepts ports from 1 to 65535', async t => {
  for (const port of ['0', '65536', '-1', 'imaps', '993.0', ''])
    t.equal(await read({ '>993<': `>${port}<` }), `port ${port}`)
  t.match(await read({ '>993<': '>+143<', '>SSL<': '>STARTTLS<' }), { port: 143, security: 'starttls' })
})

t.test('reads known elements inside unknown ones, and uses the last value', async t => {
  t.match(await read({ '</incomingServer>': '<x><port>1993</port></x></incomingServer>' }), { port: 1993 })
})

t.test('removes OAuth2, and ends the search if no method remains', async t => {
  const method = '<authentication>password-cleartext</authentication>'
  const oauth2 = '<authentication>OAuth2</authentication>'
  t.match(await read({ [method]: oauth2 + method }), imap)
  const document = changed({ [method]: oauth2 })
  const reason = 'only OAuth2, for an unknown host'
  t.match(await discover({ ...get(autoconfig, document), ...get(wellKnown) }), { account: undefined, reason })
  const first = 'https://autoconfig.mail.example.net/mail/config-v1.1.xml'
  const { trace } = await discover(get(first, document), mx)
  t.equal(trace.at(-1)?.result, `200, refused: ${reason}`)
})

t.test('uses OAuth2 for a known host', async t => {
  const method = '<authentication>password-cleartext</authentication>'
  const oauth2 = '<authentication>OAuth2</authentication>'
  const host = 'outlook.office365.com'
  const document = changed({ [method]: oauth2, '>imap.example.com<': `>${host}<` })
  t.match(await discover({ ...get(autoconfig, document), ...get(wellKnown) }), { account: { incoming: { host } } })
})

t.test('requires an id and a domain that are host names', async t => {
  t.equal(await read({ 'id="example.com"': 'id="My Company"' }), 'an id that is not a host name: My Company')
  t.equal(await read({ ' id="example.com"': '' }), 'an id that is not a host name: ')
  t.equal(await read({ '<domain>example.com<': '<domain>a b<' }), 'no domain')
  t.equal(await read({ '<domain>example.com<': '<domain><b/><' }), 'an element in domain')
  t.match(await read({ '<domain>example.com<': '<domain> %EMAILDOMAIN% <' }), imap)
})

t.test('reads every emailProvider, and uses the last one', async t => {
  const [provider = ''] = /<emailProvider.*<\/emailProvider>/s.exec(clientConfig) ?? []
  const other = changed({ '>993<': '>1993<' }, provider)
  t.match(await read({ '</emailProvider>': `</emailProvider>${other}` }), { port: 1993 })
  t.equal(await read({ '<emailProvider ': '<emailProvider id="x"></emailProvider><emailProvider ' }), 'no domain')
})

t.test('replaces placeholders in host names and composed user names', async t => {
  t.match(await read({ '>imap.example.com<': '>imap.%EMAILDOMAIN%<' }), imap)
  t.match(await read({ '%EMAILADDRESS%': '%EMAILLOCALPART%.%EMAILDOMAIN%' }), { username: 'jane.example.com' })
  t.equal(await read({ '>imap.example.com<': '>%IMAP%<' }), 'hostname %IMAP%')
})

t.test('rejects addresses outside ASCII, and with dots where RFC 5321 does not allow them', async t => {
  for (const typed of [
    'jane@münchen.example',
    'zoë@example.com',
    'a..b@example.com',
    '.a@example.com',
    'a.@example.com',
    'jane'
  ]) {
    const { reason, trace } = await thunderbirdAndroid.discover(typed, fakeWorld({}))
    t.same({ reason, trace }, { reason: 'not a mail address in ASCII', trace: [] }, typed)
  }
})

t.test('never throws', () => neverThrows(thunderbirdAndroid))
