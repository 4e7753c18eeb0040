import t from 'tap'
import { createGuard, type Guarded, isLoopback } from '../../../src/console/access/guard.ts'
import { createPasswordCheck } from '../../../src/console/access/password.ts'
import { createProxyTrust } from '../../../src/http/proxy.ts'

const proxy = createProxyTrust(['192.0.2.7', '127.0.0.1'])
const basic = (password: string) => `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`
const open = createGuard({ password: undefined, hosts: [], proxy })
const protectedGuard = () =>
  createGuard({ password: createPasswordCheck(() => 'secret'), hosts: ['console.example.net'], proxy })

/** A request from this machine. */
function from(remoteAddress: string | undefined, headers: Guarded['headers'], localAddress = '127.0.0.1'): Guarded {
  const socket = { remoteAddress, localAddress }
  return { headers: { host: 'localhost:9090', ...headers }, httpVersion: '1.1', socket }
}

const codeOf = (guard: ReturnType<typeof createGuard>, request: Guarded) => guard(request)?.code ?? 'served'

t.test('console: without a password, only requests from this machine and without a proxy are served', async t => {
  for (const [address, local] of [
    ['127.0.0.1', '127.0.0.1'],
    ['::ffff:127.0.0.9', '::ffff:127.0.0.1'],
    ['::1', '::1']
  ] as const) {
    t.equal(codeOf(open, from(address, {}, local)), 'served', address)
  }
  for (const [address, local] of [
    ['192.0.2.1', '192.0.2.2'],
    ['127.0.0.1', '192.0.2.2'],
    ['::ffff:192.0.2.1', '::1'],
    [undefined, '127.0.0.1'],
    ['127.example', '127.0.0.1']
  ] as const) {
    t.equal(codeOf(open, from(address, {}, local)), 'AC_CONSOLE_CLOSED', String(address))
  }
  t.equal(codeOf(open, { ...from('127.0.0.1', {}), socket: {} as Guarded['socket'] }), 'AC_CONSOLE_CLOSED')
  t.equal(codeOf(open, { ...from('127.0.0.1', {}), httpVersion: '1.0' }), 'AC_CONSOLE_CLOSED', 'nginx')
  for (const name of [
    ...['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-forwarded-port'],
    ...['x-real-ip', 'x-client-ip', 'true-client-ip', 'cf-connecting-ip']
  ]) {
    t.equal(codeOf(open, from('127.0.0.1', { [name]: '192.0.2.1' })), 'AC_CONSOLE_CLOSED', name)
  }
})

t.test('console: with a password, other machines are served only over TLS', async t => {
  const guard = protectedGuard()
  const authorization = basic('secret')
  const overTls = { authorization, 'x-forwarded-proto': 'https', 'x-forwarded-for': '198.51.100.1' }
  t.equal(codeOf(guard, from('192.0.2.7', overTls, '192.0.2.2')), 'served')
  t.equal(codeOf(guard, from('127.0.0.1', overTls)), 'served')
  t.equal(codeOf(guard, from('127.0.0.1', { authorization })), 'served')
  t.equal(codeOf(guard, from('192.0.2.7', { authorization }, '192.0.2.2')), 'AC_CONSOLE_INSECURE')
  t.equal(codeOf(guard, from('192.0.2.7', { ...overTls, 'x-forwarded-proto': 'http' })), 'AC_CONSOLE_INSECURE')
  t.equal(codeOf(guard, from('192.0.2.8', overTls, '192.0.2.2')), 'AC_CONSOLE_INSECURE', 'not a trusted proxy')
  t.equal(codeOf(guard, from('127.0.0.1', { authorization, 'x-forwarded-for': '192.0.2.1' })), 'AC_CONSOLE_INSECURE')
})

t.test('console: foreign host names are refused, which prevents DNS rebinding by websites', async t => {
  for (const host of ['localhost', 'LOCALHOST:9090', '127.0.0.1:9090', '[::1]:9090', '192.0.2.2']) {
    t.equal(codeOf(open, from('127.0.0.1', { host })), 'served', host)
  }
  for (const host of [
    'evil.example:9090',
    'localhost.evil.example',
    '',
    '127.0.0.1.evil.example',
    'console.example.net',
    '[::1',
    undefined
  ]) {
    t.equal(codeOf(open, from('127.0.0.1', { host })), 'AC_FOREIGN_HOST', String(host))
  }
  const authorization = basic('secret')
  t.equal(codeOf(protectedGuard(), from('127.0.0.1', { authorization, host: 'Console.Example.net:8443' })), 'served')
  t.equal(codeOf(protectedGuard(), from('127.0.0.1', { authorization, host: 'evil.example' })), 'AC_FOREIGN_HOST')
})

t.test('console: other websites cannot embed or fetch pages, but may link to them', async t => {
  const sites = (site: string, mode = 'no-cors', dest = 'image') => ({
    'sec-fetch-site': site,
    'sec-fetch-mode': mode,
    'sec-fetch-dest': dest
  })
  t.equal(codeOf(open, from('127.0.0.1', sites('cross-site'))), 'AC_CROSS_ORIGIN')
  t.equal(codeOf(open, from('127.0.0.1', sites('same-site', 'cors', 'empty'))), 'AC_CROSS_ORIGIN')
  t.equal(codeOf(open, from('127.0.0.1', sites('cross-site', 'navigate', 'iframe'))), 'AC_CROSS_ORIGIN')
  t.equal(codeOf(open, from('127.0.0.1', sites('cross-site', 'navigate', 'document'))), 'served')
  t.equal(codeOf(open, from('127.0.0.1', sites('same-origin', 'cors', 'empty'))), 'served')
  t.equal(codeOf(open, from('127.0.0.1', sites('none', 'navigate', 'document'))), 'served')
})

t.test('console: a wrong password gets 401 with a realm, and too many get 429', async t => {
  const guard = protectedGuard()
  const refused = guard(from('127.0.0.1', {}))
  t.match(refused, { status: 401, code: 'AC_PASSWORD_NEEDED', headers: { 'www-authenticate': /^Basic realm=/ } })
  for (let count = 0; count < 5; count++) {
    t.equal(codeOf(guard, from('127.0.0.1', { authorization: basic('wrong') })), 'AC_PASSWORD_NEEDED')
  }
  t.match(guard(from('127.0.0.1', { authorization: basic('secret') })), {
    status: 429,
    code: 'AC_TOO_MANY_PASSWORDS',
    headers: { 'retry-after': '60' }
  })
})

t.test('isLoopback: only addresses of this machine', async t => {
  for (const address of ['127.0.0.1', '127.255.0.1', '::1', '::FFFF:127.0.0.1']) t.ok(isLoopback(address), address)
  for (const address of ['', '128.0.0.1', '::', '::2', '127.0.0.1.example', '::ffff:10.0.0.1'])
    t.notOk(isLoopback(address), address)
})
