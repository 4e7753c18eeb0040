import t from 'tap'
import { thunderbird } from '../../../src/clients/thunderbird/thunderbird.ts'
import { type FakeAnswer, type FakeDns, fakeWorld } from '../../support/clients/fake-world.ts'
import { address, autodiscover, changed, imap, smtp } from '../../support/clients/plain-document.ts'

const path = '/autodiscover/autodiscover.xml'
const own = `https://autodiscover.example.com${path}`
const root = `https://example.com${path}`
const plain = `http://autodiscover.example.com${path}`
const headers = { 'content-type': 'text/xml; charset=utf-8' }

type Answers = Record<string, FakeAnswer>

const discover = (answers: Answers, dns?: FakeDns) => thunderbird.discover(address, fakeWorld(answers, dns))
const posts = (url: string, body = autodiscover): Answers => ({ [`POST ${url}`]: { headers, body } })

/** @returns the incoming server of a modified document, or the reason why it was rejected */
async function read(changes: Record<string, string>) {
  const { account, reason } = await discover(posts(own, changed(changes, autodiscover)))
  return account?.incoming ?? reason
}

const [imapElement = '', smtpElement = ''] = autodiscover.match(/<Protocol>.*?<\/Protocol>/gs) ?? []

t.test('prefers the autodiscover host to the root, both to plain http, and that to SRV', async t => {
  const srv = { '_autodiscover._tcp.example.com': [{ priority: 0, weight: 0, port: 8443, target: 'Mail.example.net' }] }
  const urls = [own, root, plain, `https://mail.example.net${path}`]
  for (const [index, url] of urls.entries()) {
    const answers = Object.assign({}, ...urls.slice(index).map(later => posts(later)))
    t.equal((await discover(answers, { srv })).account?.from, url)
  }
})

t.test('reads only the first response', async t => {
  const { account, reason } = await discover({ ...posts(own, '<html/>'), ...posts(root) })
  t.equal(account, undefined)
  t.equal(reason, 'no usable IMAP or POP3')
})

t.test('follows a redirect from http with a GET, and repeats the POST if that fails', async t => {
  const moved = `https://mail.example.net${path}`
  const redirect = { [`POST ${plain}`]: { status: 302, headers: { location: moved } } }
  const got = await discover({ ...redirect, [`GET ${moved}`]: { headers, body: autodiscover } })
  t.same(got.account, { incoming: imap, outgoing: smtp, from: plain })
  const posted = await discover({ ...redirect, [`GET ${moved}`]: { status: 405 }, ...posts(moved) })
  t.equal(posted.account?.from, moved)
  const unanswered = await discover({ ...redirect, ...posts(moved) })
  t.equal(unanswered.reason, 'nothing found')
  t.equal(unanswered.trace.filter(({ asked }) => asked === `POST ${moved}`).length, 0)
})

t.test('sorts SRV records by weight alone, the lowest first', async t => {
  const record = (priority: number, weight: number, target: string) => ({ priority, weight, port: 443, target })
  const srv = { '_autodiscover._tcp.example.com': [record(0, 5, 'a.example'), record(9, 1, 'b.example')] }
  const { trace } = await discover({}, { srv })
  t.equal(trace.at(-1)?.asked, `POST https://b.example${path}`)
})

t.test('contacts no host if the SRV record says that the service is unavailable', async t => {
  const srv = { '_autodiscover._tcp.example.com': [{ priority: 0, weight: 0, port: 0, target: '.' }] }
  const { trace } = await discover({}, { srv })
  t.equal(trace.at(-1)?.asked, 'SRV _autodiscover._tcp.example.com')
})

t.test('requests the address of a redirect, and keeps the typed one as user name', async t => {
  const redirect = '<RedirectAddr>Jane@Example.net</RedirectAddr>'
  const answers = {
    ...posts(own, `<Autodiscover><Response><Account>${redirect}</Account></Response></Autodiscover>`),
    ...posts(`https://example.net${path}`, autodiscover.replaceAll(/<LoginName>.*?<\/LoginName>/g, ''))
  }
  const world = fakeWorld(answers)
  const { account, trace } = await thunderbird.discover(address, world)
  t.same(account, { incoming: imap, outgoing: smtp, from: `https://example.net${path}` })
  t.match(world.requests.at(-1)?.body, '<EMailAddress>jane@example.net</EMailAddress>')
  t.equal(trace.find(({ asked }) => asked === `POST ${own}`)?.result, '200, redirected to jane@example.net')
})

