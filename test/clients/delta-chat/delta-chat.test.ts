import t from 'tap'
import { deltaChat } from '../../../src/clients/delta-chat/delta-chat.ts'
import { type FakeAnswer, fakeWorld } from '../../support/clients/fake-world.ts'
import { neverThrows } from '../../support/clients/never-throws.ts'
import { address, autodiscover, changed, clientConfig, imap, smtp } from '../../support/clients/plain-document.ts'

const own = 'https://autoconfig.example.com/mail/config-v1.1.xml?emailaddress=jane%40example.com'
const wellKnown = 'https://example.com/.well-known/autoconfig/mail/config-v1.1.xml'
const exchange = 'https://example.com/autodiscover/autodiscover.xml'
const exchangeHost = 'https://autodiscover.example.com/autodiscover/autodiscover.xml'
const central = 'https://autoconfig.thunderbird.net/v1.1/example.com'

const discover = (answers: Readonly<Record<string, FakeAnswer>>) => deltaChat.discover(address, fakeWorld(answers))
const accountOf = async (body: string) => (await discover({ [`GET ${own}`]: { body } })).account
const exchangeAccountOf = async (body: string) => (await discover({ [`GET ${exchange}`]: { body } })).account
const guesses = 'tries the domain, and imap., smtp. and mail. below it'

t.test('uses both servers of a document from Signpost', async t => {
  const { account, reason, trace } = await discover({ [`GET ${own}`]: { body: clientConfig } })
  t.same(account, { incoming: imap, outgoing: smtp, from: own })
  t.equal(reason, undefined)
  t.same(trace, [{ asked: `GET ${own}`, result: '200, used' }])
})

t.test(
  'requests five URLs over https, in absolute form and without headers, and only the first contains the address',
  async t => {
    const world = fakeWorld({})
    const { account, reason, trace } = await deltaChat.discover(address, world)
    t.equal(account, undefined)
    t.equal(reason, guesses)
    const request = { method: 'GET', headers: {}, target: 'absolute' }
    t.same(
      world.requests,
      [own, wellKnown, exchange, exchangeHost, central].map(url => ({ ...request, url }))
    )
    t.same(trace[0], { asked: `GET ${own}`, result: 'no answer' })
  }
)

t.test('sends no request if the domain is typed with U-labels', async t => {
  const world = fakeWorld({})
  const { reason, trace } = await deltaChat.discover('jane@bücher.example', world)
  t.equal(reason, 'sends no request, because the domain is not in ASCII')
  t.same(trace, [])
  t.same(world.requests, [])
  const { trace: ascii } = await deltaChat.discover('jané@xn--bcher-kva.example', world)
  t.equal(ascii.length, 5)
})

t.test('autodiscover: ends with STARTTLS on 143 and 587, and with TLS on other ports', async t => {
  const body = (imapPort: number, smtpPort: number) =>
    changed({ '>993<': `>${imapPort}<`, '>465<': `>${smtpPort}<` }, autodiscover)
  t.match(await exchangeAccountOf(body(143, 587)), {
    incoming: { port: 143, security: 'starttls' },
    outgoing: { port: 587, security: 'starttls' }
  })
  t.match(await exchangeAccountOf(body(587, 143)), { incoming: { security: 'tls' }, outgoing: { security: 'tls' } })
})

t.test('escapes everything in the query except letters, digits and dots', async t => {
  const world = fakeWorld({})
  await deltaChat.discover("j.d+a-b_c~'!*d@example.com", world)
  t.match(world.requests[0]?.url, /\?emailaddress=j\.d%2Ba%2Db%5Fc%7E%27%21%2Ad%40example\.com$/)
})

t.test('converts the whole address to lower case first', async t => {
  const world = fakeWorld({ [`GET ${own}`]: { body: clientConfig } })
  const { account } = await deltaChat.discover('Jane@Example.COM', world)
  t.equal(account?.incoming.username, address)
})

t.test('rejects an invalid address', async t => {
  t.same(await deltaChat.discover('jane', fakeWorld({})), {
    account: undefined,
    reason: 'not a mail address',
    trace: []
  })
})

t.test('uses the response to a GET of autodiscover, with the address as user name', async t => {
  const { account } = await discover({ [`GET ${exchangeHost}`]: { body: autodiscover } })
  t.same(account, { incoming: imap, outgoing: smtp, from: exchangeHost })
})

t.test('a 200 with an Error ends the search', async t => {
  const body = '<Autodiscover><Response><Error><ErrorCode>600</ErrorCode></Error></Response></Autodiscover>'
  const { account, reason, trace } = await discover({
    [`GET ${exchange}`]: { body },
    [`GET ${central}`]: { body: clientConfig }
  })
  t.equal(account, undefined)
  t.equal(reason, guesses)
  t.same(trace.at(-1), { asked: `GET ${exchange}`, result: '200, ends the search without a server' })
})

