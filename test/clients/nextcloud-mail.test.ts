import t from 'tap'
import { nextcloudMail } from '../../src/clients/nextcloud-mail.ts'
import { type FakeAnswer, type FakeDns, fakeWorld } from '../support/clients/fake-world.ts'
import { neverThrows } from '../support/clients/never-throws.ts'
import { address, changed, clientConfig, imap, smtp } from '../support/clients/plain-document.ts'

const urlsOf = (domain: string, path = '/mail/config-v1.1.xml?emailaddress=jane@example.com') => [
  `https://autoconfig.${domain}${path}`,
  `https://${domain}/.well-known/autoconfig${path}`,
  `https://autoconfig.thunderbird.net/v1.1/${domain}`,
  `http://autoconfig.${domain}${path}`,
  `http://${domain}/.well-known/autoconfig${path}`
]
const [own = '', wellKnown = ''] = urlsOf('example.com')

const discover = (answers: Readonly<Record<string, FakeAnswer>>, dns?: FakeDns) =>
  nextcloudMail.discover(address, fakeWorld(answers, dns))
const accountOf = async (body: string) => (await discover({ [`GET ${own}`]: { body } })).account

t.test('uses both servers of a document from Signpost', async t => {
  t.same(await discover({ [`GET ${own}`]: { body: clientConfig } }), {
    account: { incoming: imap, outgoing: smtp, from: own },
    reason: undefined,
    trace: [{ asked: `GET ${own}`, result: '200, used' }]
  })
})

t.test('sends the address unencoded, and requests the ISPDB before plain http', async t => {
  const world = fakeWorld({})
  const { reason, trace } = await nextcloudMail.discover('a+b@example.com', world)
  t.equal(reason, 'asks for the servers')
  const headers = { 'user-agent': 'Nextcloud Server Crawler', 'accept-encoding': 'gzip' }
  const urls = urlsOf('example.com', '/mail/config-v1.1.xml?emailaddress=a+b@example.com')
  t.same(
    world.requests,
    urls.map(url => ({ method: 'GET', url, headers }))
  )
  t.equal(trace.at(-1)?.asked, 'MX example.com')
})

t.test('tries the first exchanger of the DNS response, then the name without its first label', async t => {
  const exchangers = [
    { priority: 20, exchange: 'mx.example.net.' },
    { priority: 10, exchange: 'best.example.org' }
  ]
  const dns = { mx: { 'example.com': exchangers } }
  const [, , , , last = ''] = urlsOf('mx.example.net')
  t.equal((await discover({ [`GET ${last}`]: { body: clientConfig } }, dns)).account?.from, last)
  const [parent = ''] = urlsOf('example.net')
  const { account, trace } = await discover({ [`GET ${parent}`]: { body: clientConfig } }, dns)
  t.equal(account?.from, parent)
  t.same(
    trace.slice(6).map(({ asked }) => asked),
    [...urlsOf('mx.example.net'), parent].map(url => `GET ${url}`)
  )
})

t.test('sends the domain in lower case and with U-labels, and logs in with that', async t => {
  for (const typed of ['Jane@xn--BCHER-kva.example', 'Jane@BÜCHER.example']) {
    const url = 'https://autoconfig.xn--bcher-kva.example/mail/config-v1.1.xml?emailaddress=Jane@bücher.example'
    const body = changed({ '%EMAILADDRESS%': '%EMAILADDRESS% %EMAILDOMAIN%' })
    const { account } = await nextcloudMail.discover(typed, fakeWorld({ [`GET ${url}`]: { body } }))
    t.match(account, {
      incoming: { username: 'Jane@bücher.example bücher.example' },
      outgoing: { username: 'Jane@bücher.example' },
      from: url
    })
  }
})

t.test('tries the last two labels of the best exchanger', async t => {
  const exchangers = [
    { priority: 20, exchange: 'mx.example.org' },
    { priority: 10, exchange: 'A.mx.mail.Example.net.' }
  ]
  const [url = ''] = urlsOf('example.net')
  const { account, trace } = await discover(
    { [`GET ${url}`]: { body: clientConfig } },
    { mx: { 'example.com': exchangers } }
  )
  t.equal(account?.from, url)
  t.same(
    trace.slice(6).map(({ asked }) => asked),
    [...urlsOf('mx.example.org'), ...urlsOf('example.org'), url].map(each => `GET ${each}`)
  )
})

