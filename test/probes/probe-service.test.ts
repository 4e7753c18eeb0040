import fc from 'fast-check'
import t from 'tap'
import { type HttpResponse, WorldError } from '../../src/clients/model/world.ts'
import type { ServiceRequest, ServiceToProbe } from '../../src/probes/probe.ts'
import { challenges, probeService } from '../../src/probes/probe-service.ts'
import { matchLists } from '../support/match-lists.ts'

const url = 'https://dav.example.com/'

/** Probes a URL in a world with these responses; other URLs respond with 404. */
async function ask(
  protocol: ServiceToProbe['protocol'],
  answers: Readonly<Record<string, Partial<HttpResponse>>>,
  start = url
) {
  const requests: ServiceRequest[] = []
  let clock = 1000
  const probe = await probeService(
    { protocol, url: start },
    {
      async exchange(request) {
        requests.push(request)
        return { status: 404, headers: {}, body: '', ...answers[request.url] }
      },
      now: () => clock++
    }
  )
  const [request] = requests
  return { ...probe, requests, request }
}

const challenge = { 'www-authenticate': 'Basic realm="Mail, or \\"more\\"", Bearer' }
const multistatus = '<?xml version="1.0"?><d:multistatus xmlns:d="DAV:"><d:response/></d:multistatus>'
const session = {
  capabilities: { 'urn:ietf:params:jmap:core': {}, 'urn:ietf:params:jmap:mail': {} },
  accounts: {},
  primaryAccounts: {},
  username: '',
  apiUrl: '/api',
  downloadUrl: '',
  uploadUrl: '',
  eventSourceUrl: '',
  state: '0'
}

t.test('services: a request for a login is not a fault', async t => {
  for (const protocol of ['caldav', 'carddav', 'webdav', 'jmap', 'activesync'] as const) {
    const probe = await ask(protocol, { [url]: { status: 401, headers: challenge } })
    matchLists(t, probe, {
      status: 401,
      url,
      authentication: ['password', 'oauth2'],
      capabilities: [],
      faults: [],
      ms: 1
    })
    t.same(probe.service, { protocol, url })
  }
})

t.test('services: requests look like those of a mail program', async t => {
  const request = async (protocol: ServiceToProbe['protocol']) => (await ask(protocol, {})).request
  t.match(await request('caldav'), {
    method: 'PROPFIND',
    url,
    headers: { depth: '0' },
    body: /<propfind xmlns="DAV:">/
  })
  t.match(await request('jmap'), { method: 'GET', url, headers: { accept: 'application/json' } })
  t.match(await request('activesync'), { method: 'OPTIONS', url })
})

t.test('dav: a multistatus document without a login is accepted', async t => {
  const probe = await ask('carddav', {
    [url]: { status: 207, headers: { dav: '1, 3,addressbook\u001b' }, body: multistatus }
  })
  matchLists(t, probe, { status: 207, capabilities: ['1', '3', 'addressbook\\u{1b}'], authentication: [], faults: [] })
  const bare = await ask('caldav', { [url]: { status: 207, body: '<multistatus xmlns="DAV:"/>' } })
  matchLists(t, bare, { capabilities: [], faults: [] })
})

t.test('dav: a web page is not accepted as a multistatus document', async t => {
  for (const body of ['', '<html/>', '<multistatus', '<xmultistatus/>']) {
    const { faults } = await ask('webdav', { [url]: { status: 207, body } })
    t.match(faults, [{ rule: 'service.not-dav', remedy: /WebDAV/ }], body)
  }
  const { faults } = await ask('caldav', { [url]: { status: 200, body: '<html/>' } })
  matchLists(t, faults, [
    { rule: 'service.unexpected-status', message: 'The server responds to PROPFIND with 200, not 401 or 207.' }
  ])
})

t.test('jmap: only a session object is accepted', async t => {
  const faultsOf = async (value: unknown) => {
    const body = typeof value === 'string' ? value : JSON.stringify(value)
    return (await ask('jmap', { [url]: { status: 200, body } })).faults.map(({ message }) => message)
  }
  t.same(await faultsOf(session), [])
  matchLists(t, await faultsOf('<html>'), [/no JSON object/])
  matchLists(t, await faultsOf('[1]'), [/no JSON object/])
  matchLists(t, await faultsOf('null'), [/no JSON object/])
  matchLists(t, await faultsOf({ ...session, capabilities: [] }), [/capabilities are missing/])
  matchLists(t, await faultsOf({ ...session, capabilities: { 'urn:ietf:params:jmap:core': {} }, apiUrl: undefined }), [
    /missing: urn:ietf:params:jmap:mail, apiUrl\.$/
  ])
  const { capabilities } = await ask('jmap', { [url]: { status: 200, body: JSON.stringify(session) } })
  t.same(capabilities, ['urn:ietf:params:jmap:core', 'urn:ietf:params:jmap:mail'])
})

t.test('activesync: the versions are reported', async t => {
  const headers = { 'ms-asprotocolversions': '14.0, 16.1' }
  matchLists(t, await ask('activesync', { [url]: { status: 200, headers } }), {
    capabilities: ['14.0', '16.1'],
    faults: []
  })
  matchLists(t, (await ask('activesync', { [url]: { status: 200 } })).faults, [{ rule: 'service.not-activesync' }])
})

