import fc from 'fast-check'
import t from 'tap'
import { createLoggedAddress } from '../../../src/http/log/client-address.ts'
import { exampleSettings, serveApp } from '../../support/served-app.ts'

const itself = (address: string) => address

t.test('client address: is omitted by default, or is the network or the whole address', async t => {
  const [none, network, full] = (['none', 'network', 'full'] as const).map(clientAddress =>
    createLoggedAddress({ clientAddress }, itself)
  )
  for (const [address, ofNetwork, whole] of [
    ['192.0.2.7', '192.0.2.0/24', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.0/24', '192.0.2.7'],
    ['::FFFF:c000:0207', '192.0.2.0/24', '192.0.2.7'],
    ['0:0:0:0:0:ffff:192.0.2.7', '192.0.2.0/24', '192.0.2.7'],
    ['2001:DB8:1:2:3:4:5:6', '2001:db8:1::/48', '2001:db8:1:2:3:4:5:6'],
    ['2001:db8:0001::6', '2001:db8:1::/48', '2001:db8:1::6'],
    ['fe80::1%eth0', 'fe80:0:0::/48', 'fe80::1'],
    ['::1', '0:0:0::/48', '::1'],
    ['', undefined, undefined]
  ] as const) {
    for (const settings of [undefined, {}]) t.equal(createLoggedAddress(settings, itself)(address), undefined)
    t.equal(none?.(address), undefined)
    // Why twice: the second result is cached.
    for (let time = 0; time < 2; time++) {
      t.equal(network?.(address), ofNetwork, address)
      t.equal(full?.(address), whole, address)
    }
  }
})

t.test('client address: memory is bounded for any number of addresses, and each result is correct', async t => {
  const full = createLoggedAddress({ clientAddress: 'full' }, itself)
  for (let at = 0; at < 25_000; at++) {
    const address = `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`
    if (full(`::ffff:${address}`) !== address) t.fail(address)
  }
  fc.assert(fc.property(fc.ipV4(), address => full(address) === address))
})

const autoconfig = '/mail/config-v1.1.xml?emailaddress=jane@example.com'
const limited = 'limits: { rate: { requests: 1, allow: [] } }'

t.test('client address: a request that is refused with 429 can be traced', async t => {
  const { app, readLog } = serveApp(t, `log: { clientAddress: full }\n${limited}\n${exampleSettings}`)
  const [answered, refused] = [await ask(), await ask()]
  t.match(answered, { status: 200, outcome: 'answered', clientAddress: '203.0.113.7' })
  t.match(refused, { status: 429, outcome: 'refused', dialect: 'none', clientAddress: '203.0.113.7' })

  async function ask() {
    await app.inject({ url: autoconfig, remoteAddress: '::ffff:203.0.113.7' })
    return JSON.parse(readLog())
  }
})

t.test('client address: a trusted proxy reports it, and the client cannot forge it', async t => {
  const settings = exampleSettings.replace(/http:.*/, 'http: { trustProxy: [127.0.0.1] }')
  const { app, readLog } = serveApp(t, `log: { clientAddress: full }\n${settings}`)
  for (const [remoteAddress, forwarded, logged] of [
    ['127.0.0.1', '192.0.2.1, 203.0.113.7', '203.0.113.7'],
    ['127.0.0.1', '192.0.2.1, ::ffff:203.0.113.7', '203.0.113.7'],
    ['127.0.0.1', '"}\n{', '127.0.0.1'],
    ['203.0.113.9', '192.0.2.1', '203.0.113.9']
  ] as const) {
    await app.inject({ url: autoconfig, remoteAddress, headers: { 'x-forwarded-for': forwarded } })
    const lines = readLog()
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    for (const line of lines) t.equal(line.clientAddress, logged, JSON.stringify(line))
  }
})

t.test('client address: is not computed unless it is logged', async t => {
  const addressOf = createLoggedAddress({}, () => String(t.fail('it was computed')))
  t.equal(addressOf('request'), undefined)
})
