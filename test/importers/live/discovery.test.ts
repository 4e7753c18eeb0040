import { createHash } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import type { World } from '../../../src/clients/model/world.ts'
import { createTableWorld } from '../../../src/conformance/table-world.ts'
import { writerOf } from '../../../src/dialects/dialect.ts'
import { pacc } from '../../../src/dialects/pacc.ts'
import { recommendedRecords } from '../../../src/dns/recommended-records.ts'
import { importPacc } from '../../../src/importers/formats/pacc.ts'
import { srvServers } from '../../../src/importers/formats/srv.ts'
import { describeDropped } from '../../../src/importers/imported.ts'
import { discover, importAccount } from '../../../src/importers/live/discovery.ts'
import { importUrl } from '../../../src/importers/live/import-url.ts'
import { type Candidate, guessProvider } from '../../../src/importers/live/usual-names.ts'
import { toSettings } from '../../../src/importers/to-settings.ts'
import { toAddress } from '../../../src/settings/question/address.ts'
import { resolve } from '../../../src/settings/question/resolution-order.ts'
import { anyWorld } from '../../support/clients/any-world.ts'
import { type FakeAnswer, type FakeDns, fakeWorld } from '../../support/clients/fake-world.ts'
import { autodiscover, changed, clientConfig } from '../../support/clients/plain-document.ts'
import { matchLists } from '../../support/match-lists.ts'
import { tableOf } from '../../support/table-of.ts'

const jane = toAddress('jane@example.com') ?? fail()
const xml = { headers: { 'content-type': 'text/xml' } }
const autoconfigUrl = 'https://autoconfig.example.com/mail/config-v1.1.xml'
const asked = `GET ${autoconfigUrl}?emailaddress=jane%40example.com`

function fail(): never {
  throw new Error('no address')
}

/** @returns what is found, as servers in short, notes, and what is dropped */
async function look(world: World, isMailServer = async (_: Candidate) => false) {
  const imported = await discover(jane, { world, isMailServer })
  if (imported === undefined) return undefined
  const { settings, notes, dropped } = toSettings(imported)
  return {
    servers: (settings?.providers ?? []).flatMap(({ servers }) =>
      servers.map(({ protocol, host, port, security, url }) =>
        [protocol, host ?? url, port, security].filter(Boolean).join(' ')
      )
    ),
    domains: settings?.providers[0]?.domains,
    notes: notes.map(({ text }) => text),
    dropped: dropped.map(describeDropped)
  }
}

const lookIn = (
  answers: Record<string, FakeAnswer>,
  dns?: FakeDns,
  isMailServer?: (candidate: Candidate) => Promise<boolean>
) => look(fakeWorld(answers, dns), isMailServer)

const nameGuess = 'The name is a guess: the source has no name of a provider.'

const srv = (port: number, target: string, priority = 0) => ({ priority, weight: 1, port, target })

t.test('discover: imports the whole document that Thunderbird uses, and additional SRV records', async t => {
  const found = await lookIn(
    { [asked]: { ...xml, body: clientConfig } },
    {
      srv: {
        '_imaps._tcp.example.com': [srv(993, 'other.example.com')],
        '_pop3s._tcp.example.com': [srv(995, 'pop.example.com.')]
      }
    }
  )
  t.same(found, {
    servers: ['imap imap.example.com 993 tls', 'smtp smtp.example.com 465 tls', 'pop3 pop.example.com 995 tls'],
    domains: ['example.com'],
    notes: [`Found at ${autoconfigUrl}.`, 'Found by its SRV record _pop3s._tcp.example.com.'],
    dropped: []
  })
})

t.test(
  'discover: a document from the domain of a mail exchanger is imported for the domain that was looked up',
  async t => {
    const other = '</emailProvider><emailProvider id="other.example"><domain>other.example</domain></emailProvider>'
    const body = changed({
      '<domain>example.com</domain>': '<domain>hoster.example</domain>',
      '</emailProvider>': other
    })
    const found = await lookIn({ [asked]: { ...xml, body } })
    t.same(found?.domains, ['example.com'])
    t.same(found?.dropped, [
      `${autoconfigUrl}:4:5 domain hoster.example: not imported: the import is for example.com`,
      `${autoconfigUrl}:21:19 provider other.example: not imported: it has no server`
    ])
  }
)

