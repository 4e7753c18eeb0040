import t from 'tap'
import { fairemail } from '../../../src/clients/fairemail/fairemail.ts'
import type { SrvRecord } from '../../../src/clients/model/world.ts'
import { type FakeAnswer, type FakeDns, fakeWorld } from '../../support/clients/fake-world.ts'
import { neverThrows } from '../../support/clients/never-throws.ts'
import { address, autodiscover, changed, clientConfig, imap, smtp } from '../../support/clients/plain-document.ts'
import { foundAfterRedirect } from '../../support/clients/redirected.ts'

const documentsOf = (domain: string, query = '?emailaddress=jane@example.com') => [
  `https://autoconfig.${domain}/mail/config-v1.1.xml${query}`,
  `https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml${query}`,
  `http://autoconfig.${domain}/mail/config-v1.1.xml${query}`,
  `http://${domain}/.well-known/autoconfig/mail/config-v1.1.xml${query}`,
  `https://autoconfig.thunderbird.net/v1.1/${domain}`
]
const [own = '', wellKnown = '', plainHttp = ''] = documentsOf('example.com')
const exchange = 'https://example.com/autodiscover/autodiscover.xml'
const exchangeHost = 'https://autodiscover.example.com/autodiscover/autodiscover.xml'

const discover = (answers: Readonly<Record<string, FakeAnswer>>, dns?: FakeDns) =>
  fairemail.discover(address, fakeWorld(answers, dns))
const accountOf = async (body: string) => (await discover({ [`GET ${own}`]: { body } })).account
const exchangeAccountOf = async (body: string) => (await discover({ [`POST ${exchange}`]: { body } })).account
const record = (port: number, target: string, rest: Partial<SrvRecord> = {}): SrvRecord => {
  return { priority: 0, weight: 1, port, target, ...rest }
}
const srv = (services: Readonly<Record<string, SrvRecord>>): FakeDns => ({
  srv: Object.fromEntries(Object.entries(services).map(([name, each]) => [`_${name}._tcp.example.com`, [each]]))
})
const scans = 'scans the usual ports of imap., smtp., mail. and mx. below the domain'

t.test('uses both servers of a document from Signpost', async t => {
  const { account, reason, trace } = await discover({ [`GET ${own}`]: { body: clientConfig } })
  t.same(account, { incoming: imap, outgoing: smtp, from: own })
  t.equal(reason, undefined)
  t.same(trace[2], { asked: `GET ${own}`, result: '200, a candidate, score 40' })
})

t.test('tries SRV records, documents with the address as typed, autodiscover, then the exchanger', async t => {
  const world = fakeWorld({})
  const { reason, trace } = await fairemail.discover('a+b@example.com', world)
  t.equal(reason, scans)
  t.same(
    trace.map(({ asked }) => asked),
    [
      'SRV _imap._tcp.example.com',
      'SRV _imaps._tcp.example.com',
      ...documentsOf('example.com', '?emailaddress=a+b@example.com').map(url => `GET ${url}`),
      `POST ${exchange}`,
      `POST ${exchangeHost}`,
      'MX example.com'
    ]
  )
})

t.test('posts the escaped address with the content type of a form', async t => {
  const world = fakeWorld({})
  await fairemail.discover('a&b@example.com', world)
  t.equal(world.requests[5]?.headers['content-type'], 'application/x-www-form-urlencoded')
  t.match(world.requests[5]?.body, '<EMailAddress>a&amp;b@example.com</EMailAddress>')
  t.match(world.requests[0]?.headers, { 'user-agent': /^Mozilla\/5\.0/ })
})

t.test('prefers SRV records to documents, but requests both', async t => {
  const dns = srv({ imaps: record(993, 'a.example.net.'), submissions: record(465, 'b.example.net') })
  const { account, trace } = await discover({ [`GET ${own}`]: { body: clientConfig } }, dns)
  t.same(account, {
    incoming: { ...imap, host: 'a.example.net' },
    outgoing: { ...smtp, host: 'b.example.net' },
    from: 'SRV example.com'
  })
  t.ok(trace.some(({ asked }) => asked === `GET ${own}`))
})

