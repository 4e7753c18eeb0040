import t from 'tap'
import type { SrvRecord } from '../../src/clients/model/world.ts'
import { winoMail } from '../../src/clients/wino-mail.ts'
import { type FakeAnswer, type FakeDns, fakeWorld } from '../support/clients/fake-world.ts'
import { neverThrows } from '../support/clients/never-throws.ts'
import { address, changed, clientConfig, imap, smtp } from '../support/clients/plain-document.ts'
import { foundAfterRedirect } from '../support/clients/redirected.ts'

const query = '?emailaddress=jane%40example.com'
const urlsOf = (domain: string) => [
  `https://autoconfig.${domain}/mail/config-v1.1.xml${query}`,
  `https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml${query}`,
  `https://autoconfig.thunderbird.net/v1.1/${domain}${query}`
]
const [own = '', wellKnown = ''] = urlsOf('example.com')
const guesses = 'guesses imap., smtp. and mail. below the domain'

const discover = (answers: Readonly<Record<string, FakeAnswer>>, dns?: FakeDns) =>
  winoMail.discover(address, fakeWorld(answers, dns))
const accountOf = async (body: string) => (await discover({ [`GET ${own}`]: { body } })).account
const record = (port: number, target: string, rest: Partial<SrvRecord> = {}): SrvRecord => {
  return { priority: 0, weight: 1, port, target, ...rest }
}

t.test('wino-mail: uses both servers of a document from Signpost', async t => {
  t.same(await discover({ [`GET ${own}`]: { body: clientConfig } }), {
    account: { incoming: imap, outgoing: smtp, from: own },
    reason: undefined,
    trace: [{ asked: `GET ${own}`, result: '200, used' }]
  })
})

t.test(
  'wino-mail: requests documents over https with the address, then looks up exchangers and SRV records',
  async t => {
    const world = fakeWorld({})
    const { reason, trace } = await winoMail.discover(address, world)
    t.equal(reason, guesses)
    t.same(
      trace.map(({ asked }) => asked),
      [
        ...urlsOf('example.com').map(url => `GET ${url}`),
        'MX example.com',
        ...['imaps', 'imap', 'submissions', 'submission', 'smtp'].map(service => `SRV _${service}._tcp.example.com`)
      ]
    )
    await winoMail.discover("a'b*@example.com", world)
    t.match(world.requests[3]?.url, '?emailaddress=a%27b%2A%40example.com')
  }
)

t.test('wino-mail: tries every exchanger with its full name and without its first label', async t => {
  const mx = {
    'example.com': [
      { priority: 20, exchange: 'example.com' },
      { priority: 10, exchange: 'mx.example.net.' },
      { priority: 30, exchange: '.' }
    ]
  }
  const { trace } = await discover({}, { mx })
  t.same(
    trace.slice(4, 10).map(({ asked }) => asked),
    [...urlsOf('mx.example.net'), ...urlsOf('example.net')].map(url => `GET ${url}`)
  )
  t.match(trace[10]?.asked, 'SRV')
  const [parent = ''] = urlsOf('example.net')
  const body = changed({ '%EMAILADDRESS%': '%EMAILLOCALPART%.%emaildomain%' })
  const { account } = await discover({ [`GET ${parent}`]: { body } }, { mx })
  t.match(account, { incoming: { username: 'jane.example.net' }, from: parent })
})

t.test('wino-mail: follows no redirect from https to http', async t => {
  t.equal(await foundAfterRedirect(winoMail, own, '//example.net/a'), 'https://example.net/a')
  t.equal(await foundAfterRedirect(winoMail, own, 'http://example.net/a'), undefined)
})

t.test(
  'wino-mail: tries the next URL after another status, a document type, and a document with one direction only',
  async t => {
    const answers: readonly FakeAnswer[] = [
      { status: 404, body: clientConfig },
      { status: 199, body: clientConfig },
      { body: `<!DOCTYPE clientConfig>${clientConfig}` },
      { body: 'no XML' },
      { body: changed({ 'type="imap"': 'type="pop3"' }) },
      { body: changed({ 'type="smtp"': '' }) },
      { body: changed({ '<hostname>imap.example.com</hostname>': '<hostname> </hostname>' }) },
      { body: changed({ '>993<': '>x<' }) },
      { body: changed({ '<port>993</port>': '' }) }
    ]
    for (const answer of answers) {
      const { account } = await discover({ [`GET ${own}`]: answer, [`GET ${wellKnown}`]: { body: clientConfig } })
      t.equal(account?.from, wellKnown)
    }
  }
)

t.test('wino-mail: prefers TLS of either kind to no TLS, then the lowest port', async t => {
  const server = (port: number, socketType: string) =>
    `<incomingServer type="IMAP"><hostname>h</hostname><port>${port}</port><socketType>${socketType}</socketType></incomingServer>`
  const bestOf = async (...servers: string[]) => {
    const account = await accountOf(changed({ '<outgoingServer': `${servers.join('')}<outgoingServer` }))
    return [account?.incoming.port, account?.incoming.security]
  }
  t.same(await bestOf(server(143, 'plain')), [993, 'tls'])
  t.same(await bestOf(server(143, 'StartTLS')), [143, 'starttls'])
  t.same(await bestOf(server(1993, 'ssl')), [993, 'tls'])
})

t.test('wino-mail: reads elements at any depth and with a prefix, and trims values', async t => {
  const body = changed({ '>imap.': '> imap.', '>993<': '> 993 <', '<port>': '<a:port>', '</port>': '</a:port>' })
  t.match(await accountOf(body), { incoming: imap })
  t.match(await accountOf(changed({ 'imap.example.com': '<b>imap</b>.%EMAILDOMAIN%' })), { incoming: imap })
  const unnamed = changed({ '<username>%EMAILADDRESS%</username>': '' })
  t.match(await accountOf(unnamed), { incoming: { username: address } })
})

t.test('wino-mail: uses SRV records only if both sides have them, and prefers the lowest weight', async t => {
  const dns = (services: Readonly<Record<string, readonly SrvRecord[]>>): FakeDns => ({
    srv: Object.fromEntries(Object.entries(services).map(([name, records]) => [`_${name}._tcp.example.com`, records]))
  })
  const imaps = [record(993, 'heavy', { weight: 2 }), record(993, 'light.'), record(1, 'late', { priority: 1 })]
  const found = await discover({}, dns({ imaps, submission: [record(587, 's')] }))
  t.same(found.account, {
    incoming: { ...imap, host: 'light' },
    outgoing: { ...smtp, host: 's', port: 587, security: 'starttls' },
    from: 'SRV example.com'
  })
  t.match(await discover({}, dns({ imap: [record(143, 'i')], smtp: [record(25, 's')] })), {
    account: { incoming: { security: 'starttls' }, outgoing: { port: 25 } }
  })
  t.match(await discover({}, dns({ imaps, submissions: [record(465, 's')] })), {
    account: { outgoing: { security: 'tls' } }
  })
  t.equal((await discover({}, dns({ imaps, submissions: [record(465, '.')] }))).reason, guesses)
  t.equal((await discover({}, dns({ submissions: [record(465, 's')] }))).reason, guesses)
})

t.test('wino-mail: never throws for any response', () => neverThrows(winoMail))