t.test('discover: final login names of the address become rules', async t => {
  const body = clientConfig
    .replace('%EMAILADDRESS%', 'CORP\\jane')
    .replace('%EMAILADDRESS%', 'jane%example.com')
    .replaceAll('%EMAILADDRESS%', 'Jane@Example.com')
  const imported = await discover(jane, {
    world: fakeWorld({ [asked]: { ...xml, body } }),
    isMailServer: async () => false
  })
  const [provider] = imported === undefined ? [] : (toSettings(imported).settings?.providers ?? [])
  t.match(provider, { username: 'CORP\\%EMAILLOCALPART%' })
  t.same(
    provider?.servers.map(({ username }) => username),
    [undefined, '%EMAILLOCALPART%%%%EMAILDOMAIN%']
  )
})

t.test('discover: notes that a document was sent over plain http', async t => {
  const { notes } = (await lookIn({ [asked.replace('https', 'http')]: { ...xml, body: clientConfig } })) ?? {}
  t.same(notes, [
    `Found at ${autoconfigUrl.replace('https', 'http')}.`,
    'It was sent without encryption, so it may have been changed on the way.'
  ])
})

t.test(
  'discover: a document in another encoding is decoded, and bytes that cannot be decoded are reported',
  async t => {
    const named = clientConfig.replace('Example Mail', 'Münchner Post')
    const latin = Buffer.from(named.replace(/<\?xml.*?\?>/, '<?xml version="1.0" encoding="ISO-8859-1"?>'), 'latin1')
    const find = async (bytes: Buffer) => {
      const world = fakeWorld({ [asked]: { ...xml, body: bytes.toString('utf8'), bytes } })
      const imported = await discover(jane, { world, isMailServer: async () => false })
      const [name] = imported?.providers.map(each => each.name?.value) ?? []
      return { name, dropped: imported?.dropped.map(describeDropped) }
    }
    t.same(await find(latin), { name: 'Münchner Post', dropped: [] })
    matchLists(t, await find(Buffer.from(named, 'latin1')), {
      name: 'M\ufffdnchner Post',
      dropped: [/config-v1\.1\.xml:5:19 text: not imported: found bytes that are not UTF-8, expected a file/]
    })
    const url = 'https://example.com/config.xml'
    const world = fakeWorld({ [`GET ${url}`]: { body: '', bytes: latin } })
    matchLists(t, await importUrl(url, world), { providers: [{ name: { value: 'Münchner Post' } }] })
  }
)

t.test('discover: a reference that XML does not define is reported with its position, as in a file', async t => {
  for (const reference of ['&uuml;', '&#0;', '&unknown;']) {
    const body = clientConfig.replace('Example Mail', `M${reference}nchner Post`)
    const why = 'it is not defined in XML, so most mail programs refuse the whole document'
    const bytes = Buffer.from(body)
    for (const answer of [{ body }, { body, bytes }, { body, bytes: Buffer.from(`\ufeff${body}`, 'utf16le') }]) {
      const found = await lookIn({ [asked]: { ...xml, ...answer } })
      t.same(found?.dropped, [`${autoconfigUrl}:5:19 ${reference}: not imported: ${why}`])
    }
  }
  const defined = clientConfig.replace('Example Mail', 'M&#252;nchner &amp; Post')
  t.same((await lookIn({ [asked]: { ...xml, body: defined } }))?.dropped, [])
})

t.test('discover: if a document changes between two requests, the next source is tried', async t => {
  for (const second of [{ body: 'gone' }, { body: '<clientConfig/>' }, undefined]) {
    const first = fakeWorld({ [asked]: { ...xml, body: clientConfig } })
    const then = fakeWorld(second === undefined ? {} : { [asked]: { ...xml, ...second } })
    const wasAsked = () => first.requests.some(({ url }) => asked === `GET ${url}`)
    t.equal(
      await look({ dns: first.dns, exchange: request => (wasAsked() ? then : first).exchange(request) }),
      undefined
    )
  }
})

const paccUrl = 'https://ua-auto-config.example.com/.well-known/user-agent-configuration.json'

t.test('discover: PACC comes before autodiscover, with a note about its digest', async t => {
  const body = JSON.stringify({
    protocols: { imap: { host: 'imap.example.com' }, submit: { host: 'smtp.example.com' } }
  })
  const digest = createHash('sha256').update(body).digest('base64')
  const answers = {
    [`GET ${paccUrl}`]: { body },
    'POST https://autodiscover.example.com/autodiscover/autodiscover.xml': { ...xml, body: autodiscover }
  }
  const txt = { '_ua-auto-config.example.com': [`v=UAAC1; a=sha256; d=${digest}`] }
  matchLists(t, await lookIn(answers, { txt }), {
    servers: ['imap imap.example.com', 'smtp smtp.example.com'],
    notes: [`Found at ${paccUrl}.`, nameGuess]
  })
  matchLists(t, await lookIn(answers), { notes: [`Found at ${paccUrl}.`, /^The DNS has no digest of it/, nameGuess] })
})

