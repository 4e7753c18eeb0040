import t from 'tap'
import { outlookClassic } from '../../../src/clients/outlook/classic.ts'
import { type FakeAnswer, type FakeDns, fakeWorld } from '../../support/clients/fake-world.ts'
import { neverThrows } from '../../support/clients/never-throws.ts'
import { address, autodiscover, changed, imap, smtp } from '../../support/clients/plain-document.ts'
import { matchLists } from '../../support/match-lists.ts'

const path = '/autodiscover/autodiscover.xml'
const root = `https://example.com${path}`
const own = `https://autodiscover.example.com${path}`
const plain = `http://autodiscover.example.com${path}`
const hosted = `https://mail.example.net${path}`

type Answers = Record<string, FakeAnswer>

const discover = (answers: Answers, dns?: FakeDns) => outlookClassic.discover(address, fakeWorld(answers, dns))
const posts = (url: string, body = autodiscover): Answers => ({ [`POST ${url}`]: { body } })
const srvAt = (...records: [port: number, target: string][]): FakeDns => ({
  srv: {
    '_autodiscover._tcp.example.com': records.map(([port, target]) => ({ priority: 0, weight: 0, port, target }))
  }
})

/** @returns the incoming server of a modified document, or the reason why it was rejected */
async function read(changes: Record<string, string>) {
  const { account, reason } = await discover(posts(root, changed(changes, autodiscover)))
  return account?.incoming ?? reason
}

const [imapElement = '', smtpElement = ''] = autodiscover.match(/<Protocol>.*?<\/Protocol>/gs) ?? []

t.test('uses both servers of a document from Signpost', async t => {
  const { account, reason, trace } = await discover(posts(root))
  t.same(account, { incoming: imap, outgoing: smtp, from: root })
  t.equal(reason, undefined)
  t.same(trace, [{ asked: `POST ${root}`, result: '200, used' }])
})

t.test('tries the domain, then autodiscover, then plain http for a redirect, then the SRV record', async t => {
  const redirect = { [`GET ${plain}`]: { status: 302, headers: { location: hosted } } }
  const { account, reason, trace } = await discover(redirect, srvAt([443, 'srv.example.net.']))
  t.equal(account, undefined)
  t.equal(reason, 'nothing found')
  t.same(trace, [
    { asked: `POST ${root}`, result: 'no answer' },
    { asked: `POST ${own}`, result: 'no answer' },
    { asked: `GET ${plain}`, result: '302, redirected' },
    { asked: `POST ${hosted}`, result: 'no answer' },
    { asked: 'SRV _autodiscover._tcp.example.com', result: '1 record' },
    { asked: `POST https://srv.example.net${path}`, result: 'no answer' }
  ])
})

t.test('sends the address in the schema of 2006a', async t => {
  const world = fakeWorld({})
  await outlookClassic.discover('a&b@example.com', world)
  t.match(world.requests[0], {
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    body: /<EMailAddress>a&amp;b@example.com<\/EMailAddress>\s*<AcceptableResponseSchema>http:.*\/2006a</
  })
  t.same(world.requests[2], { method: 'GET', url: plain, headers: {} })
})

t.test('follows a redirect of plain http only to an https URL that ends in the lower-case path', async t => {
  const from = async (answer: FakeAnswer) =>
    (await discover({ [`GET ${plain}`]: answer, ...posts(hosted) })).account?.from
  t.equal(await from({ status: 302, headers: { location: hosted } }), hosted)
  for (const location of [
    path,
    hosted.replace('https', 'http'),
    hosted.replace('/auto', '/Auto'),
    'https://',
    'https://x/',
    'https://autodiscover/autodiscover.xml',
    'https://x/autodiscover//autodiscover.xml',
    'https://x/?/autodiscover/autodiscover.xml'
  ]) {
    t.equal(await from({ status: 302, headers: { location } }), undefined, location)
  }
  t.equal(await from({ status: 301, headers: { location: hosted } }), undefined)
  t.equal(await from({ status: 302 }), undefined)
  t.equal(await from({ body: autodiscover }), undefined)
})

t.test('uses an SRV record only on port 443, and not if the service is unavailable', async t => {
  const { account } = await discover(posts(hosted), srvAt([8443, 'x.example'], [443, 'mail.example.net']))
  t.equal(account?.from, hosted)
  t.equal((await discover({}, srvAt([443, '.']))).trace.at(-1)?.asked, 'SRV _autodiscover._tcp.example.com')
})

t.test('tries the next URL after another status, a web page and an error', async t => {
  const error = `<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006"><Response>
    <Error><ErrorCode>600</ErrorCode></Error></Response></Autodiscover>`
  for (const [answer, result] of [
    [{ status: 404, body: autodiscover }, '404'],
    [{ status: 401 }, '401'],
    [{ body: '<html/>' }, '200, refused: no Autodiscover document'],
    [{ body: error }, '200, refused: error 600']
  ] as const) {
    const { account, trace } = await discover({ [`POST ${root}`]: answer, ...posts(own) })
    t.equal(account?.from, own)
    t.equal(trace[0]?.result, result)
  }
  t.equal((await discover(posts(root, error))).reason, 'error 600')
})

