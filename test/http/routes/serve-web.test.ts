import t from 'tap'
import { de } from '../../../src/web/words/languages/de.ts'
import { en } from '../../../src/web/words/languages/en.ts'
import { pageFaults } from '../../schemas/page-faults.ts'
import { issue } from '../../support/certificates.ts'
import { hasNone } from '../../support/has-none.ts'
import { exampleSettings, serveApp } from '../../support/served-app.ts'
import { tableOf } from '../../support/table-of.ts'

/** The example, and a provider whose page is switched off. */
const settings = exampleSettings.replace(
  'providers:',
  `providers:
  - id: quiet
    name: Quiet
    domains: [quiet.example]
    dialects: { web: false }
    servers:
      - { protocol: imap, host: imap.quiet.example }
      - { protocol: smtp, host: smtp.quiet.example }`
)

const setup = '/setup?email=jane%40example.com'
const headers = { host: 'autoconfig.example.com' }
const paths = ['/', '/setup', setup, '/setup/example', '/setup/nobody', '/robots.txt', '/favicon.ico']

t.test('web: every page has a content type and a strict content security policy', async t => {
  const { app } = serveApp(t, settings)
  for (const [url, status] of [
    ['/', 200],
    ['/?lang=ar', 200],
    ['/setup', 200],
    ['/setup?email=', 400],
    ['/setup?email=jane', 400],
    [setup, 200],
    [`${setup}&lang=ja`, 200],
    ['/SETUP/?EMAIL=jane@example.com', 200],
    ['/setup?email=%20jane@example.com%20', 200],
    ['/setup?email=jane@b%C3%BCcher.example', 200],
    ['/setup?email=jane@%5B192.0.2.1%5D', 400],
    ['/setup?email=jane@quiet.example', 404],
    ['/setup/example', 200],
    ['/setup/EXAMPLE/', 200],
    ['/setup/quiet', 404],
    ['/setup/nobody', 404],
    ['/setup/%3Cb%3E', 404]
  ] as const) {
    const answer = await app.inject({ url, headers: { host: 'signpost.example.net' } })
    t.equal(answer.statusCode, status, url)
    t.same(pageFaults({ headers: answer.headers as Record<string, string>, body: answer.body }), [], url)
    t.match(answer.headers, {
      'content-type': 'text/html; charset=utf-8',
      'content-length': String(answer.rawPayload.length),
      'x-robots-tag': 'noindex',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'permissions-policy': String,
      'accept-ch': 'sec-ch-ua-platform',
      vary: isGuessed(url, status) ? 'accept-language, sec-ch-ua-platform, user-agent' : 'accept-language'
    })
    hasNone(t, answer.headers, ['strict-transport-security', 'x-frame-options', 'x-powered-by', 'set-cookie', 'server'])
    const isShared = status === 200 && url.startsWith('/setup/')
    t.equal(answer.headers['cache-control'], isShared ? 'private, max-age=300' : 'no-store', url)
    t.match(answer.headers['content-security-policy'], isShared ? /frame-ancestors \*$/ : /frame-ancestors 'none'$/)
    t.equal(answer.headers['cross-origin-resource-policy'], isShared ? 'cross-origin' : 'same-origin')
  }
})

/** Whether a page is for a device that was guessed from the headers. */
function isGuessed(url: string, status: number): boolean {
  return status === 200 && (url.toLowerCase().includes('email=') || url.startsWith('/setup/'))
}

