import assert from 'node:assert/strict'
import fc from 'fast-check'
import { type PlistValue, parse } from 'plist'
import t from 'tap'
import { type ProfileMailbox, portalProfile } from '../../../src/dialects/apple/portal-profile.ts'
import { apple } from '../../../src/dialects/apple/profile.ts'
import { writerOf } from '../../../src/dialects/dialect.ts'
import type { Table } from '../../../src/settings/table.ts'
import { profileFaults } from '../../schemas/profile-faults.ts'
import { anyAddressAt } from '../../support/arbitraries/address.ts'
import { anyTable } from '../../support/arbitraries/table.ts'
import { qrSubject } from '../../support/dialects/qr-subject.ts'
import { tableOf } from '../../support/table-of.ts'

const password = 'tr0ub4dor & <3'

const withServers = (servers: string, more = '') =>
  tableOf(`providers: [{ id: example, name: Example, domains: [example.com], ${more} servers: [${servers}] }]`)
const imap = '{ protocol: imap, host: imap.example.com }'
const smtp = '{ protocol: smtp, host: smtp.example.com }'
const two = withServers(`${imap}, ${smtp}`, 'password: { note: { en: "Use an app password." } },')

type Extras = Partial<Pick<ProfileMailbox, 'aliases' | 'name' | 'password'>>

function mailbox(table: Table, text = 'jane@example.com', extras: Extras = { password }): ProfileMailbox {
  return { ...qrSubject(table, text), aliases: [], name: undefined, password: undefined, ...extras }
}

type Dictionary = { [key: string]: PlistValue }
const read = (body: string) => parse(body) as Dictionary & { PayloadContent: Dictionary[] }
const profileOf = (...mailboxes: [ProfileMailbox, ...ProfileMailbox[]]) => {
  const [main, ...others] = mailboxes
  return read(portalProfile(main, others).body)
}
const passwordsIn = (accounts: Dictionary[]) =>
  accounts.map(account => Object.fromEntries(Object.entries(account).filter(([key]) => /Password$/.test(key))))

t.test('portal profile: each account that needs a password has it', async t => {
  const dav = ['caldav', 'carddav']
    .map(protocol => `{ protocol: ${protocol}, url: https://dav.example.com/ }`)
    .join(', ')
  const { PayloadContent } = profileOf(mailbox(withServers(`${imap}, ${smtp}, ${dav}`)))
  t.same(passwordsIn(PayloadContent), [
    { OutgoingPasswordSameAsIncomingPassword: true, IncomingPassword: password, OutgoingPassword: password },
    { CalDAVPassword: password },
    { CardDAVPassword: password }
  ])
})

t.test('portal profile: a server without authentication gets no password', async t => {
  const open = '{ protocol: smtp, host: smtp.example.com, authentication: [none] }'
  t.same(passwordsIn(profileOf(mailbox(withServers(`${imap}, ${open}`))).PayloadContent), [
    { IncomingPassword: password }
  ])
})

t.test('portal profile: an ActiveSync account has the password unless it uses OAuth', async t => {
  const exchange = (method: string) =>
    withServers(
      `{ protocol: activesync, url: https://sync.example.com/Microsoft-Server-ActiveSync, authentication: [${method}] }`,
      oauth
    )
  t.same(passwordsIn(profileOf(mailbox(exchange('password'))).PayloadContent), [{ Password: password }])
  t.same(passwordsIn(profileOf(mailbox(exchange('oauth2'))).PayloadContent), [{}])
})

const oauth =
  'oauth: { issuer: https://id.example.com, scope: mail, authorizationUrl: "https://id.example.com/a", tokenUrl: "https://id.example.com/t" },'

t.test('portal profile: aliases follow the address, separated by commas', async t => {
  const aliases = ['j@example.com', 'jane.doe@example.com'].map(text => qrSubject(two, text).address)
  const [account] = profileOf(mailbox(two, 'jane@example.com', { aliases })).PayloadContent
  t.match(account, {
    EmailAddress: 'jane@example.com,j@example.com,jane.doe@example.com',
    EmailAccountDescription: 'jane@example.com'
  })
  t.same(account?.IncomingMailServerUsername, 'jane@example.com')
})

t.test('portal profile: the note about the password is there if a password is missing', async t => {
  t.equal(profileOf(mailbox(two)).PayloadDescription, undefined)
  t.equal(profileOf(mailbox(two), mailbox(two, 'jim@example.com', {})).PayloadDescription, 'Use an app password.')
})

t.test('portal profile: each mailbox becomes an account, and the first one names the profile', async t => {
  const alone = profileOf(mailbox(two))
  const other = profileOf(mailbox(two, 'jim@example.com'))
  const both = profileOf(mailbox(two), mailbox(two, 'jim@example.com'))
  t.same(both.PayloadContent, [...alone.PayloadContent, ...other.PayloadContent])
  t.same([both.PayloadUUID, both.PayloadIdentifier], [alone.PayloadUUID, alone.PayloadIdentifier])
  t.equal(both.PayloadDisplayName, 'Example (jane@example.com, jim@example.com)')
})

t.test('portal profile: for any table, it equals the public profile plus passwords', async () => {
  const anybody = anyTable.chain(({ table, domain }) =>
    fc.record({ table: fc.constant(table), address: anyAddressAt(fc.constant(domain)) })
  )
  fc.assert(
    fc.property(anybody, ({ table, address }) => {
      const input = qrSubject(table, address.text)
      const open = writerOf(apple, input.provider)?.(input)
      if (open === undefined) return
      const own = portalProfile(mailbox(table, address.text))
      assert.deepEqual(own.headers['content-type'], open.headers['content-type'])
      const names = ['IncomingPassword', 'OutgoingPassword', 'CalDAVPassword', 'CardDAVPassword', 'Password']
      const { PayloadContent, ...rest } = read(own.body)
      for (const account of PayloadContent) for (const name of names) delete account[name]
      const { PayloadContent: expected, PayloadDescription: _, ...same } = read(open.body)
      assert.deepEqual({ PayloadContent, ...rest }, { PayloadContent: expected, ...same })
      assert.deepEqual(profileFaults(portalProfile(mailbox(table, address.text, {})).body), [])
    })
  )
})
