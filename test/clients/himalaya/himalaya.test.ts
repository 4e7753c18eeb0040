import { createHash } from 'node:crypto'
import t from 'tap'
import { himalaya } from '../../../src/clients/himalaya/himalaya.ts'
import type { SrvRecord } from '../../../src/clients/model/world.ts'
import { type FakeAnswer, type FakeDns, fakeWorld } from '../../support/clients/fake-world.ts'
import { neverThrows } from '../../support/clients/never-throws.ts'
import { address, changed, clientConfig, imap, smtp } from '../../support/clients/plain-document.ts'

const paccUrl = 'https://ua-auto-config.example.com/.well-known/user-agent-configuration.json'
const first = 'https://autoconfig.example.com/mail/config-v1.1.xml?emailaddress=jane@example.com'
const second = 'https://example.com/.well-known/autoconfig/mail/config-v1.1.xml'
const central = 'https://autoconfig.thunderbird.net/v1.1/example.com'
const jmapUrl = 'https://example.com/.well-known/jmap'

const discoverAll = (answers: Readonly<Record<string, FakeAnswer>>, dns?: FakeDns) =>
  himalaya.discover(address, fakeWorld(answers, dns))
const discover = (body: string, dns?: FakeDns) => discoverAll({ [`GET ${first}`]: { body } }, dns)
const discoverChanged = (changes: Readonly<Record<string, string>>) => discover(changed(changes))

/** The result of the first document in the trace. */
const remarkOn = async (changes: Readonly<Record<string, string>>) => {
  const { trace } = await discoverChanged(changes)
  return trace.find(({ asked }) => asked === `GET ${first}`)?.result
}
const record = (port: number, target: string, rest: Partial<SrvRecord> = {}): SrvRecord => {
  return { priority: 0, weight: 1, port, target, ...rest }
}
const srv = (services: Readonly<Record<string, readonly SrvRecord[]>>): FakeDns => {
  return {
    srv: Object.fromEntries(Object.entries(services).map(([name, records]) => [`_${name}._tcp.example.com`, records]))
  }
}

const pacc = {
  protocols: { imap: { host: 'imap.example.com' }, smtp: { host: 'smtp.example.com' }, submit: { host: 'x.example' } },
  authentication: { password: true },
  info: { provider: { name: 'Example Mail' } }
}
const digest = (body: string) => createHash('sha256').update(body).digest('base64')
const discoverPacc = (document: unknown, txt?: (digest: string) => string) => {
  const body = typeof document === 'string' ? document : JSON.stringify(document)
  const record = txt === undefined ? `v=UAAC1; a=sha256; d=${digest(body)}` : txt(digest(body))
  return discoverAll({ [`GET ${paccUrl}`]: { body } }, { txt: { '_ua-auto-config.example.com': [record] } })
}
const unnamed = { username: undefined }
const paccAccount = { incoming: { ...imap, ...unnamed }, outgoing: { ...smtp, ...unnamed }, from: paccUrl }

t.test('uses both servers of a document from Signpost', async t => {
  const { account, reason, trace } = await discover(clientConfig)
  t.same(account, { incoming: imap, outgoing: smtp, from: first })
  t.equal(reason, undefined)
  t.match(
    trace.find(({ asked }) => asked === `GET ${first}`),
    { result: '200, read' }
  )
})

t.test('queries all sources, over https only, with the raw address in one URL', async t => {
  const world = fakeWorld(
    {},
    { txt: { 'example.com': ['v=spf1 -all', 'mailconf=nowhere', 'mailconf=https://x.example'] } }
  )
  const { account, reason, trace } = await himalaya.discover('a+b@example.com', world)
  t.equal(account, undefined)
  t.equal(reason, 'no imap or jmap server')
  t.same(
    trace.map(({ asked }) => asked),
    [
      `GET ${paccUrl}`,
      'GET https://autoconfig.example.com/mail/config-v1.1.xml?emailaddress=a+b@example.com',
      `GET ${second}`,
      'TXT example.com',
      'GET https://x.example/',
      `GET ${central}`,
      ...['imap', 'imaps', 'submission', 'submissions', 'jmap'].map(service => `SRV _${service}._tcp.example.com`),
      `GET ${jmapUrl}`
    ]
  )
})

