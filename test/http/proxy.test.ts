import t from 'tap'
import { createProxyTrust } from '../../src/http/proxy.ts'

/** @param said X-Forwarded-Proto */
const passage = (remoteAddress: string | undefined, said: string | string[] = 'http') => ({
  headers: { 'x-forwarded-proto': said },
  socket: { remoteAddress }
})

t.test('proxy: addresses and networks of both families are trusted, their neighbours not', async t => {
  const schemeOf = createProxyTrust(['192.0.2.7', '10.0.0.0/8', '2001:db8::7', 'fd00::/8', '127.0.0.1/8'])
  for (const peer of [
    '192.0.2.7',
    '10.255.0.1',
    '::ffff:10.1.2.3',
    '127.9.9.9',
    '2001:db8::7',
    '2001:db8:0:0::7',
    'fd12::1'
  ]) {
    t.equal(schemeOf(passage(peer)), 'http', peer)
  }
  for (const peer of [
    '192.0.2.8',
    '11.0.0.1',
    '::ffff:192.0.2.8',
    '2001:db8::8',
    'fe80::1',
    '::1',
    '',
    'proxy',
    undefined
  ]) {
    t.equal(schemeOf(passage(peer)), undefined, peer ?? 'a connection that is closed')
  }
})

t.test('proxy: nobody is trusted unless he is named', async t => {
  for (const peer of ['127.0.0.1', '::1', '10.0.0.1']) t.equal(createProxyTrust([])(passage(peer)), undefined)
  t.equal(createProxyTrust(['0.0.0.0/0'])(passage('198.51.100.1')), 'http')
  t.equal(createProxyTrust(['::/0'])(passage('2001:db8::1')), 'http')
})

t.test('proxy: the last of several schemes counts, in any letter case', async t => {
  const schemeOf = createProxyTrust(['127.0.0.1'])
  for (const [said, scheme] of [
    ['https', 'https'],
    ['HTTPS', 'https'],
    ['http,https', 'https'],
    ['https , HTTP ', 'http'],
    [',http', 'http'],
    ['http,', undefined],
    ['', undefined],
    ['wss', undefined],
    ['https\u0000', undefined],
    [['http', 'https'], undefined]
  ] as const) {
    t.equal(schemeOf(passage('127.0.0.1', typeof said === 'string' ? said : [...said])), scheme, `${said}`)
  }
  t.equal(schemeOf({ headers: {}, socket: { remoteAddress: '127.0.0.1' } }), undefined)
})
