import fc from 'fast-check'
import t from 'tap'
import { apple } from '../../src/clients/apple.ts'
import type { FoundServer } from '../../src/clients/model/client.ts'
import { apple as dialect } from '../../src/dialects/apple/profile.ts'
import { writerOf } from '../../src/dialects/dialect.ts'
import { toAddress } from '../../src/settings/question/address.ts'
import { anyCharacter } from '../support/arbitraries/character.ts'
import { type FakeAnswer, fakeWorld } from '../support/clients/fake-world.ts'
import { neverThrows } from '../support/clients/never-throws.ts'
import { address, changed, imap, smtp } from '../support/clients/plain-document.ts'
import { tableOf } from '../support/table-of.ts'

const url = 'https://autoconfig.example.com/email.mobileconfig?email=jane%40example.com'
const headers = { 'content-type': 'application/x-apple-aspen-config' }

/** The profile that Signpost serves for imap and smtp with these settings. */
function profileOf(settings = ''): string {
  const [provider] = tableOf(`
providers:
  - id: example
    name: Example Mail
    domains: [example.com]
    servers:
      - { protocol: imap, host: imap.example.com${settings} }
      - { protocol: smtp, host: smtp.example.com${settings} }
`).providers
  const writer = provider && writerOf(dialect, provider)
  if (provider === undefined || writer === undefined) throw new Error('the table serves nothing')
  return writer({ provider, domain: 'example.com', address: toAddress(address), personName: undefined }).body
}

const profile = profileOf()
const answers = (answer: FakeAnswer) => apple.discover(address, fakeWorld({ [`GET ${url}`]: answer }))

/** @returns the incoming server of a modified profile, or the reason why it was rejected */
async function read(changes: Record<string, string>): Promise<FoundServer | string | undefined> {
  const { account, reason } = await answers({ headers, body: changed(changes, profile) })
  return account?.incoming ?? reason
}

/** Text of the plain profile, with its line end. */
const pair = (key: string) => new RegExp(` *<key>${key}</key>\\n.*\\n`).exec(profile)?.[0] ?? ''
const without = (key: string) => read({ [pair(key)]: '' })
const withValue = (key: string, value: string) => read({ [pair(key)]: `<key>${key}</key>${value}` })

t.test('uses both servers of a document from Signpost', async t => {
  const { account, reason, trace } = await answers({ headers, body: profile })
  t.same(account, { incoming: imap, outgoing: smtp, from: url })
  t.equal(reason, undefined)
  t.same(trace, [{ asked: `GET ${url}`, result: '200, used' }])
})

t.test('chooses between TLS and STARTTLS by port', async t => {
  const incoming = async (settings: string) =>
    (await answers({ headers, body: profileOf(settings) })).account?.incoming.security
  t.equal(await incoming(', security: starttls'), 'starttls')
  t.equal(await incoming(', security: none, allowPlaintext: true'), 'none')
  t.equal(await incoming(', port: 4444'), 'tls')
})

t.test('requires the exact content type, with or without parameters', async t => {
  const account = async (type?: string) =>
    (await answers({ headers: type === undefined ? {} : { 'content-type': type }, body: profile })).account
  t.ok(await account('application/x-apple-aspen-config; charset=utf-8'))
  for (const type of [undefined, 'text/xml', 'application/octet-stream', 'application/x-apple-aspen-configuration']) {
    t.equal(await account(type), undefined)
  }
})

t.test('accepts only 200, and follows redirects', async t => {
  t.match(await answers({ status: 404, headers, body: profile }), { account: undefined, reason: 'no profile' })
  t.match(await apple.discover(address, fakeWorld({})), { reason: 'no profile' })
  const world = fakeWorld({
    [`GET ${url}`]: { status: 302, headers: { location: '/x' } },
    'GET https://autoconfig.example.com/x': { headers, body: profile }
  })
  t.equal((await apple.discover(address, world)).account?.from, url)
})

t.test('opens a signed profile, which contains the text in one piece', async t => {
  t.match(await answers({ headers, body: `0\ufffd\u0001*\ufffdH${profile}\ufffd0\u0001` }), {
    account: { incoming: imap }
  })
})