t.test('rejects redirects and every status except 2xx', async t => {
  for (const answer of [
    { status: 301, headers: { location: second } },
    { status: 404, body: clientConfig }
  ]) {
    t.equal((await discoverAll({ [`GET ${first}`]: answer })).account, undefined)
  }
  t.equal((await discoverAll({ [`GET ${first}`]: { status: 203, body: clientConfig } })).account?.from, first)
})

t.test('one unknown value invalidates the whole document', async t => {
  for (const [changes, refused] of [
    [{ '<incomingServer type="imap">': '<incomingServer type="jmap"/><incomingServer type="imap">' }, 'type "jmap"'],
    [{ 'type="smtp"': 'type="ews"' }, 'type "ews"'],
    [{ ' type="imap"': '' }, '<incomingServer> without type'],
    [{ '>SSL<': '>TLS<' }, 'socketType "TLS"'],
    [{ '>password-cleartext<': '>GSSAPI<' }, 'authentication "GSSAPI"'],
    [{ '>password-cleartext<': '>smtp-after-pop<' }, 'authentication "smtp-after-pop"'],
    [{ '<authentication>password-cleartext': '<authentication system="http">Basic' }, 'authentication "Basic"'],
    [{ '>993<': '>imaps<' }, 'port "imaps"'],
    [{ '>993<': '>65536<' }, 'port "65536"'],
    [{ ' version="1.1"': '' }, '<clientConfig> without version'],
    [{ ' id="example.com"': '' }, '<emailProvider> without id'],
    [{ '<emailProvider id="example.com">': '<emailProvider id="a"/><emailProvider id="b">' }, '<emailProvider> twice'],
    [{ '<port>993</port>': '<port>993</port><port>993</port>' }, '<port> twice'],
    [{ '<emailProvider id="example.com">': '<x>', '</emailProvider>': '</x>' }, 'no <emailProvider>'],
    [{ '</emailProvider>': '<documentation/></emailProvider>' }, '<documentation> without url'],
    [
      { '</emailProvider>': '<documentation url="x"><descr lang="en"> </descr></documentation></emailProvider>' },
      '<descr> without text'
    ],
    [{ '</clientConfig>': '<oAuth2><issuer>x</issuer></oAuth2></clientConfig>' }, 'no <scope>'],
    [{ '</clientConfig>': '' }, 'not XML']
  ] as const) {
    t.equal(await remarkOn(changes), `200, refused: ${refused}`)
  }
})

t.test('separated elements of the same name invalidate the document', async t => {
  const pop3 = '<incomingServer type="pop3"><hostname>pop3.example.com</hostname></incomingServer>'
  t.equal(
    await remarkOn({ '</emailProvider>': `${pop3}</emailProvider>` }),
    '200, refused: <incomingServer> in two places'
  )
  t.equal(await remarkOn({ '<incomingServer type="imap">': `${pop3}<incomingServer type="imap">` }), '200, read')
})

t.test('accepts all other values, and its own names for them', async t => {
  for (const method of [
    'password-encrypted',
    'NTLM',
    'GSAPI',
    'client-IP-address',
    'TLS-client-cert',
    'OAuth2',
    'none'
  ]) {
    t.equal(await remarkOn({ '>password-cleartext<': `>${method}<` }), '200, read')
  }
  const documentation = '<documentation url="x"><descr>Help</descr></documentation>'
  const oAuth2 = '<oAuth2><issuer/><scope/><authURL/><tokenURL/></oAuth2>'
  const changes = {
    '</emailProvider>': `${documentation}</emailProvider>`,
    '</clientConfig>': `${oAuth2}</clientConfig>`
  }
  t.equal(await remarkOn(changes), '200, read')
})

t.test('trims values', async t => {
  const changes = { '>993<': '> 993 <', '>SSL<': '>\nSSL\n<', '>imap.example.com<': '> imap.example.com <' }
  t.same((await discoverChanged(changes)).account?.incoming, imap)
})

t.test('has default ports, and reads a missing socketType as implicit TLS', async t => {
  const without = { '<port>993</port>': '', '<port>465</port>': '' }
  t.match((await discoverChanged(without)).account, { incoming: { port: 993 }, outgoing: { port: 465 } })
  for (const [socketType, port, security] of [
    ['<socketType>STARTTLS</socketType>', 143, 'starttls'],
    ['<socketType>plain</socketType>', 143, 'none'],
    ['', 993, 'tls']
  ] as const) {
    const { account } = await discoverChanged({ '<port>993</port>': '', '<socketType>SSL</socketType>': socketType })
    t.match(account?.incoming, { port, security })
  }
})