t.test('web: the device comes from the URL, otherwise from the headers, which Vary then lists', async t => {
  const { app } = serveApp(t, settings)
  const iPhone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15'
  for (const url of ['/setup?email=jane@example.com', '/setup/example?']) {
    const deviceAt = async (more: string, sent: Record<string, string>) => {
      const answer = await app.inject({ url: `${url}${more}`, headers: { ...headers, ...sent } })
      const [, device] = /device=(\w+)&amp;lang=en" target="_self" aria-current/.exec(answer.body) ?? []
      return [device, answer.headers.vary]
    }
    const guessed = 'accept-language, sec-ch-ua-platform, user-agent'
    t.same(await deviceAt('', {}), ['other', guessed])
    t.same(await deviceAt('', { 'user-agent': iPhone }), ['iphone', guessed])
    t.same(await deviceAt('', { 'user-agent': 'x', 'sec-ch-ua-platform': '"Windows"' }), ['windows', guessed])
    t.same(await deviceAt('&device=linux', { 'user-agent': iPhone }), ['linux', 'accept-language'])
    t.same(await deviceAt('&device=toaster', { 'user-agent': iPhone }), ['iphone', guessed])
  }
  const foreign = await app.inject({ url: '/setup?email=jane@exmaple.com&device=linux', headers })
  t.match(foreign.body, 'confirmed=1&amp;device=linux&amp;lang=en')
  for (const url of ['/setup?email=jane@nowhere.example&device=linux', '/setup/nobody?device=linux']) {
    const { body } = await app.inject({ url, headers: { host: 'signpost.example.net' } })
    t.match(body, '<input type="hidden" name="device" value="linux">', url)
  }
  const start = await app.inject({ url: '/?device=linux', headers })
  t.match(start.body, '<input type="hidden" name="device" value="linux">')
  t.equal(start.headers.vary, 'accept-language')
})

t.test('web: a page that depends on no header of the visitor is for shared caches', async t => {
  const { app } = serveApp(t, settings)
  for (const [query, cache, vary] of [
    ['?device=mac&lang=de', 'public, max-age=300', undefined],
    ['?device=mac', 'private, max-age=300', 'accept-language'],
    ['?device=mac&lang=xx', 'private, max-age=300', 'accept-language'],
    ['?lang=de-AT', 'private, max-age=300', 'sec-ch-ua-platform, user-agent'],
    ['', 'private, max-age=300', 'accept-language, sec-ch-ua-platform, user-agent']
  ] as const) {
    const answer = await app.inject({ url: `/setup/example${query}`, headers })
    t.same([answer.headers['cache-control'], answer.headers.vary], [cache, vary], query)
    const other = await app.inject({
      url: `/setup/example${query}`,
      headers: { ...headers, 'accept-language': 'ja', 'user-agent': 'Windows NT' }
    })
    t.equal(other.body === answer.body, vary === undefined, `${query} differs between visitors`)
  }
})

t.test('web: requests with any number of different headers get the same stored page', async t => {
  const { app } = serveApp(t, settings)
  const pageFor = async (userAgent: string) =>
    (await app.inject({ url: '/setup/example', headers: { ...headers, 'user-agent': userAgent } })).body
  const expected = await pageFor('Windows NT')
  for (let count = 0; count < 100; count++) t.equal(await pageFor(`Windows NT ${count}`), expected)
})

t.test(
  'web: hosts that belong to no provider show the title of the service, or the host of its public URL',
  async t => {
    const brandOf = async (http: string) => {
      const { app } = serveApp(t, settings.replace('http: {', `http: { ${http}`))
      const brands = new Set<string | undefined>()
      for (const url of ['/?lang=en', '/setup/nobody', '/setup?email=jane@other.example']) {
        const { body } = await app.inject({ url, headers: { host: 'evil.example' } })
        t.notMatch(body, 'evil.example')
        brands.add(/<div class="brand"><bdi>([^<]*)/.exec(body)?.[1])
      }
      return [...brands]
    }
    t.same(await brandOf('title: Mail & more,'), ['Mail &amp; more'])
    t.same(await brandOf('publicUrl: "https://signpost.example.net",'), ['signpost.example.net'])
    t.same(await brandOf('title: Mail, publicUrl: "https://signpost.example.net",'), ['Mail'])
    t.same(await brandOf(''), [''])
  }
)

t.test('web: headers for browsers are sent with pages only', async t => {
  const { app } = serveApp(t, settings)
  for (const url of ['/mail/config-v1.1.xml', '/nothing', '/email.mobileconfig?email=jane@example.com']) {
    const { headers: received } = await app.inject({ url, headers })
    hasNone(t, received, ['cross-origin-opener-policy', 'referrer-policy'])
  }
})

t.test('web: the language is the requested one, or the one that the browser prefers', async t => {
  const { app } = serveApp(t, settings)
  const titleAt = async (url: string, language?: string) => {
    const { body } = await app.inject({ url, headers: language === undefined ? {} : { 'accept-language': language } })
    return /<h1>(.*)<\/h1>/.exec(body)?.[1]
  }
  for (const url of ['/', '/setup']) {
    t.equal(await titleAt(url), en.start.title)
    t.equal(await titleAt(url, 'xx, de-CH;q=0.9'), de.start.title)
    t.equal(await titleAt(`${url}?lang=de`, 'en'), de.start.title)
    t.equal(await titleAt(`${url}?lang=%22%3E`), en.start.title)
  }
  t.equal(await titleAt('/setup/nobody?lang=de'), de.missing.title)
  t.equal(await titleAt('/setup?email=jane@other.example&lang=de'), de.unknown.title)
})

