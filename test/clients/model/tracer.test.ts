import t from 'tap'
import { createTracer } from '../../../src/clients/model/tracer.ts'
import { fakeWorld } from '../../support/clients/fake-world.ts'

const get = { method: 'GET', url: 'https://example.com/', headers: {} } as const

t.test('records requests and lookups with their results', async t => {
  const mx = { 'example.com': [{ priority: 1, exchange: 'mx.example.com' }] }
  const { exchange, dns, note, trace } = createTracer(
    fakeWorld({ 'GET https://example.com/': { status: 404 } }, { mx })
  )
  t.match(await exchange(get), { status: 404 })
  t.equal(await exchange({ ...get, method: 'HEAD' }), undefined)
  note('ignored')
  t.same(await dns.mx('example.com'), mx['example.com'])
  await dns.srv('_imaps._tcp.example.com')
  await dns.txt('example.com')
  t.same(trace, [
    { asked: 'GET https://example.com/', result: '404' },
    { asked: 'HEAD https://example.com/', result: 'no answer, ignored' },
    { asked: 'MX example.com', result: '1 record' },
    { asked: 'SRV _imaps._tcp.example.com', result: '0 records' },
    { asked: 'TXT example.com', result: '0 records' }
  ])
})

t.test('ignores a note before the first step', async t => {
  const { note, trace } = createTracer(fakeWorld({}))
  note('used')
  t.same(trace, [])
})

t.test('throws unexpected errors of the world', async t => {
  const world = fakeWorld({})
  const { exchange } = createTracer({ ...world, exchange: () => Promise.reject(new TypeError('undefined')) })
  await t.rejects(exchange(get), TypeError)
})

t.test('follows allowed redirects, and repeats a POST unchanged', async t => {
  const post = { ...get, method: 'POST', body: 'x' } as const
  const answers = {
    'POST https://example.com/': { status: 302, headers: { location: '/a' } },
    'POST https://example.com/a': { status: 302, headers: { location: 'https://example.net/' } },
    'POST https://example.net/': { body: 'y' }
  }
  const follow = createTracer(fakeWorld(answers)).follow
  t.match(await follow(post, { most: 2 }), { response: { body: 'y' }, url: 'https://example.net/' })
  t.same(await follow(post, { most: 1 }), { response: undefined, url: 'https://example.com/a' })
  const locations: string[] = []
  const mayFollow = ({ location }: { readonly location: string }) => locations.push(location) < 2
  t.same(await follow(post, { most: 2, mayFollow }), { response: undefined, url: 'https://example.com/a' })
  t.same(locations, ['/a', 'https://example.net/'])
})

t.test('a redirect without a target is the response, and a redirect to an invalid URL has no response', async t => {
  const answers = { 'GET https://example.com/': { status: 301 } }
  t.match(await createTracer(fakeWorld(answers)).follow(get, { most: 1 }), { response: { status: 301 } })
  const broken = { 'GET https://example.com/': { status: 301, headers: { location: 'http://' } } }
  t.match(await createTracer(fakeWorld(broken)).follow(get, { most: 1 }), { response: undefined })
})

t.test('a request for something that is not a URL has no response', async t => {
  const url = 'https://a b/autodiscover/autodiscover.xml'
  const world = fakeWorld({ [`GET ${url}`]: { status: 302, headers: { location: 'https://example.com/' } } })
  const { follow, trace } = createTracer(world)
  t.same(await follow({ ...get, url }, { most: 1 }), { response: undefined, url })
  t.same(trace, [{ asked: `GET ${url}`, result: 'not a URL' }])
  t.same(world.requests, [])
})