t.test('skips a server without a host name', async t => {
  t.equal((await discoverChanged({ '<hostname>imap.example.com</hostname>': '' })).account, undefined)
  t.equal(
    (await discoverChanged({ '<hostname>smtp.example.com</hostname>': '<hostname/>' })).account?.outgoing,
    undefined
  )
})

t.test('replaces all placeholders, including those in host names', async t => {
  const { account } = await discoverChanged({
    'imap.example.com': '%EMAILLOCALPART%.%EMAILDOMAIN%',
    '%EMAILADDRESS%': '%EMAILDOMAIN%@%EMAILLOCALPART%'
  })
  t.same(account?.incoming, { ...imap, host: 'jane.example.com', username: 'example.com@jane' })
})

t.test('proposes the address if the user name does not look like one', async t => {
  for (const username of ['%EMAILLOCALPART%', '@example.com', '']) {
    t.equal((await discoverChanged({ '%EMAILADDRESS%': username })).account?.incoming.username, undefined)
  }
  t.equal((await discoverChanged({ '<username>%EMAILADDRESS%</username>': '' })).account?.incoming.username, undefined)
})

t.test('uses one user name for both sides', async t => {
  const [before = '', between = '', after = ''] = clientConfig.split('%EMAILADDRESS%')
  const { account } = await discover(`${before}%EMAILADDRESS%${between}other@example.com${after}`)
  t.equal(account?.outgoing?.username, address)
})

t.test('uses the safest server, and the last one found among equals', async t => {
  const starttls = changed({ '>SSL<': '>STARTTLS<', 'imap.example.com': 'starttls.example.com' })
  const both = await discoverAll({ [`GET ${first}`]: { body: clientConfig }, [`GET ${second}`]: { body: starttls } })
  t.equal(both.account?.incoming.host, 'imap.example.com')
  const other = changed({ 'imap.example.com': 'other.example.com' })
  const two = await discoverAll({ [`GET ${first}`]: { body: clientConfig }, [`GET ${central}`]: { body: other } })
  t.match(two.account, { incoming: { host: 'other.example.com' }, from: central })
  const same = await discoverAll({
    [`GET ${first}`]: { body: clientConfig },
    [`GET ${central}`]: { body: clientConfig }
  })
  t.equal(same.account?.from, first)
})

t.test('prefers SRV records to a document that is as safe', async t => {
  const dns = srv({
    imaps: [
      record(993, 'b.example', { priority: 1 }),
      record(993, 'c.example'),
      record(993, 'a.example.', { weight: 2 })
    ],
    imap: [record(143, 'd.example')],
    submissions: [record(465, 'e.example')],
    submission: [record(0, '.')]
  })
  t.same((await discover(clientConfig, dns)).account, {
    incoming: { ...imap, host: 'a.example', ...unnamed },
    outgoing: { ...smtp, host: 'e.example', ...unnamed },
    from: '_imaps._tcp.example.com'
  })
})

t.test('reads the document at the URL in a TXT record', async t => {
  const url = 'https://example.net/config.xml'
  const { account } = await discoverAll(
    { [`GET ${url}`]: { body: clientConfig } },
    { txt: { 'example.com': [`mailconf=${url}`] } }
  )
  t.equal(account?.from, url)
})

t.test('uses PACC, whose servers have implicit TLS, with the names of draft 02', async t => {
  t.same((await discoverPacc(pacc)).account, paccAccount)
})

t.test('accepts a digest with spaces, other letter case and unknown tags', async t => {
  for (const txt of [
    (digest: string) => `V=uaac1;A=SHA256;x=y;D=${digest};`,
    (digest: string) => ` d = ${digest} ; ; v = UAAC1 ; a = sha256 `
  ]) {
    t.same((await discoverPacc(pacc, txt)).account, paccAccount)
  }
})

t.test('discards PACC without its digest in the DNS', async t => {
  for (const txt of [
    () => 'v=UAAC1; a=sha256; d=',
    (digest: string) => `v=UAAC2; a=sha256; d=${digest}`,
    (digest: string) => `v=UAAC1; a=sha512; d=${digest}`
  ]) {
    const { account, trace } = await discoverPacc(pacc, txt)
    t.equal(account, undefined)
    t.match(trace[1], {
      asked: 'TXT _ua-auto-config.example.com',
      result: '1 record, refused: no digest that matches the body'
    })
  }
})