t.test('discards SRV records for imap if there are none for submission', async t => {
  const { account, trace } = await discover(
    { [`GET ${own}`]: { body: clientConfig } },
    srv({ imaps: record(993, 'x') })
  )
  t.equal(account?.from, own)
  t.equal(trace[3]?.asked, 'SRV _submissions._tcp.example.com')
  const nowhere = srv({ imaps: record(993, '.'), submission: record(587, 'x') })
  t.equal((await discover({}, nowhere)).account, undefined)
  t.equal((await discover({}, srv({ imaps: record(0, 'x'), submission: record(587, 'y') }))).account, undefined)
})

t.test('uses the SRV record with the lowest priority; among equals it prefers _imaps and _submission', async t => {
  const both = {
    imap: record(143, 'a'),
    imaps: record(993, 'b'),
    submission: record(587, 'c'),
    submissions: record(465, 'd')
  }
  t.match((await discover({}, srv(both))).account, {
    incoming: { host: 'b', security: 'tls' },
    outgoing: { host: 'c', security: 'starttls' }
  })
  const later = { priority: 1 }
  const other = { ...both, imaps: record(993, 'b', later), submission: record(587, 'c', later) }
  t.match((await discover({}, srv(other))).account, {
    incoming: { host: 'a', security: 'starttls' },
    outgoing: { host: 'd', security: 'tls' }
  })
})

t.test('reads SRV records for imap and submission on non-standard ports as TLS', async t => {
  const { account } = await discover({}, srv({ imap: record(1143, 'a'), submission: record(2587, 'b') }))
  t.match(account, { incoming: { security: 'tls' }, outgoing: { security: 'tls' } })
})

t.test('a document with a user name is preferred to SRV records', async t => {
  const dns = srv({ imaps: record(993, 'a'), submissions: record(465, 'b') })
  const fromOf = async (username: string) => {
    const body = clientConfig.replaceAll('%EMAILADDRESS%', username)
    return (await discover({ [`GET ${own}`]: { body } }, dns)).account?.from
  }
  t.equal(await fromOf('joe'), own)
  t.equal(await fromOf('%EMAILLOCALPART%@%EMAILDOMAIN%'), own)
  t.equal(await fromOf('JANE@example.com'), 'SRV example.com')
  t.equal(await fromOf('%EMAILLOCALPART%'), 'SRV example.com')
})

t.test('tries the parents of the best exchanger one by one, with the address of the first domain', async t => {
  const exchangers = [
    { priority: 20, exchange: 'backup.example.org' },
    { priority: 10, exchange: 'MX1.mail.example.net.' }
  ]
  const [parent = ''] = documentsOf('mail.example.net')
  const { account, trace } = await discover(
    { [`GET ${parent}`]: { body: clientConfig } },
    { mx: { 'example.com': exchangers } }
  )
  t.equal(account?.from, parent)
  t.ok(trace.some(({ asked }) => asked === `GET ${documentsOf('mx1.mail.example.net')[0]}`))
  const { trace: all } = await discover({}, { mx: { 'example.com': [{ priority: 1, exchange: 'example.net' }] } })
  t.equal(all.filter(({ asked }) => asked.startsWith('GET')).length, 10)
})

t.test('uses the exchanger itself if it finds nothing else and the name resolves', async t => {
  const dns = { mx: { 'example.com': [{ priority: 10, exchange: 'MX1.example.net.' }] } }
  const host = 'mx1.example.net'
  t.same((await discover({}, { ...dns, hosts: [host] })).account, {
    incoming: { ...imap, host },
    outgoing: { ...smtp, host, port: 587, security: 'starttls' },
    from: `MX ${host}`
  })
  t.equal((await discover({}, dns)).reason, scans)
})

