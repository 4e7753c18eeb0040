import t from 'tap'
import { thunderbird } from '../../../src/clients/thunderbird/thunderbird.ts'
import { type FakeAnswer, fakeWorld } from '../../support/clients/fake-world.ts'
import { neverThrows } from '../../support/clients/never-throws.ts'
import { address, autodiscover, changed, clientConfig, imap, smtp } from '../../support/clients/plain-document.ts'

const query = '?emailaddress=jane%40example.com'
const autoconfig = `https://autoconfig.example.com/mail/config-v1.1.xml${query}`
const wellKnown = `https://example.com/.well-known/autoconfig/mail/config-v1.1.xml${query}`
const database = 'https://live.thunderbird.net/autoconfig/v1.1/example.com'
const pox = 'https://autodiscover.example.com/autodiscover/autodiscover.xml'
const xml = { 'content-type': 'text/xml; charset=utf-8' }

const get = (url: string, body: string, headers: FakeAnswer['headers'] = xml) => ({ [`GET ${url}`]: { headers, body } })
const discover = (body: string) => thunderbird.discover(address, fakeWorld(get(autoconfig, body)))

/** @returns the incoming server of a modified document, or the reason why it was rejected */
async function read(changes: Record<string, string>) {
  const { account, reason } = await discover(changed(changes))
  return account?.incoming ?? reason
}

t.test('uses both servers of a document from Signpost', async t => {
  const { account, reason } = await discover(clientConfig)
  t.same(account, { incoming: imap, outgoing: smtp, from: autoconfig })
  t.equal(reason, undefined)
})

t.test('requests all sources at the same time, with the address in every URL of the provider', async t => {
  const world = fakeWorld({}, { mx: { 'example.com': [{ priority: 1, exchange: 'mx1.mail.example.net' }] } })
  const { account, reason, trace } = await thunderbird.discover(address, world)
  t.equal(account, undefined)
  t.equal(reason, 'nothing found')
  t.same(
    trace.map(({ asked }) => asked),
    [
      `GET ${autoconfig}`,
      `GET ${wellKnown}`,
      `GET http://autoconfig.example.com/mail/config-v1.1.xml${query}`,
      `GET http://example.com/.well-known/autoconfig/mail/config-v1.1.xml${query}`,
      `GET ${database}`,
      'MX example.com',
      `GET https://autoconfig.mail.example.net/mail/config-v1.1.xml${query}`,
      'GET https://live.thunderbird.net/autoconfig/v1.1/mail.example.net',
      `GET https://autoconfig.example.net/mail/config-v1.1.xml${query}`,
      'GET https://live.thunderbird.net/autoconfig/v1.1/example.net',
      `POST ${pox}`,
      'POST https://example.com/autodiscover/autodiscover.xml',
      'POST http://autodiscover.example.com/autodiscover/autodiscover.xml',
      'SRV _autodiscover._tcp.example.com'
    ]
  )
})

t.test('sends only the address, and Accept only to the ISPDB', async t => {
  const world = fakeWorld({})
  await thunderbird.discover('a+b@Example.com', world)
  const headers = (url: string) => world.requests.find(request => request.url === url)?.headers
  t.same(headers('https://autoconfig.example.com/mail/config-v1.1.xml?emailaddress=a%2Bb%40Example.com'), {})
  t.same(headers(database), { accept: 'application/xml,text/xml,*/*' })
  t.same(headers(pox), xml)
  t.match(world.requests.find(({ url }) => url === pox)?.body, '<EMailAddress>a+b@Example.com</EMailAddress>')
})

t.test('does not search at a mail exchanger of the same base domain', async t => {
  const world = fakeWorld({}, { mx: { 'example.com': [{ priority: 1, exchange: 'mx.example.com' }] } })
  const { trace } = await thunderbird.discover(address, world)
  t.equal(trace.filter(({ asked }) => asked.includes('v1.1.xml')).length, 4)
})

t.test(
  'prefers https to http, autoconfig to well-known, the provider to the ISPDB, and that to the exchanger',
  async t => {
    const urls = [
      autoconfig,
      wellKnown,
      autoconfig.replace('https', 'http'),
      wellKnown.replace('https', 'http'),
      database,
      autoconfig.replace('example.com', 'example.net'),
      database.replace('example.com', 'example.net')
    ]
    const mx = { 'example.com': [{ priority: 1, exchange: 'mx.example.net' }] }
    for (const [index, url] of urls.entries()) {
      const answers = urls.slice(index).map(later => get(later, clientConfig))
      const { account } = await thunderbird.discover(address, fakeWorld(Object.assign({}, ...answers), { mx }))
      t.equal(account?.from, url)
    }
  }
)

