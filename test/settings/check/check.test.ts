import fc from 'fast-check'
import t from 'tap'
import { findFaults } from '../../../src/settings/check/check.ts'
import type { ProviderSettings, Settings } from '../../../src/settings/schema.ts'
import { matchLists } from '../../support/match-lists.ts'
import { exampleProvider } from '../../support/settings/example.ts'
import { linesOf } from '../../support/settings/lines.ts'
import { anyCharacter } from '../../support/settings/typed.ts'

const reportedFor = (...providers: ProviderSettings[]) => linesOf(findFaults({ providers }))
const reportedForHttp = (http: Settings['http']) =>
  linesOf(findFaults({ http, providers: [exampleProvider()] } as Settings))

t.test('findFaults: finds nothing in valid settings', async t => {
  t.same(reportedFor(exampleProvider()), [])
  const trustProxy = [
    '127.0.0.1',
    '127.0.0.1/8',
    '10.0.0.0/8',
    '::1',
    '2001:db8::/32',
    '::ffff:10.0.0.0/104',
    '1.2.3.4/32'
  ]
  t.same(reportedForHttp({ host: '::', port: 80, trustProxy, publicUrl: 'https://signpost.example.net:8443' }), [])
  for (const host of ['0.0.0.0', '::1', 'localhost', 'signpost.example.net']) t.same(reportedForHttp({ host }), [])
})

t.test('findFaults: reports the faults of all providers', async t => {
  matchLists(t, reportedFor(exampleProvider({ name: ' ' }), exampleProvider({ id: 'b', domains: ['b c'] })), [
    /^error providers\[0\]\.name: /,
    /^error providers\[1\]\.domains\[0\]: /
  ])
})

for (const [what, first, second] of [
  ['as it is', 'example.com', 'example.com'],
  ['in capitals', 'example.com', 'EXAMPLE.com'],
  ['with a trailing dot', 'example.com.', 'example.com'],
  ['as U-label and A-label', 'müller.example', 'xn--mller-kva.example'],
  ['as A-label and U-label', 'xn--fa-hia.de', 'Faß.de'],
  ['as wildcard', '*.example.com', '*.Example.com'],
  ['as default provider', '*', '*']
] as const) {
  t.test(`findFaults: refuses a domain that another provider has, ${what}`, async t => {
    const reported = reportedFor(
      exampleProvider({ id: 'a', domains: [first] }),
      exampleProvider({ id: 'b', domains: [second] })
    )
    const warnings = [0, 1].map(
      index => `warning providers[${index}].domains[0]: found "${[first, second][index]}", which does not include`
    )
    t.same(
      reported.filter(text => !warnings.some(start => text.startsWith(start))),
      [`error providers[1].domains[0]: found "${second}", which provider "a" already has`]
    )
  })
}

t.test('findFaults: refuses a domain given twice by one provider', async t => {
  t.same(reportedFor(exampleProvider({ domains: ['a.example', 'b.example', 'A.example'] })), [
    'error providers[0].domains[2]: found "A.example", which provider "example" already has'
  ])
})

t.test('findFaults: reports an invalid domain only once', async t => {
  t.equal(reportedFor(exampleProvider({ domains: ['a b', 'c d'] })).length, 2)
})

t.test(
  'findFaults: a wildcard and its parent, and a domain below a wildcard, may have different providers',
  async t => {
    t.same(
      reportedFor(
        exampleProvider({ id: 'a', domains: ['*.example.com'] }),
        exampleProvider({ id: 'b', domains: ['example.com'] }),
        exampleProvider({ id: 'c', domains: ['x.example.com'] })
      ),
      []
    )
  }
)

t.test('findFaults: refuses a mail exchanger that another provider has', async t => {
  const first = exampleProvider({ mx: ['mx.example.com', '*.mx.example.com'] })
  const second = exampleProvider({ id: 'b', domains: ['b.example'], mx: ['MX.example.com.', '*.MX.example.com'] })
  t.same(reportedFor(first, second), [
    'error providers[1].mx[0]: found "MX.example.com.", which provider "example" already has',
    'error providers[1].mx[1]: found "*.MX.example.com", which provider "example" already has'
  ])
})

t.test('findFaults: a domain may be a mail exchanger too', async t => {
  t.same(reportedFor(exampleProvider({ mx: ['example.com'] })), [])
})

t.test('findFaults: refuses the id of another provider', async t => {
  t.same(reportedFor(exampleProvider(), exampleProvider({ domains: ['b.example'] })), [
    'error providers[1].id: found "example", which another provider already has'
  ])
})

