import fc from 'fast-check'
import t from 'tap'
import { locate, without } from '../../src/importers/draft.ts'
import type { ImportedProvider, Part } from '../../src/importers/imported.ts'
import { createIds, toId } from '../../src/importers/provider-id.ts'
import { toSettings } from '../../src/importers/to-settings.ts'
import { usernamePattern } from '../../src/importers/username-pattern.ts'
import { writeTable } from '../../src/importers/write-table.ts'
import { expand } from '../../src/settings/names/placeholder.ts'
import { toAddress } from '../../src/settings/question/address.ts'
import type { ServerSettings } from '../../src/settings/schema.ts'
import { anyAddress } from '../support/arbitraries/address.ts'
import { anyCharacter } from '../support/arbitraries/character.ts'
import { anyText } from '../support/arbitraries/text.ts'
import { matchLists } from '../support/match-lists.ts'
import { tableOf } from '../support/table-of.ts'

const origin = { source: 'source' }
const part = <Value>(value: Value): Part<Value> => ({ value, origin })
const server = (value: ServerSettings, username?: string) => ({ ...part(value), username })
const imap = server({ protocol: 'imap', host: 'imap.example.com' })

function convertOne(provider: Partial<ImportedProvider>) {
  const { settings, dropped } = toSettings({
    providers: [{ origin, id: 'example', domains: [part('example.com')], servers: [imap], ...provider }],
    dropped: []
  })
  return { settings: settings?.providers[0], reported: dropped.map(({ what, why }) => `${what}: ${why}`) }
}

t.test('toSettings: a provider without a name gets its id, and one without an id its domain', async t => {
  t.match(convertOne({ id: '' }).settings, { id: 'example.com', name: 'example.com' })
  t.match(convertOne({ id: '', domains: [part('*')] }).settings, { id: 'example.com' })
  const { host: _, ...jmap } = { ...imap.value, protocol: 'jmap', url: 'https://jmap.example.com/' } as const
  t.match(convertOne({ id: '', domains: [part('*')], servers: [server(jmap)] }).settings, { id: 'provider' })
  matchLists(t, convertOne({ id: '', domains: [], name: part('Some Name') }).reported, [/^provider some-name: /])
  matchLists(t, convertOne({ name: part('A\u0085B') }), { settings: { name: 'example' }, reported: [/^name /] })
})

t.test('toSettings: removes what the check refuses, and reports it', async t => {
  for (const [wrong, reported] of [
    [{ webmail: part('http://mail.example.com/') }, /^webmail "http:/],
    [{ mx: [part('*'), part('mx.example.com'), part('MX.example.com')] }, /^mx MX.example.com: it occurs twice/],
    [{ servers: [imap, server({ protocol: 'jmap', url: 'https://[broken' })] }, /^server jmap https:\/\/\[broken/],
    [{ oauth: part({ issuer: 'auth', scope: '', authorizationUrl: '', tokenUrl: '' }) }, /^oauth: /],
    [{ servers: [imap, server({ protocol: 'smtp', host: 'x', port: 0 })] }, /^server smtp x: found 0/]
  ] as const) {
    const {
      settings,
      reported: [first]
    } = convertOne(wrong as Partial<ImportedProvider>)
    t.match(first, reported)
    t.ok(settings)
  }
})

t.test('toSettings: does not include autoconfig elements that have no contents', async t => {
  const include = ['documentation', 'webmail', 'dav', 'jmap', 'oauth2'] as const
  t.equal(convertOne({ include }).settings?.autoconfig, undefined)
  const oauth = server({ protocol: 'imap', host: 'imap.example.com', authentication: ['password', 'oauth2'] })
  t.same(convertOne({ include, servers: [oauth] }).settings?.autoconfig, { include: ['oauth2'] })
})

t.test('toSettings: the first login name is that of the provider, and servers with another one keep it', async t => {
  const smtp = { ...server({ protocol: 'smtp', host: 'smtp.example.com' }, '%EMAILLOCALPART%'), note: 'Its own.' }
  const named = (host: string, username: string) => ({ ...imap, value: { ...imap.value, host }, username })
  const servers = [imap, named('a.example.com', 'none'), named('b.example.com', '%EMAILDOMAIN%%%EMAILADDRESS%'), smtp]
  const { notes, dropped, settings } = toSettings({
    providers: [{ origin, id: 'example', name: part('Example'), domains: [part('example.com')], servers }],
    dropped: []
  })
  const [provider] = settings?.providers ?? []
  t.equal(provider?.username, '%EMAILDOMAIN%%%%EMAILADDRESS%')
  t.same(
    provider?.servers.map(({ username }) => username),
    [undefined, 'none', undefined, '%EMAILLOCALPART%']
  )
  t.same(notes, [{ path: ['providers', 0, 'servers', 3], text: 'Its own.' }])
  t.same(dropped, [])
})

t.test('toSettings: a login name that the check refuses is dropped with a note, and its server stays', async t => {
  const smtp = server({ protocol: 'smtp', host: 'smtp.example.com' }, 'info')
  const noted = { ...server({ protocol: 'pop3', host: 'pop.example.com' }, '%REALNAME%'), note: 'Old.' }
  const { notes, dropped, settings } = toSettings({
    providers: [
      {
        origin,
        id: 'example',
        name: part('Example'),
        domains: [part('example.com')],
        servers: [{ ...imap, username: '%EMAILADDRESS%' }, smtp, noted]
      }
    ],
    dropped: []
  })
  t.same(
    settings?.providers[0]?.servers.map(each => [each.protocol, each.username]),
    [
      ['imap', undefined],
      ['smtp', undefined],
      ['pop3', undefined]
    ]
  )
  t.same(
    notes.map(({ text }) => text),
    ['The source has the user name "info" here.', 'Old. The source has the user name "%REALNAME%" here.']
  )
  matchLists(t, dropped, [{ what: 'username "info"', why: /^found "info"/ }, { what: 'username "%REALNAME%"' }])
})

t.test('toSettings: a domain belongs to the first provider that has it', async t => {
  const provider = { origin, id: 'example', domains: [part('example.com')], servers: [imap] }
  matchLists(t, toSettings({ providers: [provider, provider], dropped: [] }).dropped, [
    { why: 'it occurs twice' },
    { what: 'provider example-2' }
  ])
  matchLists(t, toSettings({ providers: [provider, { ...provider }], dropped: [] }).dropped, [
    { why: 'it belongs to the first provider that has it, which is source' },
    { what: 'provider example-2' }
  ])
})

t.test('without: an unknown path yields no draft', async t => {
  const draft = { origin, id: 'example', domains: [part('example.com')], servers: [imap] }
  t.equal(without(draft, ['website']), undefined)
  t.equal(without(draft, []), undefined)
  t.same(locate(draft, []), { origin, what: 'undefined' })
})

t.test('toId: lower-case letters, digits, dots and hyphens', async t => {
  for (const [text, id] of [
    ['Müller & Söhne', 'muller-sohne'],
    ['-.-', 'provider'],
    ['x', 'x'],
    ['x'.repeat(99), 'x'.repeat(63)]
  ] as const) {
    t.equal(toId(text), id)
  }
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), text => /^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/.test(toId(text)))
  )
})