t.test('uses POX only if autoconfig finds nothing', async t => {
  const answer = { [`POST ${pox}`]: { headers: xml, body: autodiscover } }
  const both = await thunderbird.discover(address, fakeWorld({ ...get(autoconfig, clientConfig), ...answer }))
  t.equal(both.account?.from, autoconfig)
  const { account } = await thunderbird.discover(address, fakeWorld(answer))
  t.same(account, { incoming: imap, outgoing: smtp, from: pox })
})

t.test('reads a soft 404 as settings, rejects it and ignores the well-known URL', async t => {
  const page = '<!DOCTYPE html><title>Not found</title>'
  const world = fakeWorld({
    ...get(autoconfig, page, { 'content-type': 'text/html' }),
    ...get(wellKnown, clientConfig)
  })
  const { account, reason, trace } = await thunderbird.discover(address, world)
  t.equal(account, undefined)
  t.equal(reason, 'no clientConfig with an emailProvider')
  t.same(trace[0], { asked: `GET ${autoconfig}`, result: '200, refused: no clientConfig with an emailProvider' })
  t.same(trace[1], { asked: `GET ${wellKnown}`, result: '200' })
})

t.test('tries the ISPDB if the file of the provider is rejected', async t => {
  const world = fakeWorld({ ...get(autoconfig, '<a/>'), ...get(database, clientConfig) })
  const { account, trace } = await thunderbird.discover(address, world)
  t.equal(account?.from, database)
  t.equal(trace.find(({ asked }) => asked === `GET ${database}`)?.result, '200, used')
})

t.test('tries the next URL after another status and after malformed XML', async t => {
  for (const answer of [
    { status: 404, headers: xml, body: clientConfig },
    { headers: xml, body: '<clientConfig>' }
  ]) {
    const world = fakeWorld({ [`GET ${autoconfig}`]: answer, ...get(wellKnown, clientConfig) })
    t.equal((await thunderbird.discover(address, world)).account?.from, wellKnown)
  }
})

t.test('rejects a file that is not text/xml or application/xml in lower case', async t => {
  for (const [type, isRead] of Object.entries({
    'application/xml': true,
    'text/xml;charset=iso-8859-1': true,
    'Text/XML': false,
    'text/plain': false,
    'application/octet-stream': false
  })) {
    const { account } = await thunderbird.discover(
      address,
      fakeWorld(get(autoconfig, clientConfig, { 'content-type': type }))
    )
    t.equal(account !== undefined, isRead, type)
  }
  const { account } = await thunderbird.discover(address, fakeWorld(get(autoconfig, clientConfig, {})))
  t.equal(account, undefined)
})

t.test('reads JSON as a file and rejects it, and invalid JSON as a failure', async t => {
  const json = { 'content-type': 'application/json' }
  const { account, reason } = await thunderbird.discover(
    address,
    fakeWorld({ ...get(autoconfig, '{}', json), ...get(wellKnown, clientConfig) })
  )
  t.equal(account, undefined)
  t.equal(reason, 'no clientConfig with an emailProvider')
  const world = fakeWorld({ ...get(autoconfig, '{', json), ...get(wellKnown, clientConfig) })
  t.equal((await thunderbird.discover(address, world)).account?.from, wellKnown)
})

t.test('follows redirects, including relative ones and to http', async t => {
  const world = fakeWorld({
    [`GET ${autoconfig}`]: { status: 301, headers: { location: '/x' } },
    'GET https://autoconfig.example.com/x': { status: 302, headers: { location: 'http://example.net/y' } },
    ...get('http://example.net/y', clientConfig)
  })
  t.equal((await thunderbird.discover(address, world)).account?.from, autoconfig)
})

t.test('trims only host names and ports', async t => {
  const spaced = (value: string) => ({ [`>${value}<`]: `>\n  ${value}\n<` })
  t.match(await read(spaced('imap.example.com')), { host: 'imap.example.com' })
  t.match(await read(spaced('993')), { port: 993 })
  t.match(await read(spaced('%EMAILADDRESS%')), { username: '\n  jane@example.com\n' })
  t.equal(await read(spaced('SSL')), 'socketType \n  SSL\n')
  t.equal(await read(spaced('password-cleartext')), 'no usable authentication: \n  password-cleartext\n')
})

