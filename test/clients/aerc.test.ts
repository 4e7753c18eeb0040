import t from 'tap'
import { aerc } from '../../src/clients/aerc.ts'
import type { SrvRecord } from '../../src/clients/model/world.ts'
import { fakeWorld } from '../support/clients/fake-world.ts'
import { neverThrows } from '../support/clients/never-throws.ts'
import { address, changed, clientConfig, imap, namedByRecords, smtp } from '../support/clients/plain-document.ts'

const query = '?emailaddress=jane%40example.com'
const first = `https://autoconfig.example.com/mail/config-v1.1.xml${query}`
const second = `https://example.com/.well-known/autoconfig/mail/config-v1.1.xml${query}`
const central = 'https://autoconfig.thunderbird.net/v1.1/example.com'

const discover = (body: string) => aerc.discover(address, fakeWorld({ [`GET ${first}`]: { body } }))
const discoverChanged = (changes: Readonly<Record<string, string>>) => discover(changed(changes))
const record = (port: number, target: string, rest: Partial<SrvRecord> = {}): SrvRecord => {
  return { priority: 0, weight: 1, port, target, ...rest }
}
const discoverSrv = (services: Readonly<Record<string, readonly SrvRecord[]>>, body = clientConfig) => {
  const srv = Object.entries(services).map(([service, records]) => [`_${service}._tcp.example.com`, records])
  return aerc.discover(address, fakeWorld({ [`GET ${first}`]: { body } }, { srv: Object.fromEntries(srv) }))
}

t.test('uses both servers of a document from Signpost', async t => {
  const { account, reason, trace } = await discover(clientConfig)
  t.same(account, { incoming: imap, outgoing: smtp, from: first })
  t.equal(reason, undefined)
  t.same(trace.at(-1), { asked: `GET ${first}`, result: '200, used' })
})

t.test('looks up SRV records, then requests both documents with the escaped address, then the ISPDB', async t => {
  const world = fakeWorld({})
  const { reason, trace } = await aerc.discover("o'neill+x@example.com", world)
  t.equal(reason, 'tries the usual ports of imap, smtp and mail below the domain, then of its mail exchanger')
  t.same(
    trace.map(({ asked }) => asked),
    [
      ...['jmap', 'imap', 'imaps', 'submission', 'smtps'].map(service => `SRV _${service}._tcp.example.com`),
      'GET https://autoconfig.example.com/mail/config-v1.1.xml?emailaddress=o%27neill%2Bx%40example.com',
      'GET https://example.com/.well-known/autoconfig/mail/config-v1.1.xml?emailaddress=o%27neill%2Bx%40example.com',
      `GET ${central}`
    ]
  )
  t.same(world.requests[0]?.headers, { 'user-agent': 'Go-http-client/1.1' })
})

t.test('ignores the status', async t => {
  const world = fakeWorld({ [`GET ${first}`]: { status: 404, body: clientConfig } })
  t.equal((await aerc.discover(address, world)).account?.from, first)
})

t.test('tries the next URL after a document that is not clientConfig', async t => {
  for (const body of ['<p>Not found', '<!DOCTYPE html><html/>', '']) {
    const world = fakeWorld({ [`GET ${first}`]: { body }, [`GET ${second}`]: { body: clientConfig } })
    const { account, trace } = await aerc.discover(address, world)
    t.equal(account?.from, second)
    t.match(trace.at(-2), { result: '200, refused: no imap server' })
  }
  const world = fakeWorld({ [`GET ${central}`]: { body: clientConfig } })
  t.equal((await aerc.discover(address, world)).account?.from, central)
})

t.test('values of a rejected document remain and invalidate the next one', async t => {
  const broken = changed({ '<port>993</port>': '<port>imaps</port>' })
  const world = fakeWorld({
    [`GET ${first}`]: { body: broken },
    [`GET ${second}`]: { body: clientConfig },
    [`GET ${central}`]: { body: clientConfig }
  })
  const { account, trace } = await aerc.discover(address, world)
  t.equal(account?.from, central)
  t.match(trace.at(-2), { asked: `GET ${second}`, result: '200, refused: a port that is not a number' })
})

t.test('follows at most nine redirects', async t => {
  const at = (hop: number) => (hop === 0 ? first : `https://autoconfig.example.com/${hop}`)
  const chain = (length: number) => {
    const hops = Array.from({ length }, (_, hop) => ({ status: 302, headers: { location: `/${hop + 1}` } }))
    const answers = [...hops, { body: clientConfig }].map((answer, hop) => [`GET ${at(hop)}`, answer])
    return fakeWorld(Object.fromEntries(answers))
  }
  t.equal((await aerc.discover(address, chain(9))).account?.from, at(9))
  t.equal((await aerc.discover(address, chain(10))).account, undefined)
})