t.test('discover: Outlook autodiscover, in the way of Outlook or else of Thunderbird', async t => {
  const url = 'https://autodiscover.example.com/autodiscover/autodiscover.xml'
  const found = {
    servers: ['imap imap.example.com 993 tls', 'smtp smtp.example.com 465 tls'],
    notes: [`Found at ${url}.`]
  }
  t.match(await lookIn({ [`POST ${url}`]: { ...xml, body: autodiscover } }), found)
  const without = changed({ '<AccountType>email</AccountType>': '' }, autodiscover)
  t.match(await lookIn({ [`POST ${url}`]: { ...xml, body: without } }), found)
})

t.test('discover: SRV records if one of them is for reading mail, then the usual names', async t => {
  const dns = {
    srv: {
      '_imap._tcp.example.com': [srv(143, 'b.example.com', 20), srv(143, 'a.example.com', 10), srv(0, '.')],
      '_sieve._tcp.example.com': [srv(4190, 'a.example.com')]
    },
    mx: {
      'example.com': [
        { priority: 20, exchange: 'mx2.example.com' },
        { priority: 10, exchange: 'mx1.example.com.' }
      ]
    }
  }
  matchLists(t, await lookIn({}, dns), {
    servers: [
      'imap a.example.com 143 starttls',
      'imap b.example.com 143 starttls',
      'managesieve a.example.com 4190 starttls'
    ],
    notes: ['Found by the SRV records of example.com.', nameGuess]
  })
  const tried: string[] = []
  const isMailServer = async ({ protocol, host, port }: Candidate) => {
    tried.push(`${protocol} ${host}:${port}`)
    return host === 'mx1.example.com' && (port === 993 || port === 587)
  }
  matchLists(t, await lookIn({}, { mx: dns.mx }, isMailServer), {
    servers: ['imap mx1.example.com 993 tls', 'smtp mx1.example.com 587 starttls'],
    notes: [
      'Found by trying the usual names.',
      nameGuess,
      /^Found by trying the usual names; /,
      /^Found by trying the usual names; /
    ]
  })
  t.ok(tried.includes('pop3 pop.example.com:995'))
  t.notOk(tried.some(place => place.includes('mx2')))
  t.equal(await lookIn({}), undefined)
})

t.test('discover: a domain served by Signpost produces an equal table', async t => {
  const table = tableOf(`providers:
  - id: example
    name: Example
    domains: [example.com]
    servers:
      - { protocol: imap, host: imap.example.com }
      - { protocol: smtp, host: smtp.example.com }
      - { protocol: managesieve, host: imap.example.com }
      - { protocol: caldav, url: "https://dav.example.com/cal/" }
      - { protocol: carddav, url: "https://dav.example.com:8443/card/" }
      - { protocol: jmap, url: "https://jmap.example.com/session" }
`)
  const resolved = resolve(table, { domain: 'example.com', host: undefined }) ?? fail()
  const records = recommendedRecords(resolved, { target: 'signpost.example.net', paccDigest: undefined })
  const found = await look(createTableWorld(table, { records }))
  t.same(found?.servers, [
    'imap imap.example.com 993 tls',
    'smtp smtp.example.com 465 tls',
    'managesieve imap.example.com 4190 starttls',
    'caldav https://dav.example.com/cal/',
    'carddav https://dav.example.com:8443/card/',
    'jmap https://jmap.example.com/.well-known/jmap'
  ])
})

t.test('discover: any network produces a table that passes the check, or none', async () => {
  await fc.assert(
    fc.asyncProperty(anyWorld, fc.boolean(), async (world, answers) => {
      await look(world, async () => answers)
    })
  )
})

t.test('srvServers: without a path in the DNS, the well-known URL is used', async t => {
  const { dns } = fakeWorld(
    {},
    {
      srv: { '_caldavs._tcp.example.com': [srv(443, 'dav.example.com')] },
      txt: { '_caldavs._tcp.example.com': ['x', 'path=relative'] }
    }
  )
  matchLists(t, await srvServers('example.com', dns), [
    { value: { url: 'https://dav.example.com/.well-known/caldav' } }
  ])
})