t.test('converts texts that look like numbers', async t => {
  const username = async (text: string) => read({ '%EMAILADDRESS%': text })
  t.match(await username('0123'), { username: '123' })
  t.match(await username('1e3'), { username: '1000' })
  t.match(await username('jane0123'), { username: 'jane0123' })
  t.match(await username('TRUE'), { username: 'true' })
  t.match(await username(' '), { username: 'NaN' })
})

t.test('reads an empty user name as "true" and a missing one as "undefined"', async t => {
  t.match(await read({ '<username>%EMAILADDRESS%</username>': '<username/>' }), { username: 'true' })
  t.match(await read({ '<username>%EMAILADDRESS%</username>': '' }), { username: 'undefined' })
})

t.test('loses the value of an element with an attribute', async t => {
  t.match(await read({ '<username>': '<username x="y">' }), { username: '[object Object]' })
  t.equal(await read({ '<domain>': '<domain purpose="mx">' }), 'an invalid host name: [object Object]')
  t.equal(
    await read({ '<authentication>': '<authentication system="sasl">' }),
    'no usable authentication: [object Object]'
  )
})

t.test('reads entities and CDATA', async t => {
  t.match(await read({ '>imap.example.com<': '><![CDATA[imap]]>&#46;example.com<' }), { host: 'imap.example.com' })
})

t.test('skips OAuth2 for an unknown host', async t => {
  const method = '<authentication>password-cleartext</authentication>'
  const oauth2 = '<authentication>OAuth2</authentication>'
  t.match(await read({ [method]: oauth2 + method }), { host: 'imap.example.com' })
  t.equal(await read({ [method]: oauth2 }), 'no usable authentication: OAuth2')
  t.equal(await read({ [method]: '' }), 'no usable authentication: none')
})

t.test('uses OAuth2 for a known host', async t => {
  const method = '<authentication>password-cleartext</authentication>'
  const oauth2 = '<authentication>OAuth2</authentication>'
  const host = 'outlook.office365.com'
  t.match(await read({ [method]: oauth2, '>imap.example.com<': `>${host}<` }), { host })
})

t.test('accepts encrypted passwords, Kerberos and NTLM', async t => {
  for (const method of ['password-encrypted', 'GSSAPI', 'NTLM', 'plain', 'secure']) {
    t.match(await read({ 'password-cleartext': method }), { host: 'imap.example.com' }, method)
  }
})

t.test('rejects an id, a domain or a host that is not a host name', async t => {
  for (const name of ['My Company', 'münchen.example', '', 'a_b.example', 'a..b', `${'a'.repeat(64)}.example`]) {
    t.match(await read({ 'id="example.com"': `id="${name}"` }), /^an invalid host name: /)
    t.match(
      await read({ '<domain>example.com<': `<domain>${name}<` }),
      name === '' ? { port: 993 } : /^an invalid host name: /
    )
    t.match(
      await read({ '>imap.example.com<': `>${name}<` }),
      name === '' ? { host: 'true' } : /^an invalid host name: /
    )
  }
  t.match(await read({ ' id="example.com"': '' }), /^an invalid host name: undefined/)
  t.match(await read({ '>imap.example.com<': '>IMAP.Example.COM.<' }), { host: 'imap.example.com.' })
  t.match(await read({ '>imap.example.com<': '>2001:db8::1<' }), { host: '2001:db8::1' })
})

t.test('requires a domain with any value', async t => {
  t.equal(await read({ '<domain>example.com</domain>': '' }), 'no domain')
  t.match(await read({ '<domain>example.com</domain>': '<domain>example.org</domain>' }), { port: 993 })
  t.match(await read({ '<domain>': '<domain>a b</domain><domain>' }), { port: 993 })
})

t.test('reads the first emailProvider', async t => {
  const other = '<emailProvider id="x"><domain>x</domain></emailProvider>'
  t.match(await read({ '</emailProvider>': `</emailProvider>${other}` }), { host: 'imap.example.com' })
  t.equal(await read({ '<emailProvider id="example.com">': `${other}<emailProvider id="y">` }), 'no incomingServer')
})