t.test('requires the keys that every payload must have', async t => {
  for (const key of ['PayloadIdentifier', 'PayloadUUID', 'PayloadVersion', 'PayloadType']) {
    t.equal(await without(key), `no ${key}`)
    t.equal(await withValue(key, '<false/>'), `${key} is not a ${key === 'PayloadVersion' ? 'number' : 'string'}`)
  }
  t.equal(await withValue('PayloadIdentifier', '<string></string>'), 'no PayloadIdentifier')
  t.equal(await withValue('PayloadVersion', '<integer>2</integer>'), 'PayloadVersion 2')
  t.equal(await read({ '>Configuration<': '>configuration<' }), 'PayloadType configuration')
})

t.test('requires a mail account', async t => {
  t.equal(await read({ 'com.apple.mail.managed': 'com.apple.eas.account' }), 'no mail account')
  t.equal(await read({ '<key>PayloadContent<': '<key>Content<' }), 'no mail account')
  t.equal(await read({ '<plist': '<list' }), 'no property list')
  t.match(await read({ '<array>': '<array><string>x</string>' }), imap)
})

t.test('requires the five mandatory keys of an account', async t => {
  for (const key of [
    'EmailAccountType',
    'IncomingMailServerAuthentication',
    'IncomingMailServerHostName',
    'OutgoingMailServerAuthentication',
    'OutgoingMailServerHostName'
  ]) {
    t.equal(await without(key), `no ${key}`)
    t.equal(await withValue(key, '<string></string>'), `no ${key}`)
  }
  t.equal(await read({ EmailTypeIMAP: 'EmailTypeJMAP' }), 'EmailAccountType EmailTypeJMAP')
  t.equal(await read({ EmailAuthPassword: 'EmailAuthOAuth' }), 'IncomingMailServerAuthentication EmailAuthOAuth')
})

t.test('connects without TLS if UseSSL is missing', async t => {
  t.match(await without('IncomingMailServerUseSSL'), { port: 993, security: 'none' })
  t.equal(
    await withValue('IncomingMailServerUseSSL', '<string>true</string>'),
    'IncomingMailServerUseSSL is not a boolean'
  )
})

t.test('uses the standard port if the profile has none', async t => {
  const port = pair('IncomingMailServerPortNumber')
  t.match(await read({ [port]: '' }), { port: 993 })
  t.match(await read({ [port]: '', EmailTypeIMAP: 'EmailTypePOP' }), { protocol: 'pop3', port: 995 })
  t.match(await read({ [port]: '', [pair('IncomingMailServerUseSSL')]: '' }), { port: 143 })
  const { account } = await answers({ headers, body: changed({ [pair('OutgoingMailServerPortNumber')]: '' }, profile) })
  t.match(account?.outgoing, { port: 25, security: 'starttls' })
})

t.test('rejects an invalid port', async t => {
  for (const port of ['0', '65536', '-1']) {
    t.equal(
      await withValue('IncomingMailServerPortNumber', `<integer>${port}</integer>`),
      `IncomingMailServerPortNumber ${port}`
    )
  }
  t.equal(await withValue('IncomingMailServerPortNumber', '<real>1.5</real>'), 'IncomingMailServerPortNumber 1.5')
  t.equal(await withValue('IncomingMailServerPortNumber', '<integer/>'), 'no property list')
})

t.test('asks the person for a missing user name, unless the server needs no login', async t => {
  t.match(await without('IncomingMailServerUsername'), { username: undefined })
  t.match(await read({ EmailAuthPassword: 'EmailAuthNone' }), { username: undefined })
})

t.test('never throws', () => neverThrows(apple))

t.test('never throws, however damaged the profile is', async () => {
  const damaged = fc
    .tuple(fc.nat(profile.length), fc.nat(200), fc.string({ unit: anyCharacter, maxLength: 5 }))
    .map(([at, length, text]) => profile.slice(0, at) + text + profile.slice(at + length))
  await fc.assert(
    fc.asyncProperty(damaged, async body => {
      const { account, reason } = await answers({ headers, body })
      return (account === undefined) !== (reason === undefined)
    }),
    { numRuns: 500 }
  )
})
