import fc from 'fast-check'
import t from 'tap'
import { defaultPort, isSocket, preferred, toHost, toPattern, toProvider } from '../../src/settings/provider.ts'
import { protocols } from '../../src/settings/schema/provider.ts'
import type { ServerSettings } from '../../src/settings/schema.ts'
import { matchLists } from '../support/match-lists.ts'
import { exampleProvider, imap, pop3, smtp } from '../support/settings/example.ts'
import { anyAsciiDomain, anyCharacter, anyTyped } from '../support/settings/typed.ts'

t.test('toProvider: fills in all optional values', async t => {
  t.same(toProvider(exampleProvider()), {
    id: 'example',
    name: 'Example',
    shortName: 'Example',
    domains: ['example.com'],
    mx: [],
    username: '%EMAILADDRESS%',
    usernameCase: 'as-typed',
    looksUpUsers: false,
    lookedUpColumns: [],
    servers: [
      { protocol: 'imap', host: 'imap.example.com', port: 993, security: 'tls', authentication: ['password'] },
      { protocol: 'smtp', host: 'smtp.example.com', port: 465, security: 'tls', authentication: ['password'] }
    ],
    services: [],
    password: {},
    documentation: [],
    website: undefined,
    webmail: undefined,
    brand: { logo: undefined, accent: '#0b5c94', accentDark: '#84bdf0', support: undefined },
    oauth: undefined,
    extras: [],
    smime: 'user',
    dialects: {
      thunderbird: true,
      outlook: true,
      'outlook-json': true,
      apple: true,
      pacc: true,
      'well-known': true,
      api: true,
      web: true
    }
  })
})

t.test('toProvider: keeps all values of the settings', async t => {
  const settings = {
    id: 'full',
    name: 'Full Mail',
    shortName: 'Full',
    domains: ['full.example', '*.full.example', '*'],
    mx: ['*.mx.full.example'],
    username: '%EMAILLOCALPART%',
    password: { note: { en: 'Note' }, url: 'https://full.example/password' },
    documentation: [{ url: 'https://full.example/help', text: { en: 'Help' } }],
    website: 'https://full.example/',
    webmail: 'https://webmail.full.example/',
    oauth: {
      issuer: 'https://auth.full.example',
      scope: 'mail',
      authorizationUrl: 'https://auth.full.example/authorize',
      tokenUrl: 'https://auth.full.example/token'
    }
  }
  const autoconfig = { include: ['dav' as const] }
  matchLists(t, toProvider(exampleProvider({ ...settings, autoconfig, dialects: { apple: false } })), {
    ...settings,
    extras: ['dav'],
    dialects: { thunderbird: true, outlook: true, apple: false }
  })
})

for (const [protocol, security, port, defaulted] of [
  ['imap', undefined, 993, 'tls'],
  ['imap', 'starttls', 143, 'starttls'],
  ['imap', 'none', 143, 'none'],
  ['pop3', undefined, 995, 'tls'],
  ['pop3', 'starttls', 110, 'starttls'],
  ['pop3', 'none', 110, 'none'],
  ['smtp', undefined, 465, 'tls'],
  ['smtp', 'starttls', 587, 'starttls'],
  ['smtp', 'none', 587, 'none'],
  ['managesieve', undefined, 4190, 'starttls'],
  ['managesieve', 'none', 4190, 'none']
] as const) {
  t.test(`toProvider: ${protocol} with security ${security ?? 'not set'} is ${defaulted} on port ${port}`, async t => {
    const server: ServerSettings = { protocol, host: 'mail.example.com', ...(security && { security }) }
    matchLists(t, toProvider(exampleProvider({ servers: [server] })).servers, [{ port, security: defaulted }])
    t.equal(defaultPort(protocol, defaulted), port)
  })
}

t.test('toProvider: an explicit port is kept with any security', async t => {
  const { servers } = toProvider(exampleProvider({ servers: [{ ...imap, port: 1993, authentication: ['oauth2'] }] }))
  matchLists(t, servers, [{ port: 1993, security: 'tls', authentication: ['oauth2'] }])
})