t.test('discards PACC if values have the wrong type', async t => {
  const { protocols, authentication, info } = pacc
  for (const document of [
    'no JSON',
    'null',
    '[]',
    { authentication, info },
    { protocols, info },
    { protocols, authentication },
    { ...pacc, protocols: { imap: {} } },
    { ...pacc, protocols: { imap: 'imap.example.com' } },
    { ...pacc, protocols: { ...protocols, caldav: { url: 1 } } },
    { ...pacc, authentication: { password: 'yes' } },
    { ...pacc, authentication: { 'oauth-public': {} } },
    { ...pacc, info: {} },
    { ...pacc, info: { provider: { name: 1 } } },
    { ...pacc, info: { provider: { name: 'x', shortName: 1 } } },
    { ...pacc, info: { provider: { name: 'x', logo: {} } } },
    { ...pacc, info: { provider: { name: 'x', logo: [{}] } } },
    { ...pacc, info: { ...info, help: 'x' } },
    { ...pacc, info: { ...info, help: { documentation: 1 } } },
    { ...pacc, info: { ...info, help: { contact: [1] } } }
  ]) {
    t.equal((await discoverPacc(document)).account, undefined, JSON.stringify(document))
  }
  const full = {
    ...pacc,
    protocols: { ...protocols, pop3: null, webdav: { url: 'https://dav.example.com/' } },
    authentication: { 'oauth-public': { issuer: 'https://example.com' } },
    info: {
      provider: { name: 'x', shortName: null, logo: [{ url: 'x', 'content-type': 'image/svg+xml' }] },
      help: { documentation: 'x', developer: 'x', contact: ['mailto:x@example.com'] }
    }
  }
  t.same((await discoverPacc(full)).account, paccAccount)
})

t.test('prefers JMAP if it finds a session or a login request', async t => {
  const json = { 'content-type': 'application/json; charset=utf-8' }
  const session = JSON.stringify({ capabilities: { 'urn:ietf:params:jmap:core': {} }, apiUrl: 'https://x.example/' })
  for (const [answer, isJmap] of [
    [{ headers: json, body: session }, true],
    [{ headers: json, body: '{"capabilities":{"urn:ietf:params:jmap:core":{}}}' }, false],
    [{ headers: json, body: '{}' }, false],
    [{ headers: json, body: 'null' }, false],
    [{ headers: json, body: '' }, false],
    [{ headers: { 'content-type': 'text/html' }, body: session }, false],
    [{ status: 401 }, true],
    [{ status: 401, headers: { 'content-type': 'text/html', 'www-authenticate': 'Basic' } }, true],
    [{ status: 401, headers: { 'content-type': 'text/html' } }, false],
    [{ status: 404, headers: json, body: session }, false]
  ] as const) {
    const answers = { [`GET ${first}`]: { body: clientConfig }, [`GET ${jmapUrl}`]: answer }
    const { account } = await discoverAll(answers)
    t.equal(account?.incoming.protocol, isJmap ? 'jmap' : 'imap', JSON.stringify(answer))
  }
})

t.test('looks for JMAP at the target of the SRV record, and follows redirects there', async t => {
  const moved = 'https://api.example.net/session'
  const { account } = await discoverAll(
    {
      'GET https://jmap.example.com:8443/.well-known/jmap': { status: 302, headers: { location: moved } },
      [`GET ${moved}`]: { status: 401 }
    },
    srv({ jmap: [record(8443, 'jmap.example.com')] })
  )
  const server = { protocol: 'jmap', host: 'api.example.net', port: 443, security: 'tls', ...unnamed }
  t.same(account, { incoming: server, outgoing: server, from: moved })
  t.equal((await discoverAll({}, srv({ jmap: [record(443, 'a b')] }))).account, undefined)
})

t.test('uses the JMAP server of PACC', async t => {
  const protocols = { jmap: { url: 'https://jmap.example.com:8443/session' } }
  t.match((await discoverPacc({ ...pacc, protocols })).account, { incoming: { host: 'jmap.example.com', port: 8443 } })
  t.equal((await discoverPacc({ ...pacc, protocols: { jmap: { url: 'nowhere' } } })).account, undefined)
})

t.test('never throws for any response', async t => {
  await t.resolves(neverThrows(himalaya))
})