t.test('the exchanger itself comes after every other candidate', async t => {
  const dns = { mx: { 'example.com': [{ priority: 10, exchange: 'mx1.example.net' }] }, hosts: ['mx1.example.net'] }
  const { account, trace } = await discover({ [`GET ${own}`]: { body: clientConfig } }, dns)
  t.equal(account?.from, own)
  t.same(trace.slice(-2), [
    { asked: 'MX example.com', result: '1 record' },
    { asked: 'A mx1.example.net', result: 'an address' }
  ])
  const [parent = ''] = documentsOf('example.net')
  t.equal((await discover({ [`GET ${parent}`]: { body: clientConfig } }, dns)).account?.from, parent)
})

t.test('accepts only status 200', async t => {
  const answers = { [`GET ${own}`]: { status: 203, body: clientConfig }, [`GET ${wellKnown}`]: { body: clientConfig } }
  t.equal((await discover(answers)).account?.from, wellKnown)
})

t.test('follows redirects within a scheme only', async t => {
  const found = (from: string, location: string) => foundAfterRedirect(fairemail, from, location)
  t.equal(await found(own, '//example.net/a'), 'https://example.net/a')
  t.equal(await found(own, 'http://example.net/a'), undefined)
  t.equal(await found(plainHttp, 'https://example.net/a'), undefined)
})

t.test('tries the next source after a text that is not XML, and after a web page in XML', async t => {
  for (const body of ['Not found', '<!DOCTYPE html><html/>']) {
    const { account, trace } = await discover({
      [`GET ${own}`]: { body },
      [`GET ${wellKnown}`]: { body: clientConfig }
    })
    t.equal(account?.from, wellKnown)
    t.equal(trace[2]?.result, '200, refused: not both servers')
  }
})

t.test('the first servers must be imap and smtp', async t => {
  const jmap = '<incomingServer type="jmap"><url>x</url></incomingServer>'
  t.match(await accountOf(changed({ '</incomingServer>': `</incomingServer>${jmap}` })), { incoming: imap })
  t.equal(await accountOf(changed({ '<incomingServer': `${jmap}<incomingServer` })), undefined)
  t.equal(await accountOf(changed({ '<outgoingServer': '<outgoingServer type="x"/><outgoingServer' })), undefined)
})

t.test('uses the last user name anywhere in the file', async t => {
  const usernameOf = async (last: string) => {
    const body = changed({ '</clientConfig>': `<webMail><username>${last}</username></webMail></clientConfig>` })
    return (await accountOf(body))?.incoming.username
  }
  t.equal(await usernameOf('joe'), 'joe')
  t.equal(await usernameOf('%EMAILLOCALPART%'), 'jane')
  t.equal(await usernameOf('%EMAILADDRESS%'), address)
  t.equal(await usernameOf('*@mail.example.com'), 'jane@mail.example.com')
  t.equal(await usernameOf('%EMAILLOCALPART%.example.com'), '%EMAILLOCALPART%.example.com')
  t.equal(await usernameOf(''), address)
  t.match(await accountOf(clientConfig.replaceAll(/<username>.*<\/username>/g, '')), { incoming: imap })
})

t.test('a port after the socketType replaces the guess', async t => {
  const swapped = (port: number, socketType: string) =>
    changed({
      '<port>993</port>': '',
      '<socketType>SSL</socketType>': `<socketType>${socketType}</socketType><port>${port}</port>`
    })
  t.match(await accountOf(swapped(143, 'SSL')), { incoming: { security: 'starttls' } })
  t.match(await accountOf(swapped(1143, 'STARTTLS')), { incoming: { security: 'tls' } })
})

