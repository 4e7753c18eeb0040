import t from 'tap'
import { framingRefusal } from '../../../src/http/connections/request-framing.ts'

/** A valid HTTP/1.1 request, except for the given properties. */
function refusalOf(request: Partial<Parameters<typeof framingRefusal>[0]>) {
  const headers = { host: 'example.com' }
  return framingRefusal({ httpVersionMajor: 1, httpVersionMinor: 1, headers, rawHeaders: [], url: '/', ...request })
}

t.test('request framing: requests of mail programs and proxies are accepted', async t => {
  for (const host of [
    'example.com',
    'autoconfig.example.com:8080',
    'EXAMPLE.com.',
    'bücher.example',
    'a_b.example',
    '192.0.2.1',
    '[2001:db8::1]:443',
    ''
  ]) {
    t.equal(refusalOf({ headers: { host }, rawHeaders: ['Host', host, 'Cost', 'x', 'accept', '*/*'] }), undefined, host)
  }
  for (const url of [
    undefined,
    '/',
    '*',
    'https://autoconfig.example.com/mail/config-v1.1.xml',
    'ftp://a@b/',
    'a:443'
  ]) {
    t.equal(refusalOf({ url }), undefined, String(url))
  }
  t.equal(refusalOf({ httpVersionMinor: 0, headers: {} }), undefined, 'HTTP/1.0 needs no Host header')
})

t.test('request framing: a request with an ambiguous host, version or length is refused', async t => {
  for (const request of [
    { headers: {} },
    { rawHeaders: ['Host', 'a.example', 'HOST', 'a.example'] },
    { headers: { host: 'jane@example.com' } },
    { url: 'http://jane@example.com/' },
    { url: 'https:///' },
    { httpVersionMinor: 0, headers: { 'transfer-encoding': 'chunked' } },
    { httpVersionMajor: 0, httpVersionMinor: 9 }
  ]) {
    t.equal(refusalOf(request), 400, JSON.stringify(request))
  }
  t.equal(refusalOf({ httpVersionMajor: 2, httpVersionMinor: 0 }), 505)
})
