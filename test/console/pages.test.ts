import t from 'tap'
import { below, goodPairs, withKeys } from '../support/admin/administer.ts'
import { openConsole, textOf } from '../support/console/open-console.ts'
import { calm, exampleSettings } from '../support/served-app.ts'

/** Settings with calendars, a default provider, and dialects that are switched off. */
const richSettings = `
http: { publicUrl: https://signpost.example.net }
providers:
  - id: rich
    name: Rich Mail
    domains: [rich.example]
    servers:
      - { protocol: imap, host: imap.%EMAILDOMAIN% }
      - { protocol: imap, host: imap.%EMAILDOMAIN%, security: starttls }
      - { protocol: smtp, host: smtp.%EMAILDOMAIN% }
      - { protocol: caldav, url: https://dav.rich.example/ }
  - id: bare
    name: Bare Mail
    domains: ["*"]
    username: "%EMAILLOCALPART%"
    dialects: { thunderbird: false, outlook: false, outlook-json: false, apple: false, pacc: false, web: false, api: false }
    servers:
      - { protocol: imap, host: imap.bare.example }
      - { protocol: smtp, host: smtp.bare.example }
`

const paths = [
  '/',
  '/domains',
  '/domains?q=example',
  '/domains/example.com',
  '/domains/a.customers.example',
  '/domains/xn--bcher-kva.example',
  '/domains/example.com/documents/thunderbird',
  '/domains/example.com/documents/apple',
  '/check',
  '/trace',
  '/trace?address=jane%40example.com&program=thunderbird',
  '/programs'
]