t.test('gives up at the third address, and at an invalid one', async t => {
  const redirect = (to: string) =>
    `<Autodiscover><Response><Account><RedirectAddr>${to}</RedirectAddr></Account></Response></Autodiscover>`
  const reason = async (...targets: string[]) => {
    const hosts = ['example.com', ...targets.map(target => target.replace(/.*@/, ''))]
    const answers = targets.map((target, index) => posts(`https://${hosts[index]}${path}`, redirect(target)))
    return (await discover(Object.assign({}, ...answers))).reason
  }
  t.equal(await reason('a@a.example', 'b@b.example', 'c@c.example'), 'a third RedirectAddr')
  t.equal(await reason('jane'), 'a RedirectAddr that is not an address')
  t.equal(await reason('a@a..example'), 'a RedirectAddr that is not an address')
  t.equal(await reason('false'), 'no usable IMAP or POP3')
})

t.test('uses the first IMAP or POP3 and the first SMTP of the first Account', async t => {
  const pop3 = changed({ '>IMAP<': '>POP3<', '>993<': '>995<' }, imapElement)
  t.match(await read({ [imapElement]: pop3 + imapElement }), { protocol: 'pop3', port: 995 })
  t.match(await read({ [imapElement]: imapElement + pop3 }), { protocol: 'imap' })
  t.equal(await read({ '<Account>': '<Account><Action>x</Action></Account><Account>' }), 'no usable IMAP or POP3')
})

t.test('accepts IMAP without SMTP, and sends through the server of another account', async t => {
  const { account } = await discover(posts(own, changed({ [smtpElement]: '' }, autodiscover)))
  t.match(account, { incoming: imap })
  t.equal(account?.outgoing, undefined)
})

t.test('accepts a Type only in capitals', async t => {
  t.equal(await read({ '>IMAP<': '>Imap<' }), 'no usable IMAP or POP3')
  t.equal(await read({ '>IMAP<': '>IMAP\n<' }), 'no usable IMAP or POP3')
  t.equal(await read({ '>IMAP<': '>POP<' }), 'no usable IMAP or POP3')
})

t.test('chooses between TLS and STARTTLS by port, regardless of Encryption', async t => {
  t.match(await read({ '>SSL<': '>TLS<' }), { security: 'tls' })
  t.match(await read({ '>993<': '>143<' }), { security: 'starttls' })
  t.match(await read({ '>993<': '>4444<', '<Encryption>SSL</Encryption>': '' }), { security: 'tls' })
})

t.test('reads SSL off and Encryption None as no TLS, in any letter case', async t => {
  t.match(await read({ '<SSL>on': '<SSL>Off' }), { security: 'none' })
  t.match(await read({ '>SSL<': '>NONE<' }), { security: 'none' })
})

t.test('skips a Protocol whose SSL, Encryption or SPA is empty, true or a number', async t => {
  for (const changes of [
    { '<SSL>on': '<SSL>true' },
    { '<SSL>on': '<SSL>' },
    { '>SSL<': '>1<' },
    { '<SPA>off': '<SPA>' }
  ]) {
    t.equal(await read(changes), 'no usable IMAP or POP3')
  }
  t.match(await read({ '<SPA>off': '<SPA>on' }), { host: 'imap.example.com' })
})

t.test('skips a Protocol with an invalid Server, without a Port, or with an empty LoginName', async t => {
  t.equal(await read({ '>imap.example.com<': '>imap.münchen.example<' }), 'no usable IMAP or POP3')
  t.equal(await read({ '<Port>993</Port>': '' }), 'no usable IMAP or POP3')
  t.equal(await read({ '<LoginName>jane@example.com': '<LoginName>false' }), 'no usable IMAP or POP3')
  t.equal(await read({ '>993<': '>0<' }), 'a port 0')
  t.equal(await read({ '>465<': '>0<' }), 'a port 0')
})

t.test('converts a LoginName that looks like a number', async t => {
  t.match(await read({ '<LoginName>jane@example.com': '<LoginName>00123' }), { username: '123' })
})

t.test('uses the address if there is no LoginName', async t => {
  t.match(await read({ '<LoginName>jane@example.com</LoginName>': '' }), { username: 'jane@example.com' })
})
