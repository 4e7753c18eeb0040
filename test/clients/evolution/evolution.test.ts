import t from 'tap'
import { evolution, evolutionOfDebian12 } from '../../../src/clients/evolution/evolution.ts'
import type { SrvRecord } from '../../../src/clients/model/world.ts'
import { type FakeAnswer, type FakeDns, fakeWorld } from '../../support/clients/fake-world.ts'
import { neverThrows } from '../../support/clients/never-throws.ts'
import { address, changed, clientConfig, imap, smtp } from '../../support/clients/plain-document.ts'

const urlsOf = (domain: string, sent = 'jane%40example.com') => {
  const path = `/mail/config-v1.1.xml?emailaddress=${sent}&emailmd5=9e26471d35a78862c17e467d87cddedf`
  return [
    `https://autoconfig.${domain}${path}`,
    `http://autoconfig.${domain}${path}`,
    `https://${domain}/.well-known/autoconfig${path}`,
    `http://${domain}/.well-known/autoconfig${path}`,
    `https://autoconfig.thunderbird.net/v1.1/${domain}`
  ]
}
const [own = '', plainHttp = ''] = urlsOf('example.com')
const central = 'https://autoconfig.thunderbird.net/v1.1/example.com'

const discover = (answers: Readonly<Record<string, FakeAnswer>>, dns?: FakeDns) =>
  evolution.discover(address, fakeWorld(answers, dns))
const accountOf = async (body: string) => (await discover({ [`GET ${own}`]: { body } })).account
const srv = (services: Readonly<Record<string, SrvRecord>>): FakeDns => ({
  srv: Object.fromEntries(Object.entries(services).map(([name, record]) => [`_${name}._tcp.example.com`, [record]]))
})
const record = (port: number, target: string): SrvRecord => ({ priority: 0, weight: 1, port, target })

t.test('uses both servers of a document from Signpost', async t => {
  const { account, reason, trace } = await discover({ [`GET ${own}`]: { body: clientConfig } })
  t.same(account, { incoming: imap, outgoing: smtp, from: own })
  t.equal(reason, undefined)
  t.same(trace[0], { asked: `GET ${own}`, result: '200, used' })
})

t.test('sends the address as typed, and its MD5 in lower case', async t => {
  const world = fakeWorld({})
  const { reason } = await evolution.discover('JANE@example.com', world)
  t.equal(reason, 'asks for the server')
  t.same(
    world.requests,
    urlsOf('example.com', 'JANE%40example.com').map(url => ({
      method: 'GET',
      url,
      headers: { 'user-agent': 'Evolution' }
    }))
  )
})

t.test('encodes the reserved characters of RFC 3986', async t => {
  const world = fakeWorld({})
  await evolution.discover("a'b*c@example.com", world)
  t.match(world.requests[0]?.url, '?emailaddress=a%27b%2Ac%40example.com&')
})

t.test('Evolution 3.46 sends an invented local part at the domain that it looks up', async t => {
  const world = fakeWorld({})
  await evolutionOfDebian12.discover('JANE@example.com', world)
  t.same(
    world.requests,
    urlsOf('example.com', 'EVOLUTIONUSER%40example.com').map(url => ({
      method: 'GET',
      url,
      headers: { 'user-agent': 'Evolution/3.46.4' }
    }))
  )
})

t.test('sends the domain as typed, to the host with its A-labels', async t => {
  const typed = 'jane@Bücher.example'
  const requestsOf = async (client: typeof evolution) => {
    const { trace } = await client.discover(typed, fakeWorld({}))
    return trace.slice(0, 5).map(({ asked }) => asked.replace(/&emailmd5=.*/, ''))
  }
  const old = await requestsOf(evolutionOfDebian12)
  t.match(old[0], /^GET https:\/\/autoconfig\.xn--bcher-kva\.example\/.*=EVOLUTIONUSER%40B%C3%BCcher\.example$/)
  t.equal(old[4], 'GET https://autoconfig.thunderbird.net/v1.1/B%C3%BCcher.example')
  t.equal((await requestsOf(evolution))[4], old[4])
})