t.test('console: every page has a policy without foreign content, no cookie, and at most 60 kB', async t => {
  const { ask } = await openConsole(t)
  for (const path of paths) {
    const { status, headers, body } = await ask(path)
    t.equal(status, 200, path)
    t.ok(Buffer.byteLength(body) <= 60_000, `${path}: ${Buffer.byteLength(body)} bytes`)
    t.match(headers.get('content-security-policy'), "default-src 'none'", path)
    t.equal(headers.get('set-cookie'), null)
    t.equal(headers.get('cache-control'), 'no-store')
    t.equal(headers.get('referrer-policy'), 'no-referrer')
    t.notMatch(body, /(?:src|action)="(?:https?:)?\/\//, path)
  }
})

t.test('console: unknown paths, domains and documents are 404, other methods 405', async t => {
  const { ask } = await openConsole(t)
  for (const path of [
    '/nothing',
    '/domains/nowhere.example',
    '/domains/no%20domain',
    '/domains/nowhere.example/dns',
    '/domains/example.com/documents/none',
    '/check/result.json',
    '/check/result.json?domain=example.com'
  ]) {
    t.equal((await ask(path)).status, 404, path)
  }
  const { status, headers } = await ask('/domains', { method: 'POST' })
  t.same([status, headers.get('allow')], [405, 'GET, HEAD, OPTIONS'])
  t.same((await ask('/', { method: 'HEAD' })).status, 200)
})

t.test('console: its paths do not exist on the public listener', async t => {
  const { app } = await openConsole(t)
  for (const url of ['/domains', '/domains/example.com', '/check', '/check/events', '/trace', '/programs', '/reload']) {
    t.equal((await app.inject({ url, headers: { host: 'autoconfig.example.com' } })).statusCode, 404, url)
  }
})

t.test('console: requests from other machines are refused, which does not affect metrics and health', async t => {
  const { ask } = await openConsole(t)
  const headers = { 'x-forwarded-for': '192.0.2.1' }
  for (const path of paths) t.equal((await ask(path, { headers })).status, 403, path)
  for (const path of ['/healthz', '/readyz', '/metrics', '/internal/openapi.json']) {
    t.equal((await ask(path, { headers })).status, 200, path)
  }
})

t.test('overview: shows the requests that the service has answered', async t => {
  const { app, ask } = await openConsole(t)
  const headers = { host: 'autoconfig.example.com', 'user-agent': 'Evolution/3.48' }
  await app.inject({ url: '/mail/config-v1.1.xml?emailaddress=jane@example.com', headers })
  await app.inject({ url: '/nothing', headers })
  const text = textOf((await ask('/')).body)
  for (const part of ['2 requests.', 'evolution 2', 'thunderbird 1', 'AC_NOT_FOUND 1']) t.match(text, part)
  t.match(textOf((await ask('/programs')).body), 'evolution 2 100.0 %')
})

t.test('programs: lists what each program reads and when it fails', async t => {
  const { ask } = await openConsole(t)
  const text = textOf((await ask('/programs')).body)
  t.match(text, /Thunderbird for Android.*? Fails if .*?the servers accept only OAuth2: it finds nothing/s)
  t.match(text, /vdirsyncer .*? Fails if a server is at another host without SRV records/s)
  t.match(text, 'Fails if no known failure')
})

t.test('overview: lists the certificates of https and of signatures', async t => {
  const { ask } = await openConsole(t, withKeys, { ...goodPairs(), a: below('*.example.com', 5) })
  const text = textOf((await ask('/')).body)
  for (const part of ['*.example.com https', 'b.example https', 's.example signing']) t.match(text, part)
  const covered = textOf((await ask('/domains/example.com')).body)
  t.match(covered, 'autoconfig.example.com 4 days')
  t.match(textOf((await ask('/domains/xn--bcher-kva.example')).body), 'autoconfig.xn--bcher-kva.example not covered')
})

t.test('reload: a form of the console reloads the settings, and no other request does', async t => {
  const { post, put, ask } = await openConsole(t)
  put('a.yaml', calm(exampleSettings.replace('Example Mail', 'Renamed Mail')))
  const expired = await post('/reload', { token: 'guessed' })
  t.match(expired, { status: 403, body: '<a href="/">Load the form again</a>' })
  t.equal((await post('/reload', {}, { origin: 'http://evil.example' })).status, 403)
  t.notMatch((await ask('/')).body, 'Renamed Mail')
  const { status, headers } = await post('/reload', {})
  t.same([status, headers.get('location')], [303, '/#settings'])
  t.match((await ask('/')).body, 'Renamed Mail')
})

t.test('domains: the search finds names, parts of names and unlisted domains', async t => {
  const { ask } = await openConsole(t)
  const search = async (text: string) => textOf((await ask(`/domains?q=${encodeURIComponent(text)}`)).body)
  t.match(
    await search(' Example.COM '),
    'example.com is served. Domains of the table that match Domain Provider example.com example'
  )
  t.match(await search('CUSTOM'), '*.customers.example customers')
  t.match(await search('bücher.example'), 'xn--bcher-kva.example is served')
  t.match(await search('a.customers.example'), 'a.customers.example is served')
  t.match(await search('nowhere.example'), 'Not served: nowhere.example . Check it from outside')
  t.match(await search('<b>'), 'There are none.')
  t.match((await ask('/domains?q=%3Cb%3E')).body, 'value="&lt;b&gt;"')
  t.match(textOf((await ask('/domains')).body), 'Domains of the table Domain Provider example.com example')
})

t.test('domain page: shows provider, programs, documents, records and codes', async t => {
  const { ask } = await openConsole(t, richSettings)
  const { body } = await ask('/domains/rich.example')
  const text = textOf(body)
  for (const part of [
    'Rich Mail ( rich )',
    'listed by name in the settings',
    'imap imap.rich.example:993 tls',
    'https://dav.rich.example/'
  ])
    t.match(text, part)
  t.match(text, /\d+ of 21 programs find the settings of the table/)
  for (const part of [
    'Thunderbird asks',
    'as in the table',
    'Thunderbird autoconfig 200',
    'autoconfig.rich.example. CNAME signpost.example.net.'
  ])
    t.match(text, part)
  t.match(text, '_imaps._tcp.rich.example. SRV 0 1 993 imap.rich.example.')
  t.match(body, 'href="https://signpost.example.net/setup?email=jane.doe%40rich.example"')
  t.match(body, '<title>Apple profile on an iPhone</title>')
  t.match(text, 'It has not been checked from outside since the start.')
  t.match(text, 'A proxy serves https')
})

t.test('domain page: programs that fail have a remedy', async t => {
  const { ask } = await openConsole(t, richSettings)
  const text = textOf((await ask('/domains/any.example')).body)
  t.match(text, 'served by the default provider, as every unlisted domain')
  const programs = text.slice(text.indexOf('Mail programs'))
  t.match(programs, 'Remedy: Set dialects.thunderbird to true: Thunderbird autoconfig is switched off.')
  t.match(programs, 'Remedy: Send people to the setup page, which has the profile.')
  t.match(programs, 'Thunderbird autoconfig 404')
  t.match(programs, 'Not served: dialects.thunderbird is false.')
  t.match(programs, 'Apple profile on an iPhone: there is no Apple profile for this domain.')
})

t.test('domain page: exists for a very long domain, too', async t => {
  const label = 'a'.repeat(60)
  const below = (length: number) => `${label}.${label}.${label}.${'b'.repeat(length)}.example`
  const long = below(47)
  const { ask } = await openConsole(t, exampleSettings.replace('"*.customers.example"', `${long}, ${below(48)}`))
  t.equal((await ask(`/domains/${below(48)}`)).status, 404, 'the hosts that programs contact would be too long')
  t.equal(long.length, 238)
  const { status, body } = await ask(`/domains/${long}`)
  t.equal(status, 200)
  t.ok(Buffer.byteLength(body) < 120_000)
})

t.test('documents: each is shown with its request and its bytes, and its text is escaped', async t => {
  const { ask } = await openConsole(t, richSettings)
  const read = async (dialect: string, domain = 'rich.example') =>
    textOf((await ask(`/domains/${domain}/documents/${dialect}`)).body)
  t.match(
    await read('thunderbird'),
    /GET \/mail\/config-v1\.1\.xml\?emailaddress=jane\.doe%40rich\.example HTTP\/1\.1 host: autoconfig\.rich\.example.*HTTP\/1\.1 200 content-type: text\/xml.*<hostname >imap\.rich\.example/
  )
  t.match(await read('outlook'), /<EMailAddress >jane\.doe@rich\.example.*<Server >imap\.rich\.example/)
  t.match(await read('apple'), 'The profile is shown unsigned.')
  t.match(await read('well-known'), 'location: https://dav.rich.example/')
  t.match(await read('thunderbird', 'any.example'), '404 at any.example')
  for (const dialect of ['outlook-json', 'pacc', 'api']) t.match(await read(dialect), 'HTTP/1.1')
})

t.test('trace: shows the requests of a program with the bytes of their responses', async t => {
  const { ask } = await openConsole(t)
  const trace = async (address: string, program: string) =>
    await ask(`/trace?address=${encodeURIComponent(address)}&program=${program}`)
  const thunderbird = textOf((await trace('jane@example.com', 'thunderbird')).body)
  t.match(thunderbird, /Thunderbird: \d+ steps finds settings imap imap\.example\.com:993 tls/)
  t.match(thunderbird, '<emailProvider')
  t.match(thunderbird, 'the same body as in step')
  const rich = await openConsole(t, richSettings)
  const nothing = await rich.ask('/trace?address=jane%40any.example&program=thunderbird')
  t.match(textOf(nothing.body), 'finds nothing nothing found')
  t.match(textOf((await trace('jane@example.com', 'fairemail')).body), 'SRV _')
  for (const [address, program, problem] of [
    ['jane', 'thunderbird', 'This is not a mail address.'],
    ['jane@example.com', 'none', 'This program has no model.'],
    ['jane@nowhere.example', 'thunderbird', 'nowhere.example is not served here.']
  ] as const) {
    const { status, body } = await trace(address, program)
    t.equal(status, 400)
    t.match(textOf(body), problem)
    t.match(body, 'aria-invalid="true"')
  }
})

t.test('programs: shows each model with its source, what it reads, and its releases', async t => {
  const { ask } = await openConsole(t)
  const text = textOf((await ask('/programs')).body)
  t.match(text, 'There were no requests.')
  for (const part of [
    'Thunderbird',
    'Reads',
    'Source',
    'Share of requests 0.0 % (thunderbird)',
    'not counted separately',
    'DAVx'
  ])
    t.match(text, part)
})