t.test('toProvider: servers and services each keep their order', async t => {
  const url = 'https://dav.example.com/'
  const { servers, services } = toProvider(
    exampleProvider({
      servers: [{ protocol: 'webdav', url }, smtp, { protocol: 'caldav', url, authentication: ['oauth2'] }, pop3, imap]
    })
  )
  t.same(
    servers.map(({ protocol }) => protocol),
    ['smtp', 'pop3', 'imap']
  )
  t.same(services, [
    { protocol: 'webdav', url, authentication: ['password'] },
    { protocol: 'caldav', url, authentication: ['oauth2'] }
  ])
})

t.test('toProvider: host names are canonical', async t => {
  const servers = [
    { ...imap, host: 'IMAP.Müller.example.' },
    { ...smtp, host: 'smtp.%EMAILDOMAIN%' }
  ]
  matchLists(t, toProvider(exampleProvider({ servers })).servers, [
    { host: 'imap.xn--mller-kva.example' },
    { host: 'smtp.%EMAILDOMAIN%' }
  ])
})

for (const [written, url] of [
  ['https://dav.example.com', 'https://dav.example.com/'],
  ['https://DAV.example.com:443/a', 'https://dav.example.com/a'],
  ['https://dav.example.com:8443/a', 'https://dav.example.com:8443/a'],
  ['https://müller.example/größe', 'https://xn--mller-kva.example/gr%C3%B6%C3%9Fe'],
  ['https://dav.%EMAILDOMAIN%/%EMAILDOMAIN%/%41', 'https://dav.%EMAILDOMAIN%/%EMAILDOMAIN%/%41']
] as const) {
  t.test(`toProvider: the URL ${written} is ${url}`, async t =>
    matchLists(t, toProvider(exampleProvider({ servers: [{ protocol: 'caldav', url: written }] })).services, [{ url }])
  )
}

t.test('toProvider: pages have their URL in ASCII, and an issuer is not changed', async t => {
  const unicode = 'https://müller.example'
  const url = 'https://xn--mller-kva.example/'
  const pages = {
    website: unicode,
    webmail: unicode,
    password: { url: unicode },
    documentation: [{ url: unicode, text: {} }]
  }
  const oauth = { issuer: unicode, scope: 'mail', authorizationUrl: unicode, tokenUrl: unicode }
  matchLists(t, toProvider(exampleProvider({ ...pages, oauth })), {
    website: url,
    webmail: url,
    password: { url },
    documentation: [{ url }],
    oauth: { issuer: unicode, authorizationUrl: url, tokenUrl: url }
  })
})

t.test('toProvider: names are trimmed and have no double spaces', async t =>
  t.match(toProvider(exampleProvider({ name: '  Example   Mail ', shortName: ' Ex  ' })), {
    name: 'Example Mail',
    shortName: 'Ex'
  })
)

t.test('toProvider: values that the check rejects are not changed', async t => {
  const settings = exampleProvider({
    domains: ['a b'],
    mx: ['mx/1'],
    servers: [{ ...imap, host: 'a:1' }, { protocol: 'smtp' }, { protocol: 'jmap' }]
  })
  matchLists(t, toProvider(settings), {
    domains: ['a b'],
    mx: ['mx/1'],
    servers: [{ host: 'a:1' }, { host: '' }],
    services: [{ url: '' }]
  })
})

for (const [name, shortName] of [
  ['mailbox.org', 'mailbox.org'],
  ['Twenty characters ok', 'Twenty characters ok'],
  ['Twenty characters ok and more', 'Twenty characters ok'],
  ['Example Mail for Everybody', 'Example Mail for'],
  ['Example Mail Services', 'Example Mail'],
  ['Donaudampfschifffahrtsgesellschaft', 'Donaudampfschifffahr'],
  ['A  Donaudampfschifffahrtsgesellschaft', 'A'],
  [' Donaudampfschifffahrtsgesellschaft', 'Donaudampfschifffahr'],
  ['\u{1f4eb}'.repeat(21), '\u{1f4eb}'.repeat(20)]
] as const) {
  t.test(`toProvider: makes the short name "${shortName}" of "${name}"`, async t => {
    t.equal(toProvider(exampleProvider({ name })).shortName, shortName)
  })
}

