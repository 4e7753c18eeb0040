import t from 'tap'
import { loginSlots } from '../../src/dialects/login-slots.ts'
import { toProvider } from '../../src/settings/provider.ts'
import { toAddress } from '../../src/settings/question/address.ts'
import { exampleProvider, imap, pop3, smtp } from '../support/settings/example.ts'

const address = toAddress('jane@example.com') ?? fail()

function fail(): never {
  throw new Error('no address')
}

t.test('login slots: servers with the same name share a value', async t => {
  const usual = loginSlots(toProvider(exampleProvider()))
  t.same(usual.names, ['login'])
  t.equal(usual.areEqual, true)
  const username = '%EMAILLOCALPART%'
  const servers = [{ ...imap, username }, { ...pop3, username }, smtp]
  const own = loginSlots(toProvider(exampleProvider({ servers })))
  t.same(own.names, ['login', 'login of %EMAILLOCALPART%'])
  t.equal(own.areEqual, false)
})

t.test('login slots: each protocol with a looked-up name has its own value', async t => {
  const servers = [imap, pop3, { ...smtp, username: 'none' }]
  const lookedUpColumns = ['imap_username', 'smtp_username'] as const
  const provider = toProvider(exampleProvider({ servers }), { looksUpUsers: true, lookedUpColumns })
  const slots = loginSlots(provider)
  t.same(slots.names, ['login', 'login of imap_username', 'login of smtp_username'])
  const namesOf = (lookedUpNames?: { username: string; imap_username: string; smtp_username: string }) => {
    const values = slots.fill({ provider, lookedUpNames }, address)
    return provider.servers.map(server => slots.of(values, server))
  }
  t.same(namesOf({ username: 'u', imap_username: 'i', smtp_username: 's' }), ['i', 'u', 's'])
  t.same(namesOf(), ['jane@example.com', 'jane@example.com', ''])
})

t.test('login slots: two servers share a name if their rules are equal and they have a name', async t => {
  const sameWith = (one: object, other: object, looksUpUsers = false) => {
    const provider = toProvider(
      exampleProvider({
        servers: [
          { ...imap, ...one },
          { ...smtp, ...other }
        ]
      }),
      { looksUpUsers }
    )
    const [first, second] = provider.servers
    return first !== undefined && second !== undefined && loginSlots(provider).areSame(first, second)
  }
  const username = '%EMAILADDRESS%'
  t.equal(sameWith({}, {}), true)
  t.equal(sameWith({ username }, {}), true, "the provider's rule, written a second time")
  t.equal(sameWith({ username }, {}, true), false, '`users` may replace only one of the two')
  t.equal(sameWith({ username: '%EMAILLOCALPART%' }, {}), false)
  t.equal(sameWith({ username: 'none' }, { username: 'none' }), false)
})