t.test('does not try public suffixes', async t => {
  const { trace } = await discover({}, { mx: { 'example.com': [{ priority: 1, exchange: 'example.net' }] } })
  t.same(
    trace.slice(6).map(({ asked }) => asked),
    urlsOf('example.net').map(url => `GET ${url}`)
  )
})

t.test('follows five redirects, including relative ones and to http', async t => {
  const chain = (length: number) => {
    const hops = Array.from({ length }, (_, hop): [string, FakeAnswer] => [
      hop === 0 ? `GET ${own}` : `GET http://example.net/${hop}`,
      { status: 302, headers: { location: hop === 0 ? 'http://example.net/1' : `/${hop + 1}` } }
    ])
    return { ...Object.fromEntries(hops), [`GET http://example.net/${length}`]: { body: clientConfig } }
  }
  t.equal((await discover(chain(5))).account?.from, 'http://example.net/5')
  t.equal((await discover(chain(6))).account, undefined)
  const elsewhere = { status: 302, headers: { location: 'ftp://example.net/' } }
  t.equal((await discover({ [`GET ${own}`]: elsewhere })).trace[1]?.asked, `GET ${wellKnown}`)
})

t.test('tries the next source after any response without a server', async t => {
  const answers: readonly FakeAnswer[] = [
    { body: 'Not found' },
    { body: '<!DOCTYPE html><html/>' },
    { body: changed({ 'type="imap"': 'type="jmap"', 'type="smtp"': '' }) },
    { status: 404, body: clientConfig },
    { status: 199, body: clientConfig }
  ]
  for (const answer of answers) {
    const { account } = await discover({ [`GET ${own}`]: answer, [`GET ${wellKnown}`]: { body: clientConfig } })
    t.equal(account?.from, wellKnown)
  }
  const { trace } = await discover({ [`GET ${own}`]: { body: '' } })
  t.equal(trace[0]?.result, '200, refused: no imap or smtp server')
})

t.test('stops at a document with only one of the two sides', async t => {
  for (const side of ['type="imap"', 'type="smtp"']) {
    const body = changed({ [side]: 'type="x"' })
    const { account, reason } = await discover({
      [`GET ${own}`]: { body },
      [`GET ${wellKnown}`]: { body: clientConfig }
    })
    t.equal(account, undefined)
    t.equal(reason, 'asks for the server that is missing in the document')
  }
})

t.test('uses the first imap and the first smtp server of the first emailProvider', async t => {
  const pop3 = '<incomingServer type="pop3"><hostname>x</hostname></incomingServer>'
  const again = '<incomingServer type="imap"><hostname>x</hostname></incomingServer>'
  const body = changed({
    '<incomingServer': `${pop3}<incomingServer`,
    '</emailProvider>': `${again}</emailProvider><emailProvider/>`
  })
  t.match(await accountOf(body), { incoming: imap, outgoing: smtp })
})

t.test('does not trim host names, and reads the number at the beginning of a port', async t => {
  t.match(await accountOf(changed({ '>imap.': '> imap.', '>993<': '> 993x<' })), {
    incoming: { host: ' imap.example.com', port: 993 }
  })
  t.match(await accountOf(changed({ '>993<': '>x<' })), { incoming: { port: 0 } })
  t.match(await accountOf(changed({ '<port>993</port>': '' })), { incoming: { port: 0 } })
})

t.test('reads socketType in any letter case, TLS as STARTTLS, and unknown values as no TLS', async t => {
  const securityOf = async (socketType: string) =>
    (await accountOf(changed({ '>SSL<': socketType })))?.incoming.security
  t.equal(await securityOf('>ssl<'), 'tls')
  t.equal(await securityOf('>StartTLS<'), 'starttls')
  t.equal(await securityOf('>TLS<'), 'starttls')
  t.equal(await securityOf('>plain<'), 'none')
  t.equal(await securityOf('>constructor<'), 'none')
})

t.test('replaces placeholders in user names only, and within them', async t => {
  const values = { 'imap.example.com': 'imap.%EMAILDOMAIN%', '%EMAILADDRESS%': '%EMAILLOCALPART%.%EMAILDOMAIN%' }
  t.match(await accountOf(changed(values)), { incoming: { host: 'imap.%EMAILDOMAIN%', username: 'jane.example.com' } })
})

t.test('never throws for any response', () => neverThrows(nextcloudMail))