t.test('a name in the DNS that is not a domain is looked up unchanged', async t => {
  const answers = { [`GET ${central}`]: { status: 404 } }
  const { trace } = await evolutionOfDebian12.discover(address, fakeWorld(answers, { ns: { 'example.com': ['1.2'] } }))
  t.match(trace[6]?.asked, /^GET https:\/\/autoconfig\.1\.2\//)
})

t.test('Evolution 3.46 looks up NS records where newer releases look up MX records', async t => {
  const answers = { [`GET ${central}`]: { status: 404 } }
  const dns = {
    mx: { 'example.com': [{ priority: 1, exchange: 'mx.example.net' }] },
    ns: { 'example.com': ['ns1.example.org.', 'ns2.example.org'] }
  }
  const askedAfterIspdb = async (client: typeof evolution, records: FakeDns = dns) => {
    const { trace } = await client.discover(address, fakeWorld(answers, records))
    return trace.slice(5, 7).map(({ asked }) => asked.replace(/\?.*/, ''))
  }
  const path = '/mail/config-v1.1.xml'
  t.same(await askedAfterIspdb(evolution), ['MX example.com', `GET https://autoconfig.mx.example.net${path}`])
  t.same(await askedAfterIspdb(evolutionOfDebian12), [
    'NS example.com',
    `GET https://autoconfig.ns1.example.org${path}`
  ])
  t.same(await askedAfterIspdb(evolutionOfDebian12, {}), ['NS example.com', 'SRV _imaps._tcp.example.com'])
})

t.test('logs in with the address as typed if the domain has U-labels', async t => {
  const world = fakeWorld({}, srv({}))
  const { trace } = await evolution.discover('jane@bücher.example', world)
  t.match(trace[0]?.asked, /^GET https:\/\/autoconfig\.xn--bcher-kva\.example\/.*=jane%40b%C3%BCcher\.example&/)
})

t.test('replaces the invented local part in the response, in any letter case', async t => {
  const body = changed({ '%EMAILADDRESS%': 'EvolutionUser@example.com' })
  t.equal((await accountOf(body))?.incoming.username, address)
})

t.test('always looks up SRV records, after the documents', async t => {
  const { trace } = await discover({ [`GET ${own}`]: { body: clientConfig } })
  t.same(
    trace.slice(1).map(({ asked }) => asked),
    ['imaps', 'imap', 'pop3s', 'pop3', 'submissions', 'submission'].map(service => `SRV _${service}._tcp.example.com`)
  )
})

t.test('uses SRV records for a side that is missing in the document', async t => {
  const dns = srv({
    imaps: record(994, 'a.example.net.'),
    imap: record(143, 'b.example.net'),
    submission: record(587, 'c.example.net')
  })
  const named = { ...imap, host: 'a.example.net', port: 994 }
  const outgoing = { ...smtp, host: 'c.example.net', port: 587, security: 'starttls' }
  t.same((await discover({}, dns)).account, { incoming: named, outgoing, from: 'SRV _imaps._tcp.example.com' })
  const published = { [`GET ${own}`]: { body: clientConfig } }
  t.same((await discover(published, dns)).account, { incoming: imap, outgoing: smtp, from: own })
  const withoutSmtp = { [`GET ${own}`]: { body: changed({ 'type="smtp"': 'type="x"' }) } }
  t.same((await discover(withoutSmtp, dns)).account, { incoming: imap, outgoing, from: own })
})

t.test('prefers IMAP from an SRV record to POP3 from a document', async t => {
  const answers = { [`GET ${own}`]: { body: changed({ 'type="imap"': 'type="pop3"' }) } }
  t.match((await discover(answers)).account, { incoming: { protocol: 'pop3' } })
  const { account } = await discover(answers, srv({ imap: record(143, 'imap.example.net') }))
  t.match(account, { incoming: { protocol: 'imap', security: 'starttls' }, from: 'SRV _imap._tcp.example.com' })
})

t.test('stops at the first well-formed response, even if it is a web page', async t => {
  const body = '<!DOCTYPE html>\n<html lang="en"><p>Not&#32;&lt;found&gt;<br/></p></html>\n'
  const { account, trace } = await discover({ [`GET ${own}`]: { body }, [`GET ${plainHttp}`]: { body: clientConfig } })
  t.equal(account, undefined)
  t.equal(trace[0]?.result, '200, used')
  t.match(trace[1], { asked: /^SRV/ })
})

t.test('tries the next source after a document that GMarkup rejects', async t => {
  const bodies = [
    '',
    ' ',
    'Not found',
    '<html>&nbsp;</html>',
    '<html>&#x110000;</html>',
    '<html><br></html>',
    '<html>',
    '<html lang=en></html>',
    '<a/>text'
  ]
  for (const body of bodies) {
    const { account, trace } = await discover({
      [`GET ${own}`]: { body },
      [`GET ${plainHttp}`]: { body: clientConfig }
    })
    t.equal(trace[0]?.result, '200, refused: a syntax error', body)
    t.equal(account?.from, plainHttp, body)
  }
})

t.test('follows twenty redirects, including relative ones and to http', async t => {
  const { account } = await discover({
    [`GET ${own}`]: { status: 301, headers: { location: '/mail.xml' } },
    'GET https://autoconfig.example.com/mail.xml': { status: 302, headers: { location: 'http://example.net/' } },
    'GET http://example.net/': { body: clientConfig }
  })
  t.equal(account?.from, 'http://example.net/')
})

t.test('accepts any status from 200 to 299', async t => {
  t.ok((await discover({ [`GET ${own}`]: { status: 203, body: clientConfig } })).account)
  t.equal((await discover({ [`GET ${own}`]: { status: 300, body: clientConfig } })).account, undefined)
  t.equal((await discover({ [`GET ${own}`]: { status: 500, body: clientConfig } })).account, undefined)
})

t.test('after a 404 of the ISPDB, it tries the full name of the exchanger, then removes labels one by one', async t => {
  const exchangers = [
    { priority: 20, exchange: 'backup.example.org' },
    { priority: 10, exchange: 'mx1.mail.example.net.' }
  ]
  const unknown = (domain: string) => ({ [`GET https://autoconfig.thunderbird.net/v1.1/${domain}`]: { status: 404 } })
  const answers = {
    ...unknown('example.com'),
    ...unknown('mx1.mail.example.net'),
    [`GET ${urlsOf('mail.example.net')[1]}`]: { body: clientConfig }
  }
  const { account, trace } = await discover(answers, { mx: { 'example.com': exchangers } })
  t.equal(account?.from, urlsOf('mail.example.net')[1])
  t.equal(trace[5]?.asked, 'MX example.com')
  t.same(
    trace.slice(6, 11).map(({ asked }) => asked),
    urlsOf('mx1.mail.example.net').map(url => `GET ${url}`)
  )
})

t.test('tries no exchanger if the ISPDB gives another response, or if there is no exchanger', async t => {
  const asksMx = async (answer: FakeAnswer) =>
    (await discover({ [`GET ${central}`]: answer })).trace.some(({ asked }) => asked === 'MX example.com')
  t.equal(await asksMx({ status: 404 }), true)
  t.equal(await asksMx({ status: 503 }), false)
  t.equal(await asksMx({ body: 'no XML' }), false)
  t.equal(
    (await discover({})).trace.some(({ asked }) => asked.startsWith('MX')),
    false
  )
})

t.test('stops at a name of one label', async t => {
  const answers = {
    [`GET ${central}`]: { status: 404 },
    'GET https://autoconfig.thunderbird.net/v1.1/example.net': { status: 404 }
  }
  const { account, trace } = await discover(answers, {
    mx: { 'example.com': [{ priority: 1, exchange: 'example.net' }] }
  })
  t.equal(account, undefined)
  t.equal(trace.filter(({ asked }) => asked.startsWith('GET')).length, 10)
})

t.test('the last server of a type wins, value by value', async t => {
  const again = '<incomingServer type="imap"><hostname>b.example.com</hostname><port>143</port></incomingServer>'
  t.match(await accountOf(changed({ '<outgoingServer': `${again}<outgoingServer` })), {
    incoming: { host: 'b.example.com', port: 143, security: 'tls', username: address }
  })
})

t.test('any attribute except type is a syntax error', async t => {
  t.equal(await accountOf(changed({ 'type="imap"': 'type="imap" id="a"' })), undefined)
  t.equal(await accountOf(changed({ 'type="imap"': 'id="a"' })), undefined)
  t.equal(await accountOf(changed({ 'type="imap"': '' })), undefined)
  t.match(await accountOf(changed({ 'type="imap"': "type='imap'", '<hostname>': '<hostname x="y">' })), {
    incoming: imap
  })
})

t.test('keeps the values before a syntax error if no later response replaces them', async t => {
  const body = changed({ '</clientConfig>': '' })
  const page = { [`GET ${plainHttp}`]: { body: '<html/>' } }
  const { account } = await discover({ [`GET ${own}`]: { body }, ...page })
  t.same(account, { incoming: imap, outgoing: smtp, from: plainHttp })
  t.equal((await discover({ [`GET ${own}`]: { body } })).account, undefined)
})

t.test('does not trim values, but accepts a port with leading white space', async t => {
  const body = changed({ '>imap.': '> imap.', '>993<': '>\n993x<', '>SSL<': '>SSL <' })
  t.match(await accountOf(body), { incoming: { host: ' imap.example.com', port: 993, security: 'none' } })
})

t.test('reads plain and unknown values as no TLS', async t => {
  for (const socketType of ['plain', 'TLS', 'constructor']) {
    t.match(await accountOf(changed({ '>SSL<': `>${socketType}<` })), { incoming: { security: 'none' } }, socketType)
  }
  t.match(await accountOf(changed({ '>SSL<': '>STARTTLS<' })), { incoming: { security: 'starttls' } })
})

t.test('asks the person for a server without host or port', async t => {
  t.equal(await accountOf(changed({ '<hostname>imap.example.com</hostname>': '<hostname/>' })), undefined)
  t.equal(await accountOf(changed({ '>993<': '>0<' })), undefined)
  t.equal(await accountOf(changed({ '>993<': '>65536<' })), undefined)
})

t.test('decodes entities, and drops CDATA', async t => {
  t.match(await accountOf(changed({ '%EMAILADDRESS%': 'a&amp;&#x62;&#99;' })), { incoming: { username: 'a&bc' } })
  t.match(await accountOf(changed({ '%EMAILADDRESS%': 'a<![CDATA[b]]>' })), { incoming: { username: 'a' } })
  t.match(await accountOf(changed({ '%EMAILADDRESS%': 'a<!-- -->b' })), { incoming: { username: 'b' } })
})

t.test('replaces placeholders everywhere, and removes %EMAILDOMAIN%', async t => {
  const body = changed({
    'imap.example.com': '%EMAILLOCALPART%.example.com',
    '%EMAILADDRESS%': '%EMAILLOCALPART%@%EMAILDOMAIN%'
  })
  t.match(await accountOf(body), { incoming: { host: 'jane.example.com', username: 'jane@' } })
})

t.test('skips other types and empty servers', async t => {
  const body = changed({
    '<incomingServer':
      '<incomingServer type="jmap"><url>x</url></incomingServer><incomingServer type="imap"/><incomingServer'
  })
  t.match(await accountOf(body), { incoming: imap })
})

t.test('never throws for any response', () => neverThrows(evolution))