t.test('createIds: an id that is taken gets a number, which is free until it is taken', async t => {
  const ids = createIds()
  const long = 'x'.repeat(63)
  for (const id of ['taken', 'taken-2', long]) ids.take(id)
  t.equal(ids.free('free'), 'free')
  t.equal(ids.free('taken'), 'taken-3')
  t.equal(ids.free('Taken'), 'taken-3')
  ids.take('taken-3')
  t.equal(ids.free('taken'), 'taken-4')
  t.equal(ids.free(long), `${'x'.repeat(55)}-2`)
})

t.test('usernamePattern: replaces only whole words of the address', async t => {
  const jane = toAddress('jane.doe@example.com')
  const a = toAddress('a@mail.example')
  if (jane === undefined || a === undefined) throw new Error('no address')
  for (const [login, address, rule] of [
    ['Jane.Doe@example.com', jane, '%EMAILADDRESS%'],
    ['jane.doe', jane, '%EMAILLOCALPART%'],
    ['example.com', jane, '%EMAILDOMAIN%'],
    ['jane.doe#example.com', jane, '%EMAILLOCALPART%#%EMAILDOMAIN%'],
    ['CORP\\jane.doe', jane, 'CORP\\%EMAILLOCALPART%'],
    ['jane', jane, undefined],
    ['mail', a, undefined]
  ] as const) {
    t.equal(usernamePattern(login, address), rule, login)
  }
})

t.test('usernamePattern: special characters of regular expressions in an address are literal', async t => {
  const address = toAddress('a.b+c*d?e^f$g{h}|i/j@example.com')
  if (address === undefined) throw new Error('no address')
  t.equal(usernamePattern(address.localPart, address), '%EMAILLOCALPART%')
  t.equal(usernamePattern('aXbbcccd', address), undefined)
})

t.test('usernamePattern: the pattern reproduces the name, or is undefined', async () => {
  const rules = fc.constantFrom(
    '%EMAILADDRESS%',
    '%EMAILLOCALPART%',
    '%EMAILDOMAIN%',
    '%EMAILLOCALPART%.%EMAILDOMAIN%',
    'x'
  )
  fc.assert(
    fc.property(anyAddress, rules, (address, made) => {
      const { text, localPart, domain } = address
      const values = { '%EMAILADDRESS%': text, '%EMAILLOCALPART%': localPart, '%EMAILDOMAIN%': domain }
      const login = expand(made, values)
      const rule = usernamePattern(login, address)
      return rule === undefined || expand(rule, values).toLowerCase() === login.toLowerCase()
    })
  )
})

t.test('writeTable: foreign text in a note remains in a comment', async t => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), anyText(60), (text, name) => {
      const { settings } = convertOne({ name: part(name) })
      if (settings === undefined) return
      const table = tableOf(writeTable({ providers: [settings] }, [{ path: ['providers', 0, 'servers', 0], text }]))
      t.equal(table.settings.providers[0]?.servers.length, 1)
    })
  )
})
