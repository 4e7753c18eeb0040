import t from 'tap'
import {
  loginName,
  loginPattern,
  logsInByAddress,
  madeUpColumns,
  serverLoginName
} from '../../../src/settings/names/login-name.ts'
import { type Provider, toProvider } from '../../../src/settings/provider.ts'
import { type Address, toAddress } from '../../../src/settings/question/address.ts'
import type { ProviderSettings } from '../../../src/settings/schema.ts'
import { exampleProvider } from '../../support/settings/example.ts'

function addressOf(text: string): Address {
  const address = toAddress(text)
  if (address === undefined) throw new Error(text)
  return address
}

const tagged = addressOf('Jane+tag@müller.example')

for (const [username, asTyped, lower] of [
  ['%EMAILADDRESS%', 'Jane+tag@xn--mller-kva.example', 'jane+tag@xn--mller-kva.example'],
  ['%EMAILLOCALPART%', 'Jane+tag', 'jane+tag'],
  ['%EMAILDOMAIN%', 'xn--mller-kva.example', 'xn--mller-kva.example'],
  ['A\\%EMAILLOCALPART%', 'A\\Jane+tag', 'A\\jane+tag'],
  ['%EMAILLOCALPART%%EMAILDOMAIN%', 'Jane+tagxn--mller-kva.example', 'jane+tagxn--mller-kva.example'],
  ['%EMAILLOCALPART%%%%EMAILDOMAIN%', 'Jane+tag%xn--mller-kva.example', 'jane+tag%xn--mller-kva.example'],
  ['%%%EMAILLOCALPART%%%', '%Jane+tag%', '%jane+tag%']
] as const) {
  t.test(`login name: ${username} becomes ${asTyped}, or ${lower} with usernameCase: lower`, async t => {
    const nameWith = (changes: Partial<ProviderSettings>) =>
      loginName({ provider: toProvider(exampleProvider({ username, ...changes })) }, tagged)
    t.equal(nameWith({}), asTyped)
    t.equal(nameWith({ usernameCase: 'as-typed' }), asTyped)
    t.equal(nameWith({ usernameCase: 'lower' }), lower)
  })
}

t.test('login name: a word that the program replaces keeps its case', async t => {
  const provider = toProvider(exampleProvider({ username: 'a\\%EMAILLOCALPART%', usernameCase: 'lower' }))
  const address: Address = { ...addressOf('EVOLUTIONUSER@example.com'), isStandIn: true }
  t.equal(loginName({ provider }, address), 'a\\EVOLUTIONUSER')
})

const servers: ProviderSettings['servers'] = [
  { protocol: 'imap', host: 'imap.example.com', username: '%EMAILLOCALPART%' },
  { protocol: 'pop3', host: 'pop.example.com' },
  { protocol: 'smtp', host: 'smtp.example.com', username: 'none' },
  { protocol: 'managesieve', host: 'sieve.example.com' },
  { protocol: 'carddav', url: 'https://dav.example.com/', username: 'dav-%EMAILLOCALPART%' },
  { protocol: 'jmap', url: 'https://jmap.example.com/' }
]

function namesOf(provider: Provider, lookedUpNames?: Parameters<typeof loginName>[0]['lookedUpNames']) {
  const all = [...provider.servers, ...provider.services]
  const source = { provider, lookedUpNames }
  return Object.fromEntries(
    all.map(server => [server.protocol, serverLoginName(source, addressOf('jane@example.com'), server)])
  )
}

t.test('login name: a server has its own rule, none, or the rule of its provider', async t => {
  const provider = toProvider(exampleProvider({ username: 'x-%EMAILLOCALPART%', servers }))
  t.same(namesOf(provider), {
    imap: 'jane',
    pop3: 'x-jane',
    smtp: undefined,
    managesieve: 'x-jane',
    carddav: 'dav-jane',
    jmap: 'x-jane'
  })
})

t.test('login name: a name that was looked up replaces the rule of the provider, but not that of a server', async t => {
  const provider = toProvider(exampleProvider({ servers }), { looksUpUsers: true })
  t.same(namesOf(provider, { username: 'u1' }), {
    imap: 'jane',
    pop3: 'u1',
    smtp: undefined,
    managesieve: 'u1',
    carddav: 'dav-jane',
    jmap: 'u1'
  })
})

t.test('login name: a name that was looked up for a protocol takes precedence', async t => {
  const provider = toProvider(exampleProvider({ servers }), { looksUpUsers: true })
  const lookedUp = { username: 'u', imap_username: 'i', pop3_username: 'p', smtp_username: 's', dav_username: 'd' }
  t.same(namesOf(provider, lookedUp), { imap: 'i', pop3: 'p', smtp: 's', managesieve: 'i', carddav: 'd', jmap: 'u' })
})

t.test('login pattern: programs get one percent sign for two, and the placeholders unchanged', async t => {
  const provider = toProvider(exampleProvider({ username: '%EMAILLOCALPART%%%%EMAILDOMAIN%', servers }))
  const patterns = [...provider.servers, ...provider.services].map(server => loginPattern(provider, server))
  const own = '%EMAILLOCALPART%%%EMAILDOMAIN%'
  t.same(patterns, ['%EMAILLOCALPART%', own, undefined, own, 'dav-%EMAILLOCALPART%', own])
})

t.test('logs in by address: only if every server uses the address as typed', async t => {
  const [imap, , smtp] = servers
  if (imap === undefined || smtp === undefined) throw new Error('no servers')
  const with_ = (changes: Partial<ProviderSettings>, options = {}) =>
    logsInByAddress(toProvider(exampleProvider(changes), options))
  t.equal(with_({}), true)
  t.equal(with_({ username: '%EMAILADDRESS%', usernameCase: 'as-typed' }), true)
  t.equal(with_({ usernameCase: 'lower' }), false)
  t.equal(with_({ username: '%EMAILLOCALPART%' }), false)
  t.equal(with_({}, { looksUpUsers: true }), false)
  t.equal(with_({ servers: [imap] }), false)
  t.equal(with_({ servers: [smtp] }), false)
  t.equal(with_({ servers: [{ protocol: 'jmap', url: 'https://a.example/', username: '%EMAILLOCALPART%' }] }), false)
  const address = { username: '%EMAILADDRESS%' }
  t.equal(
    with_({
      username: '%EMAILLOCALPART%',
      servers: [
        { ...imap, ...address },
        { ...smtp, ...address }
      ]
    }),
    true
  )
})

t.test('made-up columns: those that unknown mailboxes have', async t => {
  const users = { type: 'sqlite', unknown: 'u#' } as const
  t.same(madeUpColumns(undefined), [])
  t.same(madeUpColumns(users), [])
  t.same(madeUpColumns({ ...users, unknownNames: { dav_username: 'd#', imap_username: 'i#' } }), [
    'imap_username',
    'dav_username'
  ])
})
