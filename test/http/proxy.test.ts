import fc from 'fast-check'
import t from 'tap'
import { createProxyTrust } from '../../src/http/proxy.ts'

/** @param forwarded X-Forwarded-Proto */
const passage = (remoteAddress: string | undefined, forwarded: string | string[] = 'http') => ({
  headers: { 'x-forwarded-proto': forwarded },
  socket: { remoteAddress }
})

t.test('proxy: listed addresses and networks of both families are trusted, neighbouring ones are not', async t => {
  const { schemeOf } = createProxyTrust(['192.0.2.7', '10.0.0.0/8', '2001:db8::7', 'fd00::/8', '127.0.0.1/8'])
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

t.test('proxy: only listed proxies are trusted', async t => {
  for (const peer of ['127.0.0.1', '::1', '10.0.0.1']) t.equal(createProxyTrust([]).schemeOf(passage(peer)), undefined)
  t.equal(createProxyTrust(['0.0.0.0/0']).schemeOf(passage('198.51.100.1')), 'http')
  t.equal(createProxyTrust(['::/0']).schemeOf(passage('2001:db8::1')), 'http')
})

t.test(
  'proxy: if the service has https, the scheme is that of the connection unless a trusted proxy states it',
  async t => {
    const { schemeOf } = createProxyTrust(['127.0.0.1'], true)
    for (const [remoteAddress, encrypted, forwarded, scheme] of [
      ['192.0.2.1', false, undefined, 'http'],
      ['192.0.2.1', true, undefined, 'https'],
      ['192.0.2.1', true, 'http', 'https'],
      ['192.0.2.1', false, 'https', 'http'],
      ['127.0.0.1', false, 'https', 'https'],
      ['127.0.0.1', true, 'http', 'http'],
      ['127.0.0.1', false, 'wss', 'http'],
      ['127.0.0.1', true, undefined, 'https']
    ] as const) {
      const headers = forwarded === undefined ? {} : { 'x-forwarded-proto': forwarded }
      t.equal(
        schemeOf({ headers, socket: { remoteAddress, encrypted } }),
        scheme,
        `${remoteAddress} ${encrypted} ${forwarded}`
      )
    }
  }
)

t.test('proxy: the last of several schemes counts, in any letter case', async t => {
  const { schemeOf } = createProxyTrust(['127.0.0.1'])
  for (const [forwarded, scheme] of [
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
    t.equal(
      schemeOf(passage('127.0.0.1', typeof forwarded === 'string' ? forwarded : [...forwarded])),
      scheme,
      `${forwarded}`
    )
  }
  t.equal(schemeOf({ headers: {}, socket: { remoteAddress: '127.0.0.1' } }), undefined)
})

/** @param forwarded X-Forwarded-For */
const through = (remoteAddress: string | undefined, forwarded?: string | string[]) => ({
  headers: { ...(forwarded !== undefined && { 'x-forwarded-for': forwarded }) },
  socket: { remoteAddress }
})

t.test('proxy: the client is the last address that is not a trusted proxy', async t => {
  const { clientOf } = createProxyTrust(['127.0.0.1', '10.0.0.0/8', '2001:db8::/32', 'fe80::/10'])
  for (const [peer, forwarded, client] of [
    ['127.0.0.1', '203.0.113.7', '203.0.113.7'],
    ['::ffff:127.0.0.1', '203.0.113.7', '203.0.113.7'],
    ['fe80::1%eth0', '203.0.113.7', '203.0.113.7'],
    ['2001:db8::5', '2001:470::1', '2001:470::1'],
    // The client's own values come before those that the proxy adds.
    ['127.0.0.1', '192.0.2.1, 203.0.113.7', '203.0.113.7'],
    ['127.0.0.1', '10.0.0.1, 203.0.113.7', '203.0.113.7'],
    ['127.0.0.1', '192.0.2.1,203.0.113.7, 10.0.0.9 , ::ffff:10.0.0.8', '203.0.113.7'],
    ['127.0.0.1', '10.0.0.1, 10.0.0.2', '10.0.0.1'],
    ['127.0.0.1', '203.0.113.7:50312', '203.0.113.7'],
    ['127.0.0.1', '[2001:470::1]:50312', '2001:470::1'],
    ['127.0.0.1', '[2001:470::1]', '2001:470::1'],
    ['127.0.0.1', '[2001:db8::9]:1, 10.0.0.1:2', '2001:db8::9'],
    // A client that the proxy does not report is treated as the proxy.
    ['127.0.0.1', '192.0.2.1, unknown', '127.0.0.1'],
    ['127.0.0.1', '192.0.2.1, unknown, 10.0.0.9', '10.0.0.9'],
    ['127.0.0.1', '203.0.113.7,', '127.0.0.1'],
    ['127.0.0.1', ',203.0.113.7', '203.0.113.7'],
    ['127.0.0.1', ',', '127.0.0.1'],
    ['127.0.0.1', '', '127.0.0.1'],
    ['127.0.0.1', '203.0.113.07', '127.0.0.1'],
    ['127.0.0.1', '"203.0.113.7"', '127.0.0.1'],
    ['127.0.0.1', '[203.0.113.7', '127.0.0.1'],
    ['127.0.0.1', '203.0.113.7:', '127.0.0.1'],
    ['127.0.0.1', 'localhost', '127.0.0.1'],
    ['127.0.0.1', undefined, '127.0.0.1'],
    ['203.0.113.9', '192.0.2.1', '203.0.113.9'],
    ['203.0.113.9', '127.0.0.1', '203.0.113.9'],
    [undefined, '203.0.113.7', '']
  ] as const) {
    t.equal(clientOf(through(peer, forwarded)), client, `${peer} says ${forwarded}`)
  }
  t.equal(clientOf(through('127.0.0.1', ['203.0.113.7'])), '127.0.0.1')
})

t.test('proxy: a client cannot pretend to have another address', async t => {
  const { clientOf, trusts } = createProxyTrust(['127.0.0.1', '10.0.0.0/8'])
  const written = fc.array(
    fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom('unknown', ' ', ',', '10.0.0.1'), fc.string())
  )
  const stranger = fc.oneof(fc.ipV4(), fc.ipV6()).filter(address => !trusts(address))
  const proxies = fc.array(fc.constantFrom('10.0.0.1', '127.0.0.1', ' 10.9.9.9 '), { maxLength: 3 })
  fc.assert(
    fc.property(written, stranger, proxies, (lies, address, hops) => {
      t.equal(clientOf(through('127.0.0.1', [...lies, address, ...hops].join(','))), address)
      t.equal(clientOf(through(address, [...lies, ...hops].join(','))), address)
    })
  )
})

t.test('proxy: only the last hops of a very long header are read', async t => {
  const { clientOf, schemeOf } = createProxyTrust(['10.0.0.0/8'])
  const from = (forwarded: string) =>
    clientOf({ headers: { 'x-forwarded-for': forwarded }, socket: { remoteAddress: '10.0.0.1' } })
  t.equal(from(`203.0.113.7${', 10.0.0.2'.repeat(31)}`), '203.0.113.7')
  t.equal(from(`203.0.113.7${', 10.0.0.2'.repeat(1600)}`), '10.0.0.2')
  t.equal(from(`203.0.113.7${' '.repeat(100)}`), '10.0.0.1')
  t.equal(schemeOf(passage('10.0.0.1', `http,${' '.repeat(100)}https`)), undefined)
})