t.test('sends the request again after a redirect to https, and not to http', async t => {
  const moved = (location: string) => ({ [`POST ${root}`]: { status: 302, headers: { location } } })
  t.equal((await discover({ ...moved(hosted), ...posts(hosted) })).account?.from, hosted)
  const http = hosted.replace('https', 'http')
  t.equal((await discover({ ...moved(http), ...posts(http) })).account, undefined)
})

const action = (name: string, element: string) =>
  changed({ '<Action>settings</Action>': `<Action>${name}</Action>${element}` }, autodiscover)

t.test('follows a RedirectUrl, ten times', async t => {
  const to = (url: string) => action('redirectUrl', `<RedirectUrl>${url}</RedirectUrl>`)
  t.equal((await discover({ ...posts(root, to(hosted)), ...posts(hosted) })).account?.from, hosted)
  const { reason, trace } = await discover(posts(root, to(root)))
  t.equal(reason, 'more than 10 redirects')
  t.equal(trace.filter(({ asked }) => asked === `POST ${root}`).length, 11)
  for (const url of ['http://example.net/', 'x', '']) {
    t.equal((await discover(posts(root, to(url)))).reason, `RedirectUrl ${url}`)
  }
  t.equal((await discover(posts(root, action('redirectUrl', '')))).reason, 'RedirectUrl ')
})

t.test('starts again with a RedirectAddr, up to ten times, and logs in with the typed address', async t => {
  const to = (typed: string) => action('redirectAddr', `<RedirectAddr>${typed}</RedirectAddr>`)
  const next = `https://example.net${path}`
  const withoutLogin = autodiscover.replaceAll(/<LoginName>.*?<\/LoginName>/g, '')
  const { account } = await discover({ ...posts(root, to('x@example.net')), ...posts(next, withoutLogin) })
  t.same(account, { incoming: imap, outgoing: smtp, from: next })
  t.equal((await discover(posts(root, to(address)))).reason, 'more than 10 redirects')
  t.equal((await discover(posts(root, to('x')))).reason, 'RedirectAddr x')
  t.equal((await discover(posts(root, action('redirectAddr', '')))).reason, 'RedirectAddr ')
})

t.test('requires the exact namespaces', async t => {
  t.equal(
    await read({ 'outlook/responseschema/2006a': 'outlook/responseschema/2006' }),
    'no Response of the outlook schema'
  )
  t.equal(await read({ 'http://schemas': 'https://schemas' }), 'no Autodiscover document')
  t.match(
    await read({ '<Autodiscover xmlns=': '<x:Autodiscover xmlns:x=', '</Autodiscover>': '</x:Autodiscover>' }),
    imap
  )
})

t.test('requires a mail account with settings', async t => {
  t.equal(await read({ '>email<': '>nntp<' }), 'no Account for mail')
  t.equal(await read({ '<Account>': '<Konto>', '</Account>': '</Konto>' }), 'no Account for mail')
  t.equal(await read({ '>settings<': '>Settings<' }), 'Action Settings')
  t.equal(await read({ '<Action>settings</Action>': '' }), 'Action undefined')
})

t.test('prefers IMAP to POP3, and requires SMTP', async t => {
  const pop3 = changed({ '>IMAP<': '>POP3<', '>993<': '>995<' }, imapElement)
  t.match(await read({ [imapElement]: pop3 + imapElement }), imap)
  t.match(await read({ [imapElement]: pop3 }), { protocol: 'pop3', port: 995 })
  t.equal(await read({ '>IMAP<': '>POP<' }), 'no IMAP or POP3')
  t.equal(await read({ [smtpElement]: '' }), 'no SMTP')
})

t.test('uses the first Protocol of a Type', async t => {
  t.match(await read({ [imapElement]: changed({ '>993<': '>1993<' }, imapElement) + imapElement }), { port: 1993 })
})

t.test('Encryption overrides SSL: SSL means TLS, and TLS means STARTTLS', async t => {
  t.match(await read({ '<SSL>on': '<SSL>off' }), { security: 'tls', port: 993 })
  t.match(await read({ '>SSL<': '>TLS<' }), { security: 'starttls', port: 993 })
  t.match(await read({ '>SSL<': '>None<' }), { security: 'none' })
  t.match(await read({ '>SSL<': '>Auto<' }), { security: 'tls' })
  t.match(await read({ '>SSL<': '>Auto<', '>993<': '>143<' }), { security: 'starttls' })
  t.match(await read({ '>SSL<': '>Auto<', '<Port>993</Port>': '' }), { security: 'tls', port: 993 })
  t.equal(await read({ '>SSL<': '>STARTTLS<' }), 'Encryption STARTTLS')
})