t.test('replaces placeholders in host names and composed user names', async t => {
  t.match(await read({ '>imap.example.com<': '>imap.%EMAILDOMAIN%<' }), { host: 'imap.example.com' })
  t.match(await read({ '%EMAILADDRESS%': '%EMAILLOCALPART%.%EMAILDOMAIN%' }), { username: 'jane.example.com' })
  t.match(await read({ '%EMAILADDRESS%': '%EMAILADDRESS' }), { username: '%EMAILADDRESS' })
})

t.test('replaces placeholders that the address itself contains', async t => {
  const discover = async (typed: string) => {
    const url = `https://autoconfig.example.com/mail/config-v1.1.xml?${new URLSearchParams({ emailaddress: typed })}`
    const { account } = await thunderbird.discover(typed, fakeWorld(get(url, clientConfig)))
    return account?.incoming.username
  }
  t.equal(await discover('%EMAILDOMAIN%@Example.com'), 'example.com@Example.com')
  t.equal(await discover('a$&b@example.com'), 'a%EMAILADDRESS%b@example.com')
})

t.test('rejects a file without an imap or pop3 server, and one without an smtp server', async t => {
  t.equal(await read({ 'type="imap"': 'type="jmap"' }), 'an incomingServer of type jmap')
  t.equal(await read({ 'type="smtp"': 'type="jmap"' }), 'an outgoingServer of type jmap')
})

t.test('skips an unusable server and uses the next one', async t => {
  const [server = ''] = /<incomingServer.*?<\/incomingServer>/s.exec(clientConfig) ?? []
  for (const [from, to] of Object.entries({
    'type="imap"': 'type="ews"',
    '>993<': '>0<',
    '>SSL<': '>TLS<',
    '<socketType>SSL</socketType>': '',
    '<hostname>imap.example.com</hostname>': '',
    'password-cleartext': 'TLS-client-cert'
  })) {
    t.match(await read({ '</incomingServer>': `</incomingServer>${server}`, [from]: to }), { port: 993 }, to)
  }
  t.match(await read({ 'type="imap"': 'type="pop3"' }), { protocol: 'pop3' })
})

t.test('uses the first known socketType', async t => {
  t.match(await read({ '<socketType>': '<socketType>TLS</socketType><socketType>' }), { security: 'tls' })
  t.match(await read({ '>SSL<': '>STARTTLS<' }), { security: 'starttls' })
  t.match(await read({ '>SSL<': '>plain<' }), { security: 'none' })
})

t.test('reads a number at the start of a port, and the default port if an incoming server has none', async t => {
  t.match(await read({ '>993<': '>993 (TLS)<' }), { port: 993 })
  t.match(await read({ '>993<': '>993.7<' }), { port: 993 })
  t.match(await read({ '>993<': '>0x3e1 (TLS)<' }), { port: 993 })
  t.equal(await read({ '>993<': '>imaps<' }), 'an invalid number: imaps')
  t.equal(await read({ '>993<': '>65536<' }), 'an invalid port: 65536')
  t.match(await read({ '<port>993</port>': '' }), { port: 993 })
  t.match(await read({ '<port>993</port>': '', '>SSL<': '>STARTTLS<' }), { port: 143 })
  t.match(await read({ '<port>465</port>': '' }), 'an invalid number: undefined')
})

t.test('sends without a user name if smtp needs no login and has no user name', async t => {
  const outgoing = async (method: string, username: string) => {
    const [server = ''] = /<outgoingServer.*?<\/outgoingServer>/s.exec(clientConfig) ?? []
    const other = changed({ 'password-cleartext': method, '<username>%EMAILADDRESS%</username>': username }, server)
    return (await discover(changed({ [server]: other }))).account?.outgoing
  }
  t.match(await outgoing('none', ''), { username: undefined })
  t.match(await outgoing('client-IP-address', '<username>x</username>'), { username: 'x' })
  t.match(await outgoing('smtp-after-pop', ''), { username: undefined })
  t.match(await outgoing('password-cleartext', ''), { username: 'undefined' })
})

t.test('sends no request for a domain outside ASCII or an invalid address', async t => {
  for (const typed of ['jane@münchen.example', 'jane', '']) {
    const { account, reason, trace } = await thunderbird.discover(typed, fakeWorld({}))
    t.same({ account, reason, trace }, { account: undefined, reason: 'not a mail address in ASCII', trace: [] })
  }
})

t.test('never throws', () => neverThrows(thunderbird))