t.test('any response without a syntax error ends the search: a text, an empty response, a web page in XML', async t => {
  for (const body of ['Not found', '', '<!doctype html><html><p>Not found</p></html>', '<html>']) {
    const { reason, trace } = await discover({
      [`GET ${own}`]: { body },
      [`GET ${wellKnown}`]: { body: clientConfig }
    })
    t.equal(reason, guesses, body)
    t.equal(trace.length, 1, body)
  }
})

t.test('a web page with a syntax error and a 404 do not end the search', async t => {
  for (const answer of [
    { body: '<html><br></html>' },
    { body: 'a & b' },
    { status: 404, body: clientConfig },
    { status: 199 }
  ]) {
    const { account } = await discover({ [`GET ${own}`]: answer, [`GET ${wellKnown}`]: { body: clientConfig } })
    t.equal(account?.from, wellKnown)
  }
  const { trace } = await discover({ [`GET ${own}`]: { body: '<html><br></html>' } })
  t.equal(trace[0]?.result, '200, refused: a syntax error')
})

t.test('ignores the content type', async t => {
  const answer = { body: clientConfig, headers: { 'content-type': 'application/octet-stream' } }
  t.ok((await discover({ [`GET ${own}`]: answer })).account)
})

t.test('follows nine redirects, including to http', async t => {
  const chain = (length: number) => {
    const hops = Array.from({ length }, (_, hop): [string, FakeAnswer] => [
      hop === 0 ? `GET ${own}` : `GET http://example.net/${hop}`,
      { status: 302, headers: { location: `http://example.net/${hop + 1}` } }
    ])
    return { ...Object.fromEntries(hops), [`GET http://example.net/${length}`]: { body: clientConfig } }
  }
  t.equal((await discover(chain(9))).account?.from, 'http://example.net/9')
  t.equal((await discover(chain(10))).account, undefined)
})

t.test('fails if the Location is relative', async t => {
  for (const location of ['/mail.xml', '//example.com/mail.xml', 'ftp://example.com/mail.xml', 'https://']) {
    const { trace } = await discover({ [`GET ${own}`]: { status: 301, headers: { location } } })
    t.equal(trace[1]?.asked, `GET ${wellKnown}`, location)
  }
})

t.test('uses the first imap and the first smtp server, even if others precede them', async t => {
  const pop = '<incomingServer type="pop3"><hostname>p</hostname><port>1</port><username>u</username></incomingServer>'
  const second = clientConfig.slice(clientConfig.indexOf('<incomingServer'), clientConfig.indexOf('</emailProvider'))
  const body = changed({
    '<incomingServer': `${pop}<incomingServer`,
    '</emailProvider': `${second.replaceAll('.com', '.net')}</emailProvider`
  })
  t.same(await accountOf(body), { incoming: imap, outgoing: smtp, from: own })
})

t.test('skips a server without hostname, port or user name', async t => {
  for (const element of [
    '<hostname>imap.example.com</hostname>',
    '<port>993</port>',
    '<username>%EMAILADDRESS%</username>'
  ]) {
    t.equal(await accountOf(changed({ [element]: '' })), undefined, element)
  }
})

t.test('finds servers anywhere in the file, with types and names in any letter case', async t => {
  const body = clientConfig.replaceAll('emailProvider', 'x').replaceAll('Server', 'SERVER').replace('"imap"', "'IMAP'")
  t.match(await accountOf(body), { incoming: imap, outgoing: smtp })
  t.match(await accountOf(changed({ 'type="imap"': '' })), undefined)
})

t.test('reads an unfinished server at the end of a truncated file', async t => {
  const end = clientConfig.lastIndexOf('</username>')
  t.match(await accountOf(clientConfig.slice(0, end)), { outgoing: smtp })
})

t.test('trims values', async t => {
  t.match(await accountOf(clientConfig.replaceAll(/>(imap|993|SSL|%EMAILADDRESS%)/g, '>\n $1')), { incoming: imap })
})

t.test('reads only a part of a value that contains an entity or CDATA', async t => {
  t.match(await accountOf(changed({ '%EMAILADDRESS%': 'a&amp;b' })), { incoming: { username: 'b' } })
  t.match(await accountOf(changed({ '%EMAILADDRESS%': 'a<![CDATA[b]]>' })), { incoming: { username: 'a' } })
  t.equal(await accountOf(changed({ '%EMAILADDRESS%': '<![CDATA[b]]>' })), undefined)
  t.match(await accountOf(changed({ '%EMAILADDRESS%': 'a<!-- -->b' })), { incoming: { username: 'b' } })
})

t.test('replaces placeholders in host names and within user names', async t => {
  const values = { 'imap.example.com': 'imap.%EMAILDOMAIN%', '%EMAILADDRESS%': '%EMAILLOCALPART%.%EMAILDOMAIN%' }
  t.match(await accountOf(changed(values)), { incoming: { host: 'imap.example.com', username: 'jane.example.com' } })
})

