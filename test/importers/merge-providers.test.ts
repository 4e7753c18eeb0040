import t from 'tap'
import { describeDropped, type ImportedProvider, type Part } from '../../src/importers/imported.ts'
import { mergeProviders } from '../../src/importers/merge-providers.ts'
import type { ServerSettings } from '../../src/settings/schema.ts'
import { matchLists } from '../support/match-lists.ts'

const partOf = <Value>(source: string, value: Value): Part<Value> => ({ value, origin: { source, line: 1, column: 2 } })

function providerOf(source: string, domains: readonly string[], servers: readonly ServerSettings[]): ImportedProvider {
  return {
    origin: { source },
    id: domains[0] ?? '',
    domains: domains.map(domain => partOf(source, domain)),
    servers: servers.map(server => ({ ...partOf(source, server), username: undefined }))
  }
}

const imap = { protocol: 'imap', host: 'imap.example.com' } as const
const caldav = { protocol: 'caldav', url: 'https://dav.example.com/' } as const

function merge(...providers: readonly ImportedProvider[]) {
  const merged = mergeProviders({ providers, dropped: [] })
  return { providers: merged.providers, dropped: merged.dropped.map(describeDropped) }
}

t.test('mergeProviders: a second document about the same domains adds the protocols that the first lacks', async t => {
  const jmap = {
    ...partOf('b', { protocol: 'jmap', url: 'https://j.example/' } as const),
    username: undefined,
    note: 'New.'
  }
  const second = providerOf('b', ['EXAMPLE.com'], [caldav, { ...imap, host: 'other.example.com' }])
  const { providers, dropped } = merge(providerOf('a', ['example.com', 'example.net'], [imap]), {
    ...second,
    servers: [...second.servers, jmap]
  })
  t.same(
    providers.map(({ servers }) => servers.map(({ value, note }) => [value.protocol, note])),
    [
      [
        ['imap', undefined],
        ['caldav', 'From b.'],
        ['jmap', 'From b. New.']
      ]
    ]
  )
  t.same(dropped, ['b:1:2 imap other.example.com: not imported: there is another imap server already, from a:1:2'])
})

t.test(
  'mergeProviders: the same server gets what only the other document says, and differences are reported',
  async t => {
    const [named] = providerOf(
      'b',
      ['x.example'],
      [{ ...imap, port: 993, security: 'tls', pathPrefix: 'INBOX' }]
    ).servers
    if (named === undefined) throw new Error('no server')
    const first = providerOf('a', ['x.example'], [imap])
    const added = merge(first, {
      ...providerOf('b', ['x.example'], []),
      servers: [{ ...named, username: '%EMAILADDRESS%' }]
    })
    matchLists(t, added, {
      providers: [{ servers: [{ value: { ...imap, pathPrefix: 'INBOX' }, username: '%EMAILADDRESS%' }] }],
      dropped: []
    })
    const other = { ...named, value: { ...imap, authentication: ['ntlm' as const] }, username: 'jane' }
    const [owner] = added.providers
    if (owner === undefined) throw new Error('no provider')
    t.same(merge(owner, { ...providerOf('c', ['x.example'], []), servers: [other] }).dropped, [
      'b:1:2 authentication ntlm: not imported: the server has others already, from a:1:2',
      'b:1:2 username jane: not imported: the server has others already, from a:1:2'
    ])
    const both = merge(first, providerOf('b', ['x.example'], [caldav]), providerOf('c', ['x.example'], [caldav]))
    t.equal(both.providers[0]?.servers.length, 2)
    t.same(both.dropped, [])
  }
)

t.test('mergeProviders: servers with a URL are compared by it', async t => {
  const other = { ...caldav, url: 'https://other.example.com/' }
  const { dropped } = merge(providerOf('a', ['x.example'], [caldav]), providerOf('b', ['x.example'], [caldav, other]))
  t.same(dropped, [
    'b:1:2 caldav https://other.example.com/: not imported: there is another caldav server already, from a:1:2'
  ])
})

t.test('mergeProviders: single values come from the first document that has them', async t => {
  const name = (source: string, value: string) => ({ name: partOf(source, value) })
  const page = (url: string) => [partOf('x', { url, text: { en: 'Help' } })]
  const { providers, dropped } = merge(
    { ...providerOf('a', ['x.example'], [imap]), webmail: undefined, notes: ['A'], include: ['webmail'] },
    {
      ...providerOf('b', ['x.example'], []),
      ...name('b', 'B'),
      documentation: page('https://b.example/'),
      notes: ['B']
    },
    {
      ...providerOf('c', ['x.example'], []),
      ...name('c', 'C'),
      webmail: partOf('c', 'https://c.example/'),
      include: ['dav']
    },
    { ...providerOf('d', ['x.example'], []), ...name('d', 'B'), mx: [partOf('d', 'mx.example')] }
  )
  matchLists(t, providers, [
    {
      origin: { source: 'a' },
      name: { value: 'B' },
      webmail: { value: 'https://c.example/' },
      mx: [{ value: 'mx.example' }],
      documentation: page('https://b.example/'),
      include: ['webmail', 'dav'],
      notes: ['A', 'B']
    }
  ])
  t.same(dropped, ['c:1:2 name: not imported: there is one already, from b:1:2'])
})

t.test('mergeProviders: providers of other domains, of one document, or of several owners stay', async t => {
  const a = providerOf('a', ['a.example'], [imap])
  const b = providerOf('b', ['b.example'], [imap])
  for (const other of [
    providerOf('c', ['c.example'], []),
    providerOf('c', ['a.example', 'b.example'], []),
    providerOf('a', ['a.example'], [])
  ]) {
    t.equal(merge(a, b, other).providers.length, 3)
  }
  t.equal(merge(a, b, providerOf('c', [], [])).providers.length, 3)
  t.equal(merge(providerOf('c', ['*'], [imap]), providerOf('d', ['*'], [imap])).providers.length, 2)
  const odd = { ...a, domains: [partOf('a', '_')] }
  t.equal(merge(odd, { ...b, domains: [partOf('b', '_')] }).providers.length, 1)
})
