import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { parse } from 'plist'
import t from 'tap'
import { anyAddress } from '../../support/arbitraries/address.ts'
import { anyCharacter } from '../../support/arbitraries/character.ts'
import { hasNone } from '../../support/has-none.ts'
import { openWire } from '../../support/http/wire.ts'
import { outlookSchema, poxRequest } from '../../support/pox-request.ts'
import { exampleSettings, serveApp } from '../../support/served-app.ts'

const autoconfig = '/mail/config-v1.1.xml'
const autodiscover = '/autodiscover/autodiscover.xml'
const profile = '/email.mobileconfig'

t.test('autoconfig: every query gets the document of the domain, byte for byte', async t => {
  const { app } = serveApp(t)
  const ask = (query: string) =>
    app.inject({ url: `${autoconfig}?${query}`, headers: { host: 'autoconfig.example.com' } })
  const expected = (await ask('')).body
  for (const query of [
    'emailaddress=jane@example.com',
    'emailaddress=nobody-has-this-mailbox@example.com',
    'emailaddress=a%2Bb%40example.com',
    'emailaddress=a+b@example.com',
    'emailaddress=JANE@EXAMPLE.COM',
    'EmailAddress=jane@example.com',
    'emailaddress=',
    'emailaddress',
    'emailaddress=jane',
    'emailaddress=@',
    'emailaddress=@example.com',
    'emailaddress=jane@example.com&emailaddress=john@elsewhere.example',
    // Observed: Evolution replaces the local part, and sends its digest separately.
    'emailaddress=EVOLUTIONUSER%40example.com&emailmd5=b642b4217b34b1e8d3bd915fc65c4452',
    `emailaddress=${'x'.repeat(2_000)}`,
    `emailaddress=${'%41'.repeat(700)}@example.com`,
    `${'x'.repeat(2_000)}&emailaddress=jane@example.com`,
    'emailaddress=%',
    'emailaddress=%zz@example.com',
    'emailaddress=%c3%28@example.com',
    'emailaddress=jane%00@example.com',
    'emailaddress=jane%0d%0aX-Injected:%20yes@example.com',
    'emailaddress=%3C%2Fusername%3E%3Cusername%3Eevil%3C%2Fusername%3E@example.com',
    'emailaddress=jane@example.com%3C%2Fdomain%3E',
    'emailaddress=jane@unknown.example',
    '&&==&&?&emailaddress=jane@example.com',
    '__proto__=1&constructor=2&emailaddress=jane@example.com'
  ]) {
    const answer = await ask(query)
    t.equal(answer.statusCode, 200, query)
    t.equal(answer.body, expected)
  }
})

t.test('autoconfig: no query causes a server error or is reflected', async t => {
  const { app } = serveApp(t)
  const ask = (query: string) => app.inject({ url: `${autoconfig}?${query}`, headers: { host: 'example.com' } })
  const expected = (await ask('')).body
  const piece = fc.oneof(
    fc.string({ unit: 'binary-ascii' }).map(text => text.replace(/[^!-~]|#/g, '')),
    fc.string({ unit: anyCharacter }).map(text => encodeURIComponent(text.toWellFormed())),
    fc.constantFrom('emailaddress=', '&', '=', '%', '@example.com', '@', '+', '%40', '%2', '%ff')
  )
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async pieces => {
      const { statusCode, body } = await ask(pieces.join(''))
      return statusCode === 200 && body === expected
    })
  )
})