t.test(
  "web: for a domain that is not the provider's, the page asks for a confirmation before it shows settings",
  async t => {
    const { app } = serveApp(t, settings)
    const url = '/setup?email=jane@exmaple.com'
    const confirmation = await app.inject({ url: `${url}&lang=de`, headers })
    t.equal(confirmation.statusCode, 200)
    t.match(confirmation.body, de.foreign.title)
    t.match(confirmation.body, ' value="jane@exmaple.com"')
    t.match(confirmation.body, 'href="/setup?email=jane%40exmaple.com&amp;confirmed=1&amp;lang=de"')
    t.notMatch(confirmation.body, /imap\.example\.com|mobileconfig/)
    t.equal(confirmation.headers['cache-control'], 'no-store')
    for (const value of ['', '0', 'true', '11']) {
      t.match((await app.inject({ url: `${url}&confirmed=${value}`, headers })).body, en.foreign.title)
    }
    const { body } = await app.inject({ url: `${url}&confirmed=1&device=iphone`, headers })
    t.match(body, 'imap.example.com')
    t.match(body, 'href="/email.mobileconfig?email=jane%40exmaple.com&amp;confirmed=1"')
    t.match(body, '/email.mobileconfig?email=jane%40exmaple.com&amp;confirmed=1</code>', 'the QR code')
    t.match(body, '<input type="hidden" name="confirmed" value="1">')
    t.match(
      body,
      'href="/setup?email=jane%40exmaple.com&amp;confirmed=1&amp;device=iphone&amp;lang=de"',
      'in another language'
    )
    t.equal((await app.inject({ url, headers: { host: 'signpost.example.net' } })).statusCode, 404)
  }
)

t.test('web: domains of the table, of its patterns and of the default provider need no confirmation', async t => {
  const { app } = serveApp(
    t,
    `${settings.replace('domains: [example.com', 'domains: ["*", "*.sub.example", example.com')}`
  )
  for (const domain of ['example.com', 'a.sub.example', 'any.example']) {
    for (const host of ['other.example', 'autoconfig.example.com']) {
      const { body } = await app.inject({ url: `/setup?email=jane@${domain}`, headers: { host } })
      t.match(body, 'imap.example.com', `${domain} at ${host}`)
      t.notMatch(body, /confirmed|Is this address right/)
      const profile = await app.inject({
        url: `/email.mobileconfig?email=jane@${domain}`,
        headers: { ...headers, host }
      })
      t.equal(profile.statusCode, 200, `${domain} at ${host}`)
    }
  }
})

t.test(
  'web: an unknown domain needs a confirmation at the host of one provider, even if another one is the default',
  async t => {
    const other =
      '  - { id: other, name: Other, domains: ["*"], servers: [{ protocol: imap, host: imap.other.example }] }\n'
    const { app } = serveApp(t, `${settings}${other}`)
    const { body } = await app.inject({ url: '/setup?email=jane@exmaple.com', headers })
    t.match(body, en.foreign.title)
    t.equal((await app.inject({ url: '/email.mobileconfig?email=jane@exmaple.com', headers })).statusCode, 404)
  }
)

t.test('web: a profile is only created for a known domain or after a confirmation', async t => {
  const { app, readLog } = serveApp(t, settings)
  for (const [url, status] of [
    ['/email.mobileconfig?email=jane@example.com', 200],
    ['/email.mobileconfig?email=jane@exmaple.com', 404],
    ['/mobileconfig?emailaddress=jane@gmail.com', 404],
    ['/email.mobileconfig?email=jane@exmaple.com&name=Jane&confirmed=0', 404],
    ['/email.mobileconfig?email=jane@exmaple.com&confirmed=1', 200],
    ['/email.mobileconfig?email=jane@exmaple.com&name=Jane&confirmed=1', 200]
  ] as const) {
    const { statusCode, body } = await app.inject({ url, headers })
    t.equal(statusCode, status, url)
    if (status === 404) t.match(body, /^Nothing is served here\./)
  }
  readLog()
  const plain = await app.inject({
    url: '/email.mobileconfig?email=jane@exmaple.com&name=Jane&confirmed=1',
    headers: { ...headers, 'x-forwarded-proto': 'http' }
  })
  t.equal(
    plain.headers.location,
    'https://autoconfig.example.com/email.mobileconfig?email=jane%40exmaple.com&name=Jane&confirmed=1'
  )
  const program = await app.inject({ url: '/mail/config-v1.1.xml?emailaddress=jane@exmaple.com', headers })
  t.equal(program.statusCode, 200, 'mail programs get the settings of the host')
})