t.test('findFaults: rejects characters that XML cannot represent, in all fields', async t => {
  const text = 'expected a text without control characters'
  t.same(reportedFor(exampleProvider({ name: 'a\0', password: { note: { en: 'a\u001bb' } } })), [
    `error providers[0].name: found "a\\u0000", ${text}`,
    `error providers[0].password.note.en: found "a\\u001bb", ${text}`
  ])
  for (const character of [
    '\u0008',
    '\u000b',
    '\u000c',
    '\u007f',
    '\u0085',
    '\ufdd0',
    '\ufdef',
    '\ufffe',
    '\uffff',
    '\ud800'
  ]) {
    t.equal(reportedFor(exampleProvider({ website: `https://example.com/${character}` })).length, 1)
  }
})

t.test('findFaults: accepts line breaks and tabs in a note, and all printable characters', async t => {
  const note = 'two\nlines,\r\n\ta tab, <&">\' ß 中 \u{1f4eb} \u{10ffff}'
  t.same(reportedFor(exampleProvider({ password: { note: { en: note } } })), [])
})

t.test('findFaults: refuses a proxy that is no address and no network', async t => {
  for (const network of [
    'localhost',
    'loopback',
    'example.com',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/a',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0',
    '010.0.0.1',
    '10.0.0.1:80',
    '10.0.0.*',
    '::1/129',
    '[::1]',
    ''
  ]) {
    t.same(reportedForHttp({ trustProxy: ['127.0.0.1', network] }), [
      `error http.trustProxy[1]: found "${network}", expected an IP address or a network such as 10.0.0.0/8`
    ])
  }
})

t.test('findFaults: rejects trusting all addresses as proxies', async t => {
  for (const network of ['0.0.0.0/0', '::/0', '127.0.0.1/00']) {
    t.same(reportedForHttp({ trustProxy: [network] }), [
      `error http.trustProxy[0]: found "${network}", expected the addresses of your proxies only`
    ])
  }
})

t.test('findFaults: warns of the PROXY protocol without a proxy that may connect', async t => {
  const message =
    'warning http.proxyProtocol: found true without trustProxy, so every connection will be closed; expected the address of the proxy there'
  t.same(reportedForHttp({ proxyProtocol: true }), [message])
  t.same(reportedForHttp({ proxyProtocol: true, trustProxy: [] }), [message])
  t.same(reportedForHttp({ proxyProtocol: true, trustProxy: ['192.0.2.1'] }), [])
  t.same(reportedForHttp({ proxyProtocol: false }), [])
})

t.test('findFaults: rejects an invalid address to listen on', async t => {
  for (const host of ['0.0.0.0:8080', '[::]', 'http://localhost', '*', 'a b']) {
    const found = `found "${host}", expected an address of this machine such as 127.0.0.1, 0.0.0.0 or "::"`
    const tls = { host, certificates: [{ certificate: 'chain.pem', key: 'key.pem' }] }
    t.same(reportedForHttp({ host, tls }), [`error http.host: ${found}`, `error http.tls.host: ${found}`])
    const providers = [exampleProvider()]
    t.same(linesOf(findFaults({ admin: { host }, providers })), [`error admin.host: ${found}`])
  }
})

t.test('findFaults: rejects invalid host names and DNS servers of the console', async t => {
  const admin = { hosts: ['console.example.net', 'localhost', 'a b', '*.example.net'], doctor: { resolver: 'dns' } }
  matchLists(t, linesOf(findFaults({ admin, providers: [exampleProvider()] })), [
    'error admin.hosts[2]: found "a b", expected a host name such as admin.example.com',
    'error admin.hosts[3]: found "*.example.net", expected a host name such as admin.example.com',
    /^error admin\.doctor\.resolver: found "dns", expected an IP address/
  ])
})

t.test('findFaults: refuses a publicUrl that no browser can open', async t => {
  matchLists(t, reportedForHttp({ publicUrl: 'https://example.com:99999' }), [/^error http\.publicUrl: found "https:/])
})

t.test('findFaults: never throws on settings of the right shape', async t => {
  const text = fc.string({ unit: anyCharacter, maxLength: 8 })
  const settings = fc.record({
    http: fc.record({ host: text, trustProxy: fc.array(text), publicUrl: text }),
    providers: fc.array(
      fc.record({ id: text, name: text, shortName: text, username: text, domains: fc.array(text), mx: fc.array(text) })
    )
  })
  fc.assert(
    fc.property(settings, ({ http, providers }) => {
      const faults = findFaults({ http, providers: providers.map(exampleProvider) })
      t.ok(faults.every(({ path, message }) => path.length > 0 && message.length > 0))
    })
  )
})