t.test('has no connections without TLS: plain leaves the guess from the port unchanged', async t => {
  const securityOf = async (port: number, socketType: string) =>
    (await accountOf(changed({ '>993<': `>${port}<`, '>SSL<': `>${socketType}<` })))?.incoming.security
  t.equal(await securityOf(143, 'plain'), 'starttls')
  t.equal(await securityOf(1143, 'plain'), 'tls')
  t.equal(await securityOf(993, 'STARTTLS'), 'starttls')
  t.equal(await securityOf(143, 'SSL'), 'tls')
  t.match(
    await accountOf(
      changed({
        '>465<': '>587<',
        'SSL</socketType>\n      <username>%EMAILADDRESS%</username>\n      <authentication>password-cleartext</authentication>\n    </outgoing':
          'x</socketType></outgoing'
      })
    ),
    {
      outgoing: { security: 'starttls' }
    }
  )
})

t.test('does not trim, and white space in a port invalidates the document', async t => {
  t.match(await accountOf(changed({ '>imap.': '> imap.' })), { incoming: { host: ' imap.example.com' } })
  t.equal(await accountOf(changed({ '>993<': '> 993<' })), undefined)
})

t.test('requires host and port of both servers', async t => {
  for (const value of ['imap.example.com', '993', 'smtp.example.com', '465']) {
    t.equal(await accountOf(changed({ [`>${value}<`]: '><' })), undefined, value)
  }
})

t.test('does not replace placeholders in host names', async t => {
  t.match(await accountOf(changed({ 'imap.example.com': 'imap.%EMAILDOMAIN%' })), {
    incoming: { host: 'imap.%EMAILDOMAIN%' }
  })
})

t.test('autodiscover: uses both servers of a document from Signpost', async t => {
  t.same((await discover({ [`POST ${exchangeHost}`]: { body: autodiscover } })).account, {
    incoming: imap,
    outgoing: smtp,
    from: exchangeHost
  })
})

t.test('autodiscover: autoconfig documents are preferred', async t => {
  const answers = { [`GET ${own}`]: { body: clientConfig }, [`POST ${exchange}`]: { body: autodiscover } }
  t.equal((await discover(answers)).account?.from, own)
})

t.test('autodiscover: ignores SSL, Encryption and LoginName, and guesses STARTTLS from the port', async t => {
  const body = changed({ '>993<': '>143<', '>465<': '>587<' }, autodiscover)
    .replaceAll('<SSL>on', '<SSL>off')
    .replaceAll('<LoginName>jane', '<LoginName>joe')
  t.match(await exchangeAccountOf(body), {
    incoming: { port: 143, security: 'starttls', username: address },
    outgoing: { port: 587, security: 'starttls' }
  })
})

t.test('autodiscover: uses the last Protocol of a type', async t => {
  const again = '<Protocol><Type>IMAP</Type><Server>b.example.com</Server><Port>993</Port></Protocol>'
  t.match(await exchangeAccountOf(changed({ '</Account>': `${again}</Account>` }, autodiscover)), {
    incoming: { host: 'b.example.com' }
  })
})

t.test('autodiscover: AccountType and Action must come before the first Protocol, with exact values', async t => {
  const head = '<AccountType>email</AccountType>\n      <Action>settings</Action>'
  for (const changes of [
    { [head]: '' },
    { [head]: '', '</Account>': `${head}</Account>` },
    { '>email<': '> email<' },
    { '>settings<': '>redirectUrl<' }
  ]) {
    t.equal(await exchangeAccountOf(changed(changes, autodiscover)), undefined, JSON.stringify(changes))
  }
})

t.test('autodiscover: skips a Protocol without Server or Port, of another Type, or outside Account', async t => {
  for (const changes of [
    { '<Server>imap.example.com</Server>': '' },
    { '<Port>993</Port>': '<Port/>' },
    { '<Port>993</Port>': '<Port>+993</Port>' },
    { '>IMAP<': '>imap<' }
  ]) {
    t.equal(await exchangeAccountOf(changed(changes, autodiscover)), undefined, JSON.stringify(changes))
  }
  t.equal(await exchangeAccountOf(autodiscover.replaceAll('Account>', 'x>')), undefined)
  t.equal(await exchangeAccountOf('Not found'), undefined)
})

t.test('never throws for any response', () => neverThrows(fairemail))
