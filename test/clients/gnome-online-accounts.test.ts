import t from 'tap'
import { gnomeOnlineAccounts } from '../../src/clients/gnome-online-accounts.ts'
import { type FakeAnswer, type FakeDns, fakeWorld } from '../support/clients/fake-world.ts'
import { neverThrows } from '../support/clients/never-throws.ts'
import { address, changed, clientConfig, imap, smtp } from '../support/clients/plain-document.ts'

const own = 'https://autoconfig.example.com/.well-known/mail-v1.xml?emailaddress=jane@example.com'
const urls = [
  own,
  'https://autoconfig.example.com/mail/config-v1.1.xml?emailaddress=jane@example.com',
  'https://example.com/.well-known/autoconfig/mail/config-v1.1.xml',
  'http://autoconfig.example.com/mail/config-v1.1.xml',
  'https://v1.ispdb.net/example.com'
]
const [, second = ''] = urls

const discover = (answers: Readonly<Record<string, FakeAnswer>>, dns?: FakeDns) =>
  gnomeOnlineAccounts.discover(address, fakeWorld(answers, dns))
const accountOf = async (body: string) => (await discover({ [`GET ${own}`]: { body } })).account

t.test('gnome-online-accounts: uses both servers of a document from Signpost', async t => {
  t.same(await discover({ [`GET ${own}`]: { body: clientConfig } }), {
    account: { incoming: imap, outgoing: smtp, from: own },
    reason: undefined,
    trace: [{ asked: `GET ${own}`, result: '200, used' }]
  })
})

t.test('gnome-online-accounts: sends the address unencoded, to autoconfig over https only', async t => {
  const world = fakeWorld({})
  const { reason, trace } = await gnomeOnlineAccounts.discover(address, world)
  t.equal(reason, 'asks for the servers')
  t.same(
    world.requests,
    urls.map(url => ({ method: 'GET', url, headers: { 'user-agent': 'gnome-online-accounts' } }))
  )
  t.equal(trace.at(-1)?.asked, 'MX example.com')
})

t.test('gnome-online-accounts: tries the full name of the best exchanger and its base domain', async t => {
  const mx = {
    'example.com': [
      { priority: 20, exchange: 'backup.example.org' },
      { priority: 10, exchange: 'MX1.mail.example.net.' }
    ]
  }
  const { trace } = await discover({}, { mx })
  t.same(
    trace.slice(6).map(({ asked }) => asked),
    [
      'GET https://autoconfig.mx1.mail.example.net/.well-known/mail-v1.xml?emailaddress=jane@example.com',
      'GET https://autoconfig.example.net/.well-known/mail-v1.xml?emailaddress=jane@example.com',
      'GET https://v1.ispdb.net/mx1.mail.example.net',
      'GET https://v1.ispdb.net/example.net'
    ]
  )
  const last = 'https://v1.ispdb.net/example.net'
  t.equal((await discover({ [`GET ${last}`]: { body: clientConfig } }, { mx })).account?.from, last)
  const base = await discover({}, { mx: { 'example.com': [{ priority: 1, exchange: 'example.net' }] } })
  t.equal(base.trace.length, 8)
})

t.test('gnome-online-accounts: tries the next URL after any status except 200, and after other documents', async t => {
  for (const answer of [{ status: 203, body: clientConfig }, { body: 'no XML' }, { body: '<html/>' }]) {
    const { account } = await discover({ [`GET ${own}`]: answer, [`GET ${second}`]: { body: clientConfig } })
    t.equal(account?.from, second)
  }
})

t.test('gnome-online-accounts: a clientConfig without an imap server ends the search', async t => {
  for (const body of ['<clientConfig/>', changed({ 'type="imap"': 'type="pop3"' })]) {
    const { account, reason, trace } = await discover({
      [`GET ${own}`]: { body },
      [`GET ${second}`]: { body: clientConfig }
    })
    t.equal(account, undefined)
    t.equal(reason, 'asks for the servers, because the document has no imap server')
    t.equal(trace.length, 1)
  }
})

t.test('gnome-online-accounts: an account without smtp only receives', async t => {
  t.equal((await accountOf(changed({ 'type="smtp"': 'type="x"' })))?.outgoing, undefined)
})

t.test('gnome-online-accounts: reads types in any letter case, and uses the first server', async t => {
  const again = '<incomingServer type="imap"><hostname>b</hostname></incomingServer>'
  const body = changed({ 'type="imap"': 'type="IMAP"', '<outgoingServer': `${again}<outgoingServer` })
  t.match(await accountOf(body), { incoming: imap })
  t.match(
    await accountOf(changed({ '<incomingServer type="imap">': '<incomingServer/><incomingServer type="imap">' })),
    {
      incoming: imap
    }
  )
})

t.test('gnome-online-accounts: ignores the port, and replaces no TLS with implicit TLS', async t => {
  const serverOf = async (changes: Record<string, string>) => {
    const account = await accountOf(changed(changes))
    return [account?.incoming.port, account?.incoming.security]
  }
  t.same(await serverOf({ '>993<': '>1993<' }), [993, 'tls'])
  t.same(await serverOf({ '>993<': '>1143<', '>SSL<': '>StartTLS<' }), [143, 'starttls'])
  t.same(await serverOf({ '>SSL<': '>plain<' }), [993, 'tls'])
  t.same(await serverOf({ '<socketType>SSL</socketType>': '' }), [993, 'tls'])
})

t.test('gnome-online-accounts: accepts login names that consist of one placeholder, in any letter case', async t => {
  const nameOf = async (username: string) =>
    (await accountOf(changed({ '%EMAILADDRESS%': username })))?.incoming.username
  t.equal(await nameOf('%emailaddress%'), address)
  t.equal(await nameOf('%EMAILLOCALPART%'), 'jane')
  t.equal(await nameOf('%EMAILDOMAIN%'), 'example.com')
  t.equal(await nameOf('jane.doe'), undefined)
})

t.test('gnome-online-accounts: never throws for any response', () => neverThrows(gnomeOnlineAccounts))