t.test(
  "web: the form belongs to the host's provider or the only provider, unless its page is switched off",
  async t => {
    const brandAt = async (settings: string, host: string) => {
      const { body } = await serveApp(t, settings).app.inject({ url: '/', headers: { host } })
      return /<div class="brand">(?:<bdi>)?([^<]*)/.exec(body)?.[1]
    }
    t.equal(await brandAt(settings, 'example.com'), 'Example Mail')
    t.equal(await brandAt(settings, 'quiet.example'), '')
    t.equal(await brandAt(settings, 'signpost.example.net'), '')
    const alone = `
providers: [{ id: a, name: Alone, domains: [a.example], servers: [{ protocol: imap, host: imap.a.example }] }]`
    t.equal(await brandAt(alone, 'signpost.example.net'), 'Alone')
    t.equal(await brandAt(alone.replace('name:', 'dialects: { web: false }, name:'), '127.0.0.1:8080'), '')
  }
)

t.test('web: an invalid address is shown again for correction, but sentences are not', async t => {
  const { app } = serveApp(t, settings)
  for (const [typed, value] of [
    ['jane', 'jane'],
    ['"><script>', '&quot;&gt;&lt;script&gt;'],
    ['jane doe@example.com', ''],
    ['call\u00a0this\u00a0number', ''],
    ['\u202ejane', ''],
    ['x'.repeat(255), '']
  ] as const) {
    const { statusCode, body } = await app.inject(`/setup?email=${encodeURIComponent(typed)}`)
    t.equal(statusCode, 400)
    t.match(body, ` value="${value}">`)
    t.notMatch(body, '<script>alert')
  }
})

t.test('web: the code for iPhones points to the requested host, if it is served, or to the configured one', async t => {
  const linkAt = async (settings: string, host: string) => {
    const { body } = await serveApp(t, settings).app.inject({ url: setup, headers: { host } })
    return />(https:\/\/[^<]*)\/email\.mobileconfig/.exec(body)?.[1]
  }
  t.equal(await linkAt(settings, 'AUTOCONFIG.example.com:8443'), 'https://autoconfig.example.com')
  t.equal(await linkAt(settings, 'mx1.hoster.example'), 'https://mx1.hoster.example')
  t.equal(await linkAt(settings, 'evil.example'), 'https://autoconfig.example.com')
  t.equal(await linkAt(settings.replace(/^http:.*$/m, ''), 'example.com'), 'https://example.com')
  const configured = settings.replace('http: {', 'http: { publicUrl: https://signpost.example.net,')
  t.equal(await linkAt(configured, 'example.com'), 'https://signpost.example.net')
})

t.test('web: shows whether the profile is signed, and does not offer one that would be refused', async t => {
  const { certificate, key } = issue('signpost.example.net')
  const signingKey = { chain: [certificate] as const, key, name: 'signpost.example.net', notBefore: 0, notAfter: 0 }
  const signed = (required: boolean) => `signing: { certificate: a.pem, key: b.pem, required: ${required} }${settings}`
  const profileAt = async (settings: string, hasKey: boolean) => {
    const signing = { keyAt: () => (hasKey ? signingKey : undefined) }
    const { body } = await serveApp(t, settings, { signing }).app.inject({ url: `${setup}&device=mac`, headers })
    return body.includes(en.apple.heading) ? /(Verified|Not Signed)/.exec(body)?.[1] : undefined
  }
  t.equal(await profileAt(settings, true), 'Not Signed')
  t.equal(await profileAt(signed(false), true), 'Verified')
  t.equal(await profileAt(signed(false), false), 'Not Signed')
  t.equal(await profileAt(signed(true), true), 'Verified')
  t.equal(await profileAt(signed(true), false), undefined)
})