t.test('guessProvider: uses the usual names, and marks them as guesses', async t => {
  const { settings, notes } = toSettings({ providers: [guessProvider('example.com')], dropped: [] })
  matchLists(t, settings, { providers: [{ servers: [{ host: 'imap.example.com' }, { host: 'smtp.example.com' }] }] })
  matchLists(t, notes, [
    { text: /^No settings were found at example.com\. / },
    { text: nameGuess },
    { text: /^A guess/ },
    { text: /^A guess/ }
  ])
})

t.test('importAccount: an account without an outgoing server, and a user name that contains the address', async t => {
  const incoming = { protocol: 'pop3', host: 'pop.example.com', port: 110, security: 'none', username: 'jane' } as const
  matchLists(t, importAccount({ incoming, outgoing: undefined, from: 'https://a.example/?x' }, jane), {
    origin: { source: 'https://a.example/' },
    servers: [{ value: { protocol: 'pop3', allowPlaintext: true }, username: '%EMAILLOCALPART%' }]
  })
  const jmap = { ...incoming, protocol: 'jmap', security: 'tls', username: undefined } as const
  t.same(
    importAccount({ incoming: jmap, outgoing: { ...incoming, username: undefined }, from: 'x' }, jane).servers.length,
    1
  )
})

const place = { source: 'pacc', domain: 'example.com' }

t.test('importPacc: the table from a document of Signpost produces the same document', async t => {
  const table = tableOf(`providers:
  - id: example.com
    name: Example Mail
    shortName: Example
    domains: [example.com]
    servers:
      - { protocol: imap, host: imap.example.com }
      - { protocol: pop3, host: pop.example.com }
      - { protocol: smtp, host: smtp.example.com }
      - { protocol: caldav, url: "https://dav.example.com/cal/" }
    documentation: [{ url: "https://help.example.com/", text: { en: Help } }]
`)
  const render = (each: typeof table) => {
    const found = resolve(each, { domain: 'example.com', host: undefined }) ?? fail()
    return writerOf(pacc, found.provider)?.({ ...found, address: undefined, personName: undefined }).body ?? ''
  }
  const document = render(table)
  const { settings, dropped } = toSettings(importPacc(document, place) ?? { providers: [], dropped: [] })
  t.same(dropped, [])
  t.equal(render(tableOf(JSON.stringify(settings))), document)
})

t.test('importPacc: reports what the table cannot express', async t => {
  const document = {
    protocols: {
      smtp: { host: 'smtp.example.com' },
      imap: { host: 'imap.example.com' },
      ftp: {},
      webdav: 'x',
      pop3: { host: null },
      constructor: {}
    },
    authentication: { 'oauth-public': { issuer: 'https://auth.example.com' }, password: false },
    info: { provider: { name: 'Example', logo: [] }, help: { contact: [], developer: 'x' } }
  }
  const { settings, dropped } = toSettings(
    importPacc(JSON.stringify(document), place) ?? { providers: [], dropped: [] }
  )
  matchLists(t, settings, {
    providers: [{ servers: [{ host: 'smtp.example.com', authentication: ['oauth2'] }, { host: 'imap.example.com' }] }]
  })
  t.same(
    dropped.map(({ what }) => what),
    [
      'info.provider.logo',
      'info.help.developer',
      'info.help.contact',
      'authentication.oauth-public',
      'protocols.ftp',
      'protocols.constructor',
      'server webdav',
      'server pop3'
    ]
  )
  const neither = { protocols: { imap: { host: 'imap.example.com' } }, authentication: { password: false } }
  matchLists(t, importPacc(JSON.stringify(neither), place)?.providers[0]?.servers, [
    { value: { authentication: ['password'] } }
  ])
  for (const text of ['', '{}', '[]', '{"protocols":[]}']) t.equal(importPacc(text, place), undefined)
})