t.test(
  'toProvider: a short name that is made has at most 20 characters, and is the beginning of the name',
  async () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, minLength: 1 }), written => {
        const { name, shortName } = toProvider(exampleProvider({ name: written }))
        return [...shortName].length <= 20 && name.startsWith(shortName)
      })
    )
  }
)

t.test('preferred: is the first server of its protocol', async t => {
  const second = { ...imap, host: 'second.example.com' }
  const provider = toProvider(exampleProvider({ servers: [smtp, imap, second] }))
  t.equal(preferred(provider, 'imap')?.host, 'imap.example.com')
  t.equal(preferred(provider, 'pop3'), undefined)
})

for (const [text, pattern] of [
  ['*', '*'],
  ['Example.COM.', 'example.com'],
  ['*.Müller.example', '*.xn--mller-kva.example'],
  ['*.com', '*.com'],
  ['', undefined],
  ['*.', undefined],
  ['**', undefined],
  ['*example.com', undefined],
  ['*.*.example.com', undefined],
  ['a.*.example.com', undefined],
  ['.example.com', undefined],
  ['@example.com', undefined]
] as const) {
  t.test(`toPattern: reads "${text}" as ${pattern ?? 'none'}`, async t => t.equal(toPattern(text), pattern))
}

for (const [text, host] of [
  ['Mail.Example.com.', 'mail.example.com'],
  ['mail.müller.example', 'mail.xn--mller-kva.example'],
  ['%EMAILDOMAIN%', '%EMAILDOMAIN%'],
  ['Mail.%EMAILDOMAIN%', 'mail.%EMAILDOMAIN%'],
  ['%EMAILDOMAIN%.mail.example.com', '%EMAILDOMAIN%.mail.example.com'],
  ['%EMAILDOMAIN%.%EMAILDOMAIN%', '%EMAILDOMAIN%.%EMAILDOMAIN%'],
  ['emaildomain-placeholder.example', 'emaildomain-placeholder.example'],
  ['mail.%emaildomain%', undefined],
  ['mail.%EMAILDOMAIN', undefined],
  ['mail.%EMAILADDRESS%', undefined],
  ['%EMAILLOCALPART%.example.com', undefined],
  ['mail..%EMAILDOMAIN%', undefined],
  ['mail.example.com:993', undefined],
  ['192.0.2.1', undefined],
  ['', undefined]
] as const) {
  t.test(`toHost: reads "${text}" as ${host ?? 'none'}`, async t => t.equal(toHost(text), host))
}

t.test('toHost, toPattern: are idempotent', async () => {
  const anyHost = fc.oneof(
    anyTyped,
    anyAsciiDomain.map(domain => `${domain}.%EMAILDOMAIN%`),
    anyAsciiDomain.map(domain => `*.${domain}`)
  )
  fc.assert(
    fc.property(anyHost, text =>
      [toHost, toPattern].every(read => {
        const canonical = read(text)
        return canonical === undefined || read(canonical) === canonical
      })
    )
  )
})

t.test('isSocket: a protocol is reached by host and port, or by URL', async t => {
  t.same(protocols.filter(isSocket), ['imap', 'pop3', 'smtp', 'managesieve'])
})

t.test('toProvider: a short name contains a placeholder as a whole or not at all', async t => {
  for (const [name, shortName] of [
    ['%EMAILDOMAIN% (Example box)', '%EMAILDOMAIN% (Example box)'],
    ['Mail of %EMAILDOMAIN%', 'Mail of %EMAILDOMAIN%'],
    ['Mail-at-the-domain-%EMAILDOMAIN%', 'Mail-at-the-domain-%EMAILDOMAIN%'],
    ['Mail-at-that-domain-%EMAILDOMAIN%', 'Mail-at-that-domain-'],
    ['The mail of the domain %EMAILDOMAIN%', 'The mail of the']
  ] as const) {
    t.equal(toProvider(exampleProvider({ name })).shortName, shortName)
  }
})
