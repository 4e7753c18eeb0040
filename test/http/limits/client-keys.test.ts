import fc from 'fast-check'
import t from 'tap'
import { createClientKeys, networkShare } from '../../../src/http/limits/client-keys.ts'
import { privateNetworks, toLimits } from '../../../src/settings/limits.ts'
import { fixed } from '../../support/fixed.ts'

const trustsNone = { trusts: () => false }
const strictKeys = createClientKeys(fixed(toLimits({ rate: { allow: [] } })), trustsNone)
const strict = (address: string) => strictKeys(address)?.[0]

t.test('client keys: a client is an IPv4 address or an IPv6 /64', async t => {
  t.equal(strict('203.0.113.7'), '203.0.113.7')
  t.equal(strict('::ffff:203.0.113.7'), '203.0.113.7')
  t.equal(strict('::ffff:cb00:7107'), '203.0.113.7')
  t.equal(strict('2001:db8:1:2::7'), strict('2001:DB8:1:2:ffff:ffff:ffff:ffff'))
  t.not(strict('2001:db8:1:2::7'), strict('2001:db8:1:3::7'))
  t.equal(strict('fe80::1%eth0'), strict('fe80::2'))
  const group = fc.integer({ min: 0, max: 0xffff }).map(number => number.toString(16))
  const four = fc.array(group, { minLength: 4, maxLength: 4 })
  fc.assert(
    fc.property(four, four, four, (network, one, other) => {
      fc.pre(network.some(part => part !== '0'))
      t.equal(strict([...network, ...one].join(':')), strict([...network, ...other].join(':')))
    })
  )
})

t.test('client keys: a client also counts for its networks', async t => {
  t.same(strictKeys('203.0.113.7'), ['203.0.113.7', '203.0.113.0/24'])
  t.same(strictKeys('::ffff:203.0.113.7'), ['203.0.113.7', '203.0.113.0/24'])
  t.same(strictKeys('2001:db8:1:2345::7'), ['2001:db8:1:2345::', '2001:db8:1:2300::/56', '2001:db8:1::/48'])
  t.equal(new Set(strictKeys('2001:db8:1::7')).size, 3, 'networks of different sizes have different names')
  t.same([0, 1, 2].map(networkShare), [1, 2, 4])
})

t.test('client keys: private networks and the networks in the table are not limited', async t => {
  const keyOf = createClientKeys(fixed(toLimits()), trustsNone)
  for (const free of [
    '127.0.0.1',
    '::ffff:127.0.0.1',
    '::1',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '100.64.0.1',
    'fd00::1',
    'fe80::1%eth0'
  ]) {
    t.equal(keyOf(free), undefined, free)
    t.ok(strict(free), free)
  }
  for (const limited of ['172.32.0.1', '11.0.0.1', '203.0.113.7', '2001:db8::1']) t.ok(keyOf(limited), limited)
  const named = createClientKeys(fixed(toLimits({ rate: { allow: ['203.0.113.0/24', '2001:db8::/32'] } })), trustsNone)
  t.equal(named('203.0.113.7'), undefined)
  t.equal(named('2001:db8::7'), undefined)
  t.ok(named('127.0.0.1'))
  t.ok(privateNetworks.includes('127.0.0.0/8'))
})

t.test('client keys: trusted proxies and unknown clients are not limited', async t => {
  const keyOf = createClientKeys(fixed(toLimits({ rate: { allow: [] } })), {
    trusts: address => address === '203.0.113.9'
  })
  t.equal(keyOf('203.0.113.9'), undefined)
  t.equal(keyOf('203.0.113.9'), undefined)
  t.equal(keyOf('203.0.113.8')?.[0], '203.0.113.8')
  for (const unknown of ['', undefined]) t.equal(keyOf(unknown), undefined)
})

t.test('client keys: are correct for any number of addresses', async t => {
  const keyOf = createClientKeys(fixed(toLimits()), trustsNone)
  for (let at = 0; at < 25_000; at++) {
    const address = `198.${18 + (at >> 16)}.${(at >> 8) & 255}.${at & 255}`
    if (keyOf(address)?.[0] !== address) t.fail(address)
  }
  t.equal(keyOf('198.18.0.0')?.[0], '198.18.0.0')
})