t.test('importUrl: follows redirects, and reports what it cannot read', async t => {
  const url = 'https://example.com/config.xml?key=1'
  const world = fakeWorld({
    [`GET ${url}`]: { status: 302, headers: { location: '/other.xml' } },
    'GET https://example.com/other.xml': { body: clientConfig },
    'GET https://example.com/page': { body: '<html></html>' },
    'GET https://example.com/gone': { status: 404 }
  })
  matchLists(t, await importUrl(url, world), {
    providers: [{ origin: { source: 'https://example.com/config.xml', line: 3 } }]
  })
  await t.rejects(importUrl('https://example.com/page', world), {
    code: 'AC_IMPORT_UNKNOWN',
    message: /found a web page/
  })
  await t.rejects(importUrl('https://example.com/gone', world), {
    code: 'AC_IMPORT_UNREADABLE',
    message: 'cannot read https://example.com/gone: GET https://example.com/gone: 404'
  })
  await t.rejects(importUrl('https://jane:hunter2@example.com/gone', world), {
    code: 'AC_IMPORT_UNREADABLE',
    message: /^cannot read …@example\.com\/gone: (?!.*hunter2)/
  })
  await t.rejects(importUrl('https://example.net/', world), { code: 'AC_IMPORT_UNREADABLE', message: /: no answer$/ })
})

t.test('discover: a domain that sends Outlook to Exchange gets the redirect in its table', async t => {
  const own = 'https://autodiscover.example.com/autodiscover/autodiscover.xml'
  const providerOf = async (target: string, answers: Record<string, FakeAnswer>) => {
    const world = fakeWorld({
      [`POST ${own}`]: { status: 302, headers: { location: target } },
      [`POST ${target}`]: { status: 401 },
      ...answers
    })
    const imported = await discover(jane, { world, isMailServer: async () => false })
    const { settings, dropped } = imported === undefined ? { settings: undefined, dropped: [] } : toSettings(imported)
    return { provider: settings?.providers[0], dropped: dropped.map(describeDropped) }
  }
  const redirect = 'https://ex.example.net/autodiscover/autodiscover.xml'
  const mail = { [asked]: { ...xml, body: clientConfig } }
  const { provider } = await providerOf(redirect, mail)
  t.same(provider?.autodiscover, { redirect })
  matchLists(t, provider?.servers, [{ protocol: 'imap' }, { protocol: 'smtp' }])
  t.equal((await providerOf(redirect, {})).provider, undefined)
  const odd = await providerOf('https://ex.example.net/owa/', mail)
  t.equal(odd.provider?.autodiscover, undefined)
  matchLists(t, odd.dropped, [/autodiscover.*expected a URL that ends in/])
})

t.test('discover: an autoconfig document that is not XML is reported, and the next source is imported', async t => {
  const body = clientConfig.replace('</emailProvider>', '')
  const dns = { srv: { '_imaps._tcp.example.com': [srv(993, 'imap.example.com')] } }
  const why =
    "it is not well-formed XML (expected closing tag 'emailProvider' (opened in line 3, col 3) instead of closing tag 'clientConfig'), so most mail programs refuse it"
  const found = await lookIn({ [asked]: { ...xml, body } }, dns)
  t.same(found?.servers, ['imap imap.example.com 993 tls'])
  t.same(found?.dropped, [`${autoconfigUrl}:22:1 document: not imported: ${why}`])
  const nothing = await lookIn({ [asked]: { ...xml, body } })
  t.same(nothing?.servers, [])
  t.equal(nothing?.dropped.length, 1)
})

t.test('discover: a comment that XML does not allow is reported, and the document is imported', async t => {
  const body = clientConfig.replace('<emailProvider', '<!-- a -- b --><emailProvider')
  const found = await lookIn({ [asked]: { ...xml, body } })
  t.ok(found?.servers.includes('imap imap.example.com 993 tls'))
  const why = 'it contains "--", which XML does not allow, so most mail programs refuse the whole document'
  t.same(found?.dropped, [`${autoconfigUrl}:3:3 comment: not imported: ${why}`])
})

t.test('discover: a mistake in an autodiscover document is reported, and the document is imported', async t => {
  const url = 'https://autodiscover.example.com/autodiscover/autodiscover.xml'
  const body = autodiscover.replace('<SPA>', '<SPA>&nbsp;')
  const found = await lookIn({ [`POST ${url}`]: { ...xml, body } })
  t.ok(found?.servers.includes('imap imap.example.com 993 tls'))
  t.match(
    found?.dropped.join('\n'),
    /^https:\/\/autodiscover\.example\.com\S+:\d+:\d+ &nbsp;: not imported: it is not defined in XML/
  )
})

t.test('discover: web pages and document types with declarations are not reported', async t => {
  for (const body of [
    '<html><p>clientConfig &nbsp; <br></html>',
    '<!DOCTYPE a [<!ENTITY b "c">]><clientConfig>&b;</clientConfig>'
  ]) {
    t.equal(await lookIn({ [asked]: { ...xml, body } }), undefined)
  }
})