t.test('a missing SSL means on', async t => {
  const bare = { '<Encryption>SSL</Encryption>': '' }
  t.match(await read({ ...bare, '<SSL>on</SSL>': '' }), { security: 'tls' })
  t.match(await read({ ...bare, '<SSL>on': '<SSL>Off' }), { security: 'none' })
  t.equal(await read({ ...bare, '<SSL>on': '<SSL>' }), 'SSL ')
  t.equal(await read({ ...bare, '<SSL>on': '<SSL>true' }), 'SSL true')
})

t.test('a missing SPA means on, and the trace says so', async t => {
  const result = async (changes: Record<string, string>) => {
    const { account, trace } = await discover(posts(root, changed(changes, autodiscover)))
    t.match(account, { incoming: imap })
    return trace[0]?.result
  }
  t.equal(await result({ '<SPA>off</SPA>': '' }), '200, used: logs in with SPA (NTLM)')
  t.equal(await result({ '<SPA>off': '<SPA>on' }), '200, used: logs in with SPA (NTLM)')
  t.equal(await read({ '<SPA>off': '<SPA>no' }), 'SPA no')
})

t.test('a missing AuthRequired means on', async t => {
  t.match(await read({ '<AuthRequired>on</AuthRequired>': '' }), imap)
  const off = changed({ '<AuthRequired>on': '<AuthRequired>off', '<UsePOPAuth>on': '<UsePOPAuth>off' }, smtpElement)
  const { account } = await discover(posts(root, changed({ [smtpElement]: off }, autodiscover)))
  t.match(account, { incoming: imap, outgoing: { username: undefined } })
})

t.test('smtp uses the login of the incoming server if UsePOPAuth is on, otherwise its own', async t => {
  const outgoing = async (changes: Record<string, string>) => {
    const other = changed({ '<LoginName>jane@example.com': '<LoginName>x', ...changes }, smtpElement)
    const { account } = await discover(posts(root, changed({ [smtpElement]: other }, autodiscover)))
    return account?.outgoing?.username
  }
  t.equal(await outgoing({}), address)
  t.equal(await outgoing({ '<UsePOPAuth>on': '<UsePOPAuth>off' }), 'x')
})

t.test('uses the address if there is no LoginName', async t => {
  t.match(await read({ '<LoginName>jane@example.com</LoginName>': '' }), { username: address })
  t.match(await read({ '<LoginName>jane@example.com': '<LoginName>jane' }), { username: 'jane' })
})

t.test('requires a Server, and uses the standard port if there is no Port', async t => {
  t.equal(await read({ '<Server>imap.example.com</Server>': '' }), 'imap without a Server')
  t.equal(await read({ '<Server>imap.example.com': '<Server>' }), 'imap without a Server')
  t.match(await read({ '<Port>993</Port>': '' }), { port: 993 })
  t.match(await read({ '<Port>993</Port>': '', '>SSL<': '>TLS<' }), { port: 143 })
  for (const port of ['', '0', '65536', '993 ']) t.equal(await read({ '>993<': `>${port}<` }), `Port ${port}`)
})

t.test('sends no request for an invalid address', async t => {
  matchLists(t, await outlookClassic.discover('jane', fakeWorld({})), { reason: 'not a mail address', trace: [] })
})

t.test('never throws', () => neverThrows(outlookClassic))

t.test('uses an Exchange server that requires a login, if the domain names it', async t => {
  const exchange = {
    incoming: { protocol: 'exchange', host: 'mail.example.net', port: 443, security: 'tls', username: undefined },
    outgoing: undefined,
    from: hosted
  }
  const login = { [`POST ${hosted}`]: { status: 401, headers: { 'www-authenticate': 'Negotiate' } } }
  const moved = { status: 302, headers: { location: hosted } }
  t.same((await discover({ [`POST ${root}`]: moved, ...login })).account, exchange)
  const plainRedirect = await discover({ [`GET ${plain}`]: moved, ...login })
  t.same(plainRedirect.account, exchange)
  t.equal(plainRedirect.trace.at(-1)?.result, '401, used: an Exchange server that requires a login')
  t.same((await discover(login, srvAt([443, 'mail.example.net']))).account, exchange)
  const redirectUrl = posts(root, action('redirectUrl', `<RedirectUrl>${hosted}</RedirectUrl>`))
  t.same((await discover({ ...redirectUrl, ...login })).account, exchange)
  const other = 'https://mail.example.net:8443/autodiscover/autodiscover.xml'
  const toPort = { [`POST ${root}`]: { status: 302, headers: { location: other } }, [`POST ${other}`]: { status: 401 } }
  t.match((await discover(toPort)).account, { incoming: { port: 8443 } })
})

t.test('finds nothing at a usual host that requires a login', async t => {
  const login = { status: 401, headers: { 'www-authenticate': 'Basic' } }
  const { account } = await discover({
    [`POST ${root}`]: login,
    [`POST ${own}`]: login,
    [`GET ${plain}`]: { status: 302, headers: { location: own } }
  })
  t.equal(account, undefined)
})