t.test('autoconfig: the domain of the address is preferred to the host, then 404 follows', async t => {
  const { app } = serveApp(t)
  const ask = (host: string, query: string) => app.inject({ url: `${autoconfig}?${query}`, headers: { host } })
  for (const [host, address, domain] of [
    ['autoconfig.hoster.example', 'jane@bücher.example', 'xn--bcher-kva.example'],
    ['other.example', 'jane@xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['example.com', 'jane@a.customers.example', 'a.customers.example'],
    ['example.com', 'jane@other.example', 'example.com'],
    ['autoconfig.a.customers.example', 'jane@other.example', 'a.customers.example']
  ] as const) {
    const answer = await ask(host, `emailaddress=${encodeURIComponent(address)}`)
    t.match(answer.body, `<domain>${domain}</domain>`, `${address} at ${host}`)
  }
  t.equal((await ask('other.example', 'emailaddress=jane@other.example')).statusCode, 404)
})

t.test('autoconfig: plain http gets the same bytes', async t => {
  const { app } = serveApp(t)
  const url = `${autoconfig}?emailaddress=jane@example.com`
  const secure = await app.inject({ url, headers: { host: 'example.com', 'x-forwarded-proto': 'https' } })
  const plain = await app.inject({ url, headers: { host: 'example.com', 'x-forwarded-proto': 'http' } })
  t.equal(plain.statusCode, 200)
  t.equal(plain.body, secure.body)
  t.same({ ...plain.headers, date: '' }, { ...secure.headers, date: '' })
  hasNone(t, plain.headers, ['location', 'strict-transport-security', 'vary'])
})

// Observed: EmailEngine requests the .well-known URL only over http. Thunderbird for Android asks people to approve settings that
// came over http or after a redirect to it, so the same URLs also answer over https.
t.test('autoconfig: every URL answers over http and https with the same document, and without a redirect', async t => {
  const { app } = serveApp(t)
  const wellKnown = '/.well-known/autoconfig/mail/config-v1.1.xml'
  for (const [host, url] of [
    ['autoconfig.example.com', autoconfig],
    ['autoconfig.example.com', '/.well-known/mail-v1.xml'],
    ['example.com', wellKnown],
    ['example.com', `${wellKnown}?emailaddress=jane@example.com`]
  ] as const) {
    const [http, https] = await Promise.all(
      ['http', 'https'].map(scheme => app.inject({ url, headers: { host, 'x-forwarded-proto': scheme } }))
    )
    t.same([http?.statusCode, https?.statusCode], [200, 200], url)
    t.match(https?.body, '<domain>example.com</domain>')
    t.equal(http?.body, https?.body)
  }
})

t.test('serving: responses state how long they may be cached', async t => {
  const { app } = serveApp(t)
  const headers = { host: 'example.com' }
  for (const [request, kept] of [
    [{ url: autoconfig, headers }, 'public, max-age=3600'],
    [{ url: autodiscover, headers }, 'no-store'],
    [{ method: 'POST', url: autodiscover, payload: poxRequest('jane@example.com') }, 'no-store'],
    [{ method: 'POST', url: autodiscover, payload: '' }, 'no-store'],
    [{ url: `${profile}?email=jane@example.com` }, 'no-store'],
    [{ url: profile }, 'no-store'],
    [{ url: autodiscover, headers: { ...headers, 'x-forwarded-proto': 'http' } }, 'no-store'],
    [{ url: autoconfig, headers: { host: 'other.example' } }, 'no-store'],
    [{ method: 'PUT', url: autoconfig }, 'no-store'],
    [{ url: '/' }, 'no-store']
  ] as const) {
    t.equal((await app.inject(request)).headers['cache-control'], kept, `${request.url}`)
  }
})

t.test('autodiscover: the body is recognized with any content type', async t => {
  const { app } = serveApp(t)
  const payload = poxRequest('jane@example.com')
  for (const type of [
    'text/xml; charset=utf-8',
    'text/xml',
    'application/xml',
    // Observed: FairEmail sets no content type, and Java then sends this one.
    'application/x-www-form-urlencoded',
    'application/json',
    'text/plain; charset=iso-8859-1',
    'multipart/form-data; boundary=x',
    'application/octet-stream',
    '*/*',
    'text/xml;',
    'text/xml; charset="utf-8',
    'no media type',
    '',
    undefined
  ]) {
    const headers = type === undefined ? {} : { 'content-type': type }
    const answer = await app.inject({ method: 'POST', url: autodiscover, headers, payload })
    t.equal(answer.statusCode, 200, `${type}`)
    t.match(answer.body, '<LoginName>jane@example.com</LoginName>', `${type}`)
  }
})

t.test('autodiscover: every valid form of the request is understood', async t => {
  const { app } = serveApp(t)
  const request = poxRequest('jane@example.com')
  const expected = (await app.inject({ method: 'POST', url: autodiscover, payload: request })).body
  const utf16 = Buffer.from(`\ufeff${request.replace('utf-8', 'utf-16')}`, 'utf16le')
  for (const [how, payload] of [
    ['byte order mark', `\ufeff${request}`],
    ['UTF-16, little-endian', utf16],
    ['UTF-16, big-endian', Buffer.from(utf16).swap16()],
    ['no declaration', request.replace(/<\?.*\?>\s*/, '')],
    ['single quotes', request.replaceAll('"', "'")],
    [
      'white space around values',
      request.replace(/>(jane.*?)</, '>\r\n\t $1 \n<').replace(outlookSchema, `\n${outlookSchema} `)
    ],
    ['schema first', request.replace(/(<EMail.*)\n\s*(<Acceptable.*)/, '$2\n$1')],
    ['prefixes', request.replaceAll(/<(\/?)(?=[AER])/g, '<$1a:').replace('xmlns=', 'xmlns:a=')],
    ['a comment', request.replace('<Request>', '<Request><!-- <EMailAddress>eve@example.com</EMailAddress> -->')],
    ['CDATA', request.replace('jane@example.com', '<![CDATA[jane@example.com]]>')],
    ['a numeric entity', request.replace('jane@', 'jane&#64;')],
    [
      'unknown elements',
      request.replace('</Request>', '<New a="1"><EMailAddress>eve@example.com</EMailAddress></New></Request>')
    ],
    ['another case of the schema', request.replace(outlookSchema, outlookSchema.toUpperCase())]
  ] as const) {
    const answer = await app.inject({ method: 'POST', url: autodiscover, payload })
    t.equal(answer.body, expected, how)
  }
})

t.test('autodiscover: an invalid request gets 200 with an error in the document', async t => {
  const { app } = serveApp(t)
  const request = poxRequest('jane@example.com')
  for (const [code, payload] of [
    [600, ''],
    [600, ' '],
    [600, 'jane@example.com'],
    [600, '{"EMailAddress":"jane@example.com"}'],
    [600, 'EMailAddress=jane%40example.com'],
    [600, '<ham/>'],
    [600, '<Autodiscover/>'],
    [600, '<Autodiscover><Request/></Autodiscover>'],
    [600, request.slice(0, -20)],
    [600, request.replaceAll('EMailAddress', 'EmailAddress')],
    [600, request.replace('</EMailAddress>', '</EMailAddress><EMailAddress>eve@example.com</EMailAddress>')],
    [600, request.replace(/<EMailAddress>.*<\/EMailAddress>/, '')],
    [600, gzipSync(request)],
    [600, Buffer.from([0xff, 0xfe, 0x00])],
    [600, Buffer.from(poxRequest('jané@example.com'), 'latin1')],
    [600, `${request}${request}`],
    [601, request.replace(/<Acceptable.*>/, '')],
    [601, request.replace('outlook/responseschema/2006a', 'mobilesync/responseschema/2006')],
    [601, request.replace('2006a', '2006')],
    [500, poxRequest('jane')],
    [500, poxRequest('jane doe@example.com')],
    [500, poxRequest('jane@')],
    [500, poxRequest('@example.com')],
    [500, request.replace('<EMail', '<LegacyDN>/o=x</LegacyDN><EMail')]
  ] as const) {
    const headers = { host: 'example.com', 'content-encoding': typeof payload === 'string' ? 'identity' : 'gzip' }
    const answer = await app.inject({ method: 'POST', url: autodiscover, headers, payload })
    t.equal(answer.statusCode, 200)
    t.match(answer.body, `<ErrorCode>${code}</ErrorCode>`, payload.toString())
  }
})

t.test('autodiscover: document types, entities and entity bombs are refused immediately', async t => {
  const { app } = serveApp(t)
  const request = poxRequest('jane@example.com')
  const laughs = Array.from({ length: 9 }, (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`).join('')
  const nested = `${'<a>'.repeat(2_200)}${'</a>'.repeat(2_200)}`
  for (const [what, payload] of [
    ['a document type', request.replace('?>', '?><!DOCTYPE Autodiscover>')],
    [
      'a file',
      request.replace('?>', '?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>').replace('jane', '&x;')
    ],
    ['a URL', request.replace('?>', '?><!DOCTYPE a SYSTEM "http://evil.example/x.dtd">')],
    ['a parameter entity', request.replace('?>', '?><!DOCTYPE a [<!ENTITY % x SYSTEM "http://evil.example/"> %x;]>')],
    ['a billion laughs', request.replace('?>', `?><!DOCTYPE a [<!ENTITY l0 "ha">${laughs}]>`).replace('jane', '&l9;')],
    ['deep nesting', request.replace('</Request>', `${nested}</Request>`)],
    ['prototypes', request.replace('<Request>', '<__proto__><polluted>1</polluted></__proto__><Request>')],
    [
      'constructors',
      request.replace('<Request>', '<constructor><prototype><polluted>1</polluted></prototype></constructor><Request>')
    ],
    [
      'many attributes',
      request.replace('<Request>', `<Request ${Array.from({ length: 1_200 }, (_, at) => `a${at}=""`).join(' ')}>`)
    ],
    ['many elements', request.replace('</Request>', `${'<a/>'.repeat(3_900)}</Request>`)],
    ['an unclosed comment', request.replace('<Request>', `<!-- ${'- '.repeat(7_000)}`)],
    ['an unclosed tag', `<Autodiscover ${'a '.repeat(8_000)}`]
  ] as const) {
    const started = performance.now()
    const { statusCode, body } = await app.inject({ method: 'POST', url: autodiscover, payload })
    t.equal(statusCode, 200, what)
    t.notMatch(body, /root:|evil|haha/, what)
    t.ok(performance.now() - started < 1_000, `${what}: in time`)
  }
  t.notOk('polluted' in {})
})

t.test('autodiscover: existing and unknown mailboxes get the same bytes', async t => {
  const { app } = serveApp(t)
  const ask = async (name: string) => {
    const payload = poxRequest(`${name}@example.com`)
    const { headers, body } = await app.inject({ method: 'POST', url: autodiscover, payload })
    return { headers: { ...headers, date: '' }, body: body.replaceAll(name, '…') }
  }
  t.same(await ask('jane'), await ask('nope'))
})

t.test('autodiscover: other spellings of an address get the same account', async t => {
  const { app } = serveApp(t)
  const ask = async (address: string) =>
    (await app.inject({ method: 'POST', url: autodiscover, payload: poxRequest(address) })).body
  t.equal(await ask('jane@EXAMPLE.com'), await ask('jane@example.com'))
  t.equal(await ask('jane@bücher.example'), await ask('jane@xn--bcher-kva.example'))
  t.match(await ask('jane+tag@example.com'), '<LoginName>jane+tag@example.com</LoginName>')
})

t.test('autodiscover: the response to GET depends on the host, and has no user name', async t => {
  const { app } = serveApp(t)
  for (const host of ['example.com', 'autodiscover.example.com', 'AUTODISCOVER.a.customers.example:443']) {
    const { statusCode, body } = await app.inject({ url: autodiscover, headers: { host } })
    t.equal(statusCode, 200)
    t.match(body, /<Type>IMAP<\/Type>[\s\S]*<Type>SMTP<\/Type>/)
    t.notMatch(body, /<LoginName>|<User>|<Error/)
  }
  const { statusCode, body } = await app.inject({ url: autodiscover, headers: { host: 'other.example' } })
  t.equal(statusCode, 404)
  t.equal(body, 'Nothing is served here. [AC_NOT_FOUND]\n')
})

t.test('autodiscover: an unserved domain gets 404', async t => {
  const { app } = serveApp(t)
  const headers = { host: 'other.example' }
  const payload = poxRequest('jane@other.example')
  const posted = await app.inject({ method: 'POST', url: autodiscover, headers, payload })
  const lost = await app.inject({ url: '/nowhere', headers })
  t.equal(posted.statusCode, 404)
  t.same({ ...posted.headers, date: '' }, { ...lost.headers, date: '' })
  t.equal(posted.body, lost.body)
})

t.test('profiles: a missing or invalid address gets 400, and an unknown domain 404', async t => {
  const { app } = serveApp(t)
  for (const [status, query] of [
    [400, ''],
    [400, 'email='],
    [400, 'email=jane'],
    [400, 'email=jane@'],
    [400, 'email=%'],
    [400, 'email=jane%0d%0a@example.com'],
    [400, 'email=jane@example.com%0d%0aX-Injected:%20yes'],
    [400, 'email=jane@example.com"; filename=evil.exe'.replaceAll(' ', '%20')],
    [400, 'email=jane@example.com&name=two%0alines'],
    [400, `email=jane@example.com&name=${'x'.repeat(101)}`],
    [404, 'email=jane@other.example'],
    [404, 'email=jane@a.customers.example'],
    [200, 'email=jane@example.com'],
    [200, 'email=nobody-has-this-mailbox@example.com&name=Jane+Doe'],
    [200, 'email=jane@b%C3%BCcher.example']
  ] as const) {
    const answer = await app.inject(`${profile}?${query}`)
    t.equal(answer.statusCode, status, query)
    t.equal(answer.headers['x-injected'], undefined)
  }
})

t.test('profiles: every request gets a property list or is refused', async t => {
  const { app } = serveApp(t)
  // Why without U+FFFD: the reference parser reports it as a broken encoding.
  const text = fc
    .string({ unit: anyCharacter, maxLength: 20 })
    .map(typed => typed.toWellFormed().replaceAll('\ufffd', ''))
  const address = fc.oneof(
    text,
    text.map(name => `${name}@example.com`),
    anyAddress.map(({ text }) => text)
  )
  const host = fc.constantFrom('example.com', 'other.example', '[::1]', '')
  await fc.assert(
    fc.asyncProperty(address, text, host, async (email, name, host) => {
      const url = `${profile}?email=${encodeURIComponent(email)}&name=${encodeURIComponent(name)}`
      const { statusCode, body } = await app.inject({ url, headers: { host } })
      if (statusCode === 200) return typeof parse(body) === 'object'
      return statusCode === 400 || statusCode === 404
    })
  )
})

t.test('profiles: the file is named after the domain in ASCII', async t => {
  const { app } = serveApp(t)
  for (const method of ['GET', 'HEAD'] as const) {
    const { headers } = await app.inject({ method, url: `${profile}?email=jan%C3%A9@b%C3%BCcher.example` })
    t.equal(headers['content-disposition'], 'attachment; filename="xn--bcher-kva.example.mobileconfig"')
    t.equal(headers['content-type'], 'application/x-apple-aspen-config')
    t.equal(headers['cache-control'], 'no-store')
    t.match(headers['content-length'], /^\d+$/)
  }
})

t.test('plain http: autodiscover and profiles are redirected to https', async t => {
  const { app } = serveApp(t)
  const headers = { host: 'Autodiscover.Example.COM.:80', 'x-forwarded-proto': 'http' }
  const origin = 'https://autodiscover.example.com'
  for (const [request, location] of [
    [{ url: '/AutoDiscover/AutoDiscover.xml' }, `${origin}${autodiscover}`],
    [{ url: `${autodiscover}?x=y` }, `${origin}${autodiscover}`],
    [{ method: 'HEAD', url: autodiscover }, `${origin}${autodiscover}`],
    [{ method: 'POST', url: autodiscover, payload: poxRequest('jane@example.com') }, `${origin}${autodiscover}`],
    [{ method: 'POST', url: autodiscover, payload: 'nonsense' }, `${origin}${autodiscover}`],
    [{ url: '/MobileConfig?EmailAddress=a%2Bb@example.com' }, `${origin}${profile}?email=a%2Bb%40example.com`],
    [
      { url: `${profile}?email=jane@example.com&name=J%C3%A9+D` },
      `${origin}${profile}?email=jane%40example.com&name=J%C3%A9%20D`
    ],
    [{ url: `${profile}?email=nonsense` }, `${origin}${profile}?email=`]
  ] as const) {
    const answer = await app.inject({ ...request, headers })
    t.equal(answer.statusCode, 302, request.url)
    t.equal(answer.headers.location, location)
    t.equal(answer.headers['content-length'], '0')
    t.equal(answer.body, '')
  }
})

t.test('plain http: only a trusted proxy can report it, and its last value counts', async t => {
  const { app } = serveApp(t)
  const statusOf = async (proto: string | undefined, remoteAddress: string) => {
    const headers = { host: 'example.com', ...(proto !== undefined && { 'x-forwarded-proto': proto }) }
    return (await app.inject({ url: autodiscover, headers, remoteAddress })).statusCode
  }
  for (const [proto, peer, status] of [
    ['http', '127.0.0.1', 302],
    ['HTTP', '::ffff:127.0.0.1', 302],
    ['https, http', '127.0.0.1', 302],
    ['http, https', '127.0.0.1', 200],
    ['https', '127.0.0.1', 200],
    ['gopher', '127.0.0.1', 200],
    ['', '127.0.0.1', 200],
    [undefined, '127.0.0.1', 200],
    ['http', '192.0.2.1', 200],
    ['http', '::1', 200]
  ] as const) {
    t.equal(await statusOf(proto, peer), status, `${proto} from ${peer}`)
  }
})

t.test('plain http: characters that URLs do not allow are encoded in the redirect', async t => {
  const wire = await openWire(t, serveApp(t).app)
  const host = 'Host: example.com\r\nX-Forwarded-Proto: http'
  for (const [sent, location] of [
    ['/?"<b>\\^`{|}', '/?%22%3cb%3e%5c%5e%60%7b%7c%7d'],
    ['/setup/"x', '/setup/%22x'],
    ["/?a=%C3%BC&b=c+d;e'~!$()*,:@[]_-./?", "/?a=%C3%BC&b=c+d;e'~!$()*,:@[]_-./?"]
  ] as const) {
    wire.send(`GET ${sent} HTTP/1.1\r\n${host}\r\n\r\n`)
    t.equal((await wire.receive()).headers.location, `https://example.com${location}`, sent)
  }
})

t.test('plain http: redirects only to a served host or to publicUrl', async t => {
  const headers = (host: string) => ({ host, 'x-forwarded-proto': 'http', 'x-forwarded-host': 'evil.example' })
  const { app } = serveApp(t)
  const there = serveApp(t, exampleSettings.replace('http: {', 'http: { publicUrl: https://signpost.example.net,')).app
  for (const host of ['evil.example', 'evil.example/example.com', 'example.com@evil.example', '"', '[::1]', '']) {
    const refused = await app.inject({ url: autodiscover, headers: headers(host) })
    t.equal(refused.statusCode, 404, host)
    t.equal(refused.headers.location, undefined)
    const led = await there.inject({ url: autodiscover, headers: headers(host) })
    t.equal(led.headers.location, `https://signpost.example.net${autodiscover}`, host)
  }
  const own = headers('autodiscover.a.customers.example')
  const led = await app.inject({ url: autodiscover, headers: own })
  t.equal(led.headers.location, `https://autodiscover.a.customers.example${autodiscover}`)
})

t.test('plain http: redirects to publicUrl if it is set, because the host may have no certificate', async t => {
  const there = serveApp(t, exampleSettings.replace('http: {', 'http: { publicUrl: https://signpost.example.net,')).app
  const headers = { host: 'autodiscover.a.customers.example', 'x-forwarded-proto': 'http' }
  for (const [url, location] of [
    [autodiscover, `https://signpost.example.net${autodiscover}`],
    ['/setup?email=jane@example.com', 'https://signpost.example.net/setup?email=jane@example.com'],
    [
      '/email.mobileconfig?email=jane@example.com',
      'https://signpost.example.net/email.mobileconfig?email=jane%40example.com'
    ],
    [
      '/.well-known/user-agent-configuration.json',
      'https://autodiscover.a.customers.example/.well-known/user-agent-configuration.json'
    ]
  ] as const) {
    t.equal((await there.inject({ url, headers })).headers.location, location, url)
  }
  const elsewhere = await there.inject({
    url: '/.well-known/user-agent-configuration.json',
    headers: { ...headers, host: 'evil.example' }
  })
  t.equal(
    elsewhere.headers.location,
    'https://signpost.example.net/.well-known/user-agent-configuration.json',
    'the redirect never names an unserved host'
  )
})
