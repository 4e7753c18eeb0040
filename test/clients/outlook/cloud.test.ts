import t from 'tap'
import { outlookCloud } from '../../../src/clients/outlook/cloud.ts'
import { type FakeAnswer, fakeWorld } from '../../support/clients/fake-world.ts'
import { neverThrows } from '../../support/clients/never-throws.ts'
import { address, autodiscover, imap, smtp } from '../../support/clients/plain-document.ts'

const json = (protocol: string) =>
  `https://autodiscover.example.com/autodiscover/autodiscover.json?Email=jane%40example.com&Protocol=${protocol}&RedirectCount=1`
const own = 'https://autodiscover.example.com/autodiscover/autodiscover.xml'
const other = 'https://mail.example.net/autodiscover/autodiscover.xml'

type Answers = Record<string, FakeAnswer>

const discover = (answers: Answers) => outlookCloud.discover(address, fakeWorld(answers))
const answers = (protocol: string, Url: unknown, Protocol: unknown = protocol): Answers => ({
  [`GET ${json(protocol)}`]: { body: JSON.stringify({ Protocol, Url }) }
})
const posts = (url: string): Answers => ({ [`POST ${url}`]: { body: autodiscover } })

t.test('uses both servers of an XML document from Signpost', async t => {
  const { account, trace } = await discover({ ...answers('Autodiscoverv1', own, 'AutodiscoverV1'), ...posts(own) })
  t.same(account, { incoming: imap, outgoing: smtp, from: own })
  t.same(trace, [
    { asked: `GET ${json('ActiveSync')}`, result: 'no answer' },
    { asked: `GET ${json('Autodiscoverv1')}`, result: '200' },
    { asked: `POST ${own}`, result: '200, used' }
  ])
})

t.test('posts to the URL from the JSON, or to its default URL', async t => {
  t.equal((await discover({ ...answers('Autodiscoverv1', other), ...posts(other) })).account?.from, other)
  t.equal((await discover(posts(own))).account?.from, own)
})

t.test('uses ActiveSync wherever it is offered, and ends the search', async t => {
  const { account, trace } = await discover(
    answers('ActiveSync', 'https://eas.example.com/Microsoft-Server-ActiveSync')
  )
  t.same(account, {
    incoming: { protocol: 'activesync', host: 'eas.example.com', port: 443, security: 'tls', username: undefined },
    outgoing: undefined,
    from: 'https://eas.example.com/Microsoft-Server-ActiveSync'
  })
  t.same(trace, [{ asked: `GET ${json('ActiveSync')}`, result: '200, used' }])
  t.match((await discover(answers('ActiveSync', 'https://eas.example.com:8443/x'))).account, {
    incoming: { port: 8443 }
  })
})

t.test('ignores URLs for other protocols, http, and invalid responses', async t => {
  const url = 'https://eas.example.com/'
  for (const answer of [
    answers('ActiveSync', url, 'AutodiscoverV1'),
    answers('ActiveSync', 'http://eas.example.com/'),
    answers('ActiveSync', { toString: 1 }),
    answers('ActiveSync', undefined),
    ...['', 'null', '[]', '"x"', '{"ErrorCode":"InvalidProtocol"}'].map(body => ({
      [`GET ${json('ActiveSync')}`]: { body }
    }))
  ]) {
    const { account, trace } = await discover(answer)
    t.equal(account, undefined)
    t.equal(trace[0]?.result, '200, refused: no https URL for ActiveSync')
  }
})

t.test('reads an error as an unavailable protocol', async t => {
  const body = '{"ErrorCode":"InvalidProtocol","ErrorMessage":"x"}'
  const { account, trace } = await discover({ [`GET ${json('ActiveSync')}`]: { status: 400, body }, ...posts(own) })
  t.equal(account?.from, own)
  t.equal(trace[0]?.result, '400')
})

t.test('follows redirects of the JSON, only to https', async t => {
  const moved = (location: string) => ({ [`GET ${json('ActiveSync')}`]: { status: 302, headers: { location } } })
  const body = JSON.stringify({ Protocol: 'ActiveSync', Url: 'https://eas.example.com/' })
  t.match((await discover({ ...moved('https://a.example/x'), 'GET https://a.example/x': { body } })).account, {
    incoming: { protocol: 'activesync' }
  })
  t.equal((await discover({ ...moved('http://a.example/x'), 'GET http://a.example/x': { body } })).account, undefined)
})

t.test('finds nothing if no server responds', async t => {
  t.match(await discover({}), { account: undefined, reason: 'nothing found' })
})

t.test('never throws', () => neverThrows(outlookCloud))