t.test('uses the first imap and the last outgoing server of any type', async t => {
  const more = `<incomingServer type="imap"><hostname>other.example.com</hostname></incomingServer>
    <outgoingServer type="x"><hostname>last.example.com</hostname><port>587</port><socketType>STARTTLS</socketType>
    <username>%EmailAddress%</username></outgoingServer></emailProvider>`
  const { account } = await discoverChanged({ '</emailProvider>': more })
  t.same(account?.incoming, imap)
  t.same(account?.outgoing, { ...smtp, host: 'last.example.com', port: 587, security: 'starttls' })
})

t.test('fills in missing values of the last outgoing server from earlier ones', async t => {
  const more = '<outgoingServer><hostname>last.example.com</hostname></outgoingServer></emailProvider>'
  t.same((await discoverChanged({ '</emailProvider>': more })).account?.outgoing, { ...smtp, host: 'last.example.com' })
})

t.test('does not trim: a space makes a port invalid, and a socketType STARTTLS', async t => {
  t.equal((await discoverChanged({ '>993<': '> 993<' })).account, undefined)
  t.equal((await discoverChanged({ '>SSL<': '> SSL<' })).account?.incoming.security, 'starttls')
})

t.test('reads socketType in any letter case; unknown values mean STARTTLS', async t => {
  for (const [socketType, security] of [
    ['ssl', 'tls'],
    ['Plain', 'none'],
    ['STARTTLS', 'starttls'],
    ['', 'starttls']
  ] as const) {
    t.equal((await discoverChanged({ '>SSL<': `>${socketType}<` })).account?.incoming.security, security)
  }
})

t.test('accepts only UTF-8', async t => {
  t.equal((await discoverChanged({ 'encoding="UTF-8"': 'encoding="iso-8859-1"' })).account, undefined)
  t.not((await discoverChanged({ 'encoding="UTF-8"': "encoding='utf-8'" })).account, undefined)
  t.not((await discoverChanged({ ' encoding="UTF-8"': '' })).account, undefined)
})

t.test('replaces only user names that consist of %EMAILADDRESS%', async t => {
  const { account } = await discoverChanged({
    'imap.example.com': 'imap.%EMAILDOMAIN%',
    '%EMAILADDRESS%': '%EMAILLOCALPART%'
  })
  t.equal(account?.incoming.host, 'imap.%EMAILDOMAIN%')
  t.equal(account?.incoming.username, '%EMAILLOCALPART%')
})

t.test('prefers SRV records to documents', async t => {
  const { account } = await discoverSrv({
    imaps: [record(993, 'srv.example.com.')],
    smtps: [record(465, 'out.example.com')]
  })
  t.same(account, namedByRecords('srv.example.com', 'out.example.com'))
})

t.test('prefers STARTTLS in the DNS, so _imap and _submission must be "." if there is no such server', async t => {
  const both = {
    imap: [record(143, 'a.example')],
    imaps: [record(993, 'b.example')],
    smtps: [record(465, 'c.example')]
  }
  t.match((await discoverSrv(both)).account?.incoming, { host: 'a.example', security: 'starttls' })
  const { account } = await discoverSrv({ ...both, imap: [record(0, '.')], submission: [record(0, '.')] })
  t.match(account?.incoming, { host: 'b.example', security: 'tls' })
  t.match(account?.outgoing, { host: 'c.example', security: 'tls' })
})

t.test('does not look up _submissions: without _smtps it has no outgoing server', async t => {
  const { account } = await discoverSrv({ imaps: [record(993, 'a.example')], submissions: [record(465, 'b.example')] })
  t.equal(account?.outgoing, undefined)
})

t.test('uses the SRV record with the greatest weight, regardless of its priority', async t => {
  const { account } = await discoverSrv({
    imaps: [record(993, 'b.example', { priority: 9, weight: 5 }), record(993, 'a.example'), record(993, 'c.example')]
  })
  t.equal(account?.incoming.host, 'b.example')
  t.equal((await discoverSrv({ imaps: [record(0, 'a.example')] })).account?.from, first)
})

t.test('prefers JMAP', async t => {
  const { account } = await discoverSrv({ jmap: [record(443, 'jmap.example.com')], imaps: [record(993, 'a.example')] })
  t.same(account?.incoming, {
    protocol: 'jmap',
    host: 'jmap.example.com',
    port: 443,
    security: 'tls',
    username: undefined
  })
})

t.test('never throws for any response', async t => {
  await t.resolves(neverThrows(aerc))
})