t.test('reads plain as no TLS, STARTTLS in any letter case, and tries TLS first for any other value', async t => {
  const securityOf = async (socketType: string) =>
    (await accountOf(changed({ '>SSL<': socketType })))?.incoming.security
  t.equal(await securityOf('>plain<'), 'none')
  t.equal(await securityOf('>starttls<'), 'starttls')
  t.equal(await securityOf('>TLS<'), 'tls')
  t.equal(await securityOf('>constructor<'), 'tls')
  t.match(await accountOf(changed({ '<socketType>SSL</socketType>': '' })), { incoming: imap })
})

t.test('guesses an invalid port from the socketType', async t => {
  const serversOf = async (socketType: string) => {
    const account = await accountOf(clientConfig.replaceAll(/<port>\d+/g, '<port>x').replaceAll('SSL', socketType))
    return [account?.incoming, account?.outgoing].map(server => [server?.port, server?.security])
  }
  t.same(await serversOf('SSL'), [
    [993, 'tls'],
    [465, 'tls']
  ])
  t.same(await serversOf('STARTTLS'), [
    [143, 'starttls'],
    [587, 'starttls']
  ])
  t.same(await serversOf('plain'), [
    [143, 'none'],
    [587, 'none']
  ])
  t.same(await serversOf('?'), [
    [143, 'starttls'],
    [587, 'starttls']
  ])
  t.match(await accountOf(changed({ '>993<': '>65536<' })), { incoming: { port: 993 } })
})

t.test('guesses the side that is missing in a document', async t => {
  t.equal(await accountOf(changed({ 'type="imap"': 'type="pop3"' })), undefined)
  t.equal(await accountOf(changed({ 'type="smtp"': 'type="lmtp"' })), undefined)
})

t.test('autodiscover: reads Type, Server, Port and SSL, but not Encryption and LoginName', async t => {
  const body = autodiscover
    .replaceAll('SSL</Encryption>', 'TLS</Encryption>')
    .replaceAll('<LoginName>jane@', '<LoginName>joe@')
  t.match(await exchangeAccountOf(body), { incoming: imap, outgoing: smtp })
  t.match(await exchangeAccountOf(changed({ '<SSL>on': '<SSL>off' }, autodiscover)), { incoming: { security: 'none' } })
  t.match(await exchangeAccountOf(changed({ '<SSL>on': '<SSL>false' }, autodiscover)), {
    incoming: { security: 'tls' }
  })
})

t.test('autodiscover: skips a Protocol without Type, Server or Port', async t => {
  for (const element of ['<Type>IMAP</Type>', '<Server>imap.example.com</Server>', '<Port>993</Port>']) {
    t.equal(await exchangeAccountOf(changed({ [element]: '' }, autodiscover)), undefined, element)
  }
})

t.test('autodiscover: does not replace placeholders', async t => {
  const body = changed({ '>imap.example.com<': '>imap.%EMAILDOMAIN%<' }, autodiscover)
  t.match(await exchangeAccountOf(body), { incoming: { host: 'imap.%EMAILDOMAIN%' } })
})

t.test('autodiscover: follows ten RedirectUrls, and ignores everything after them', async t => {
  const redirect = (to: string) => ({ body: `<a><RedirectUrl> ${to} </RedirectUrl><` })
  const last = 'https://exchange.example.net/9'
  const chain = (to: number) =>
    Object.fromEntries(
      Array.from({ length: to }, (_, hop): [string, FakeAnswer] => [
        hop === 0 ? `GET ${exchange}` : `GET https://exchange.example.net/${hop}`,
        redirect(`https://exchange.example.net/${hop + 1}`)
      ])
    )
  const { account, trace } = await discover({ ...chain(9), [`GET ${last}`]: { body: autodiscover } })
  t.equal(account?.from, last)
  t.equal(trace[2]?.result, '200, RedirectUrl')
  const tooMany = await discover({ ...chain(10), 'GET https://exchange.example.net/10': { body: autodiscover } })
  t.equal(tooMany.account, undefined)
})

t.test('autodiscover: an invalid RedirectUrl leads to the next host', async t => {
  for (const content of ['/autodiscover.xml', '', '<b/>', 'https://']) {
    const body = `<Autodiscover><RedirectUrl>${content}</RedirectUrl></Autodiscover>`
    const { account } = await discover({
      [`GET ${exchange}`]: { body },
      [`GET ${exchangeHost}`]: { body: autodiscover }
    })
    t.equal(account?.from, exchangeHost, content)
  }
})

t.test('autodiscover: a syntax error leads to the next host', async t => {
  const { account } = await discover({
    [`GET ${exchange}`]: { body: '<html><br></html>' },
    [`GET ${exchangeHost}`]: { body: autodiscover }
  })
  t.equal(account?.from, exchangeHost)
})

t.test('never throws for any response', () => neverThrows(deltaChat))