t.test('web: plain http is redirected to https, or not served', async t => {
  const { app } = serveApp(t, settings)
  for (const url of paths) {
    const plain = { ...headers, 'x-forwarded-proto': 'http' }
    const answer = await app.inject({ url, headers: plain })
    t.equal(answer.statusCode, 302, url)
    t.equal(answer.headers.location, `https://autoconfig.example.com${url}`)
    const elsewhere = await app.inject({ url, headers: { ...plain, host: 'evil.example' } })
    t.equal(elsewhere.statusCode, 404)
  }
})

t.test('web: HEAD is GET without the body, OPTIONS lists the methods, and others get 405', async t => {
  const { app } = serveApp(t, settings)
  for (const url of paths) {
    const get = await app.inject({ url, headers })
    const head = await app.inject({ method: 'HEAD', url, headers })
    t.same({ ...head.headers, date: '' }, { ...get.headers, date: '' })
    t.equal(head.body, '')
    const options = await app.inject({ method: 'OPTIONS', url, headers })
    const isMissing = url === '/setup/nobody'
    t.equal(options.statusCode, isMissing ? 404 : 204, url)
    t.equal(options.headers.allow, isMissing ? undefined : 'GET, HEAD, OPTIONS')
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH'] as const) {
      t.equal((await app.inject({ method, url, headers })).statusCode, 405, `${method} ${url}`)
    }
  }
})

t.test('web: search engines must not index pages with addresses, and the icon is an image', async t => {
  const { app } = serveApp(t, settings)
  const robots = await app.inject('/robots.txt')
  t.equal(robots.headers['content-type'], 'text/plain; charset=utf-8')
  t.equal(robots.headers['cross-origin-opener-policy'], 'same-origin', 'it has the headers of pages')
  t.equal(robots.body, 'User-agent: *\nDisallow: /setup\n')
  const icon = await app.inject('/favicon.ico')
  t.equal(icon.headers['content-type'], 'image/svg+xml')
  t.match(icon.body, /^<svg .*<\/svg>$/)
})

t.test('web: the log has one line for each request, and no address', async t => {
  const { app, readLog } = serveApp(t, settings)
  const marker = 'zqmarkerqz'
  for (const [url, outcome, domain = 'signpost.example.net'] of [
    [`/setup?email=${marker}@example.com`, 'answered', 'example.com'],
    [`/setup?email=${marker}@other.example`, 'not-served', 'other.example'],
    [`/setup?email=${marker}`, 'refused'],
    [`/setup/${marker}`, 'not-served'],
    ['/', 'answered']
  ] as const) {
    await app.inject({ url, headers: { host: 'signpost.example.net', 'user-agent': marker } })
    const line = readLog()
    t.match(JSON.parse(line), { dialect: 'web', domain, outcome, client: 'other', ms: Number })
    t.notMatch(line, marker)
  }
  await app.inject({ url: setup, headers: { ...headers, 'x-forwarded-proto': 'http' } })
  t.match(JSON.parse(readLog()), { outcome: 'redirected' })
  await app.inject({ method: 'PUT', url: '/' })
  t.match(JSON.parse(readLog()), { dialect: 'web', outcome: 'refused' })
})

t.test('web: the existence of a mailbox, cookies and passwords make no difference', async t => {
  const { app } = serveApp(t, settings)
  const expected = await app.inject({ url: setup, headers })
  const authorization = `Basic ${Buffer.from('jane@example.com:secret').toString('base64')}`
  const answer = await app.inject({ url: setup, headers: { ...headers, authorization, cookie: 'a=b' } })
  t.equal(answer.body, expected.body)
  t.same({ ...answer.headers, date: '' }, { ...expected.headers, date: '' })
})

t.test('web: a reloaded table takes effect immediately', async t => {
  const source = { table: tableWith('imap.example.com') }
  const { app } = serveApp(t, source)
  t.match((await app.inject({ url: setup, headers })).body, 'imap.example.com')
  source.table = tableWith('imap2.example.com')
  t.match((await app.inject({ url: setup, headers })).body, 'imap2.example.com')
})

function tableWith(host: string) {
  return tableOf(settings.replaceAll('imap.example.com', host))
}