t.test('services: unexpected statuses are faults', async t => {
  const rules = async (status: number) => (await ask('jmap', { [url]: { status } })).faults.map(({ rule }) => rule)
  t.same(await rules(404), ['service.not-found'])
  t.same(await rules(410), ['service.not-found'])
  t.same(await rules(403), ['service.forbidden'])
  t.same(await rules(500), ['service.fails'])
  t.same(await rules(503), ['service.fails'])
  t.same(await rules(405), ['service.unexpected-status'])
  t.same(await rules(302), ['service.unexpected-status'], 'a redirect without a target')
  t.same(await rules(401), ['service.no-challenge'])
})

t.test('services: up to five redirects are followed and reported', async t => {
  const to = (location: string) => ({ status: 301, headers: { location } })
  const last = { status: 401, headers: challenge }
  const moved = await ask('caldav', {
    [url]: to('/dav'),
    [`${url}dav`]: to('https://b.example/'),
    'https://b.example/': last
  })
  matchLists(t, moved, { status: 401, url: 'https://b.example/', authentication: ['password', 'oauth2'] })
  matchLists(t, moved.faults, [
    { rule: 'service.redirect', severity: 'info', message: `${url} redirects to ${url}dav.` },
    { rule: 'service.redirect', message: `${url}dav redirects to https://b.example/.` }
  ])
  t.same(
    moved.requests.map(({ method, body }) => [method, body]),
    moved.requests.map(() => ['PROPFIND', moved.request?.body]),
    'with what was asked first'
  )

  const loop = await ask('caldav', { [url]: to(url) })
  t.equal(loop.requests.length, 6)
  t.equal(loop.status, undefined)
  t.match(loop.faults.at(-1), { rule: 'service.redirect-loop', severity: 'error', message: /more than 5/ })
})

t.test('services: a redirect from https to http is an error, and not followed', async t => {
  for (const location of ['http://dav.example.com/', 'javascript:alert(1)', 'https://\u001b[2J/']) {
    const { faults, requests } = await ask('carddav', { [url]: { status: 302, headers: { location } } })
    t.match(faults, [{ rule: 'service.redirect-invalid' }], location)
    t.notMatch(faults[0]?.message, '\u001b')
    t.equal(requests.length, 1)
  }
})

t.test('services: a URL without encryption is reported', async t => {
  const plain = 'http://dav.example.com/'
  const { faults } = await ask('caldav', { [plain]: { status: 401, headers: challenge } }, plain)
  matchLists(t, faults, [{ rule: 'service.no-encryption', severity: 'error' }])
})

t.test('services: a missing response is reported with the text of the network error', async t => {
  const exchange = (error: Error) => () => Promise.reject(error)
  const service = { protocol: 'jmap', url } as const
  const probe = await probeService(service, { exchange: exchange(new WorldError('connection refused')), now: Date.now })
  matchLists(t, probe, { status: undefined, url, capabilities: [], authentication: [] })
  matchLists(t, probe.faults, [
    { rule: 'service.no-answer', message: 'The server does not answer: connection refused.' }
  ])
  await t.rejects(probeService(service, { exchange: exchange(new TypeError('ours')), now: Date.now }), {
    message: 'ours'
  })
})

t.test('challenges: schemes are recognized among their parameters', async t => {
  t.same(challenges('Basic realm="x"'), ['password'])
  t.same(challenges('basic'), ['password'])
  t.same(challenges('Negotiate, NTLM'), ['gssapi', 'ntlm'])
  t.same(challenges('Negotiate YIIJ==, Basic realm="a, Bearer b"'), ['gssapi', 'password'])
  t.same(challenges('Digest realm = "x", qop="auth", nonce=abc, Basic realm=y'), ['encrypted-password', 'password'])
  t.same(challenges('Bearer a="\\", Basic "'), ['oauth2'])
  t.same(challenges('Basic realm="a, Bearer '), ['password'])
  t.same(challenges('Basic realm="a, Bearer \\'), ['password'])
  t.same(challenges('toString, constructor, Mutual'), [])
  t.same(challenges(''), [])
})

t.test('challenges: returns every scheme once with any parameters', async () => {
  const known = {
    Basic: 'password',
    Digest: 'encrypted-password',
    Bearer: 'oauth2',
    Negotiate: 'gssapi',
    NTLM: 'ntlm'
  } as const
  const anyValue = fc.string({ maxLength: 10 }).map(text => `"${text.replace(/["\\]/g, '\\$&')}"`)
  const anyParameters = fc.array(fc.tuple(fc.constantFrom('realm', 'basic', 'charset'), anyValue), { maxLength: 3 })
  const anyScheme = fc.constantFrom(...(Object.keys(known) as (keyof typeof known)[]))
  fc.assert(
    fc.property(fc.array(fc.tuple(anyScheme, anyParameters)), written => {
      const header = written
        .map(([scheme, all]) => `${scheme} ${all.map(pair => pair.join('=')).join(', ')}`)
        .join(', ')
      const expected = [...new Set(written.map(([scheme]) => known[scheme]))]
      return JSON.stringify(challenges(header)) === JSON.stringify(expected)
    })
  )
})
