import { EventEmitter } from 'node:events'
import t from 'tap'
import { createConnectionGate } from '../../../src/http/connections/connection-gate.ts'
import { createClientKeys } from '../../../src/http/limits/client-keys.ts'
import { toLimits } from '../../../src/settings/limits.ts'
import { fixed } from '../../support/fixed.ts'

class Peer extends EventEmitter {
  remoteAddress: string
  constructor(remoteAddress: string) {
    super()
    this.remoteAddress = remoteAddress
  }
}

/** @returns a gate, and a function that opens connections from an address until it is refused */
function open(settings: Parameters<typeof toLimits>[0], connectionCounts = { open: 0, refused: 0 }) {
  const limits = toLimits(settings)
  const gate = createConnectionGate(fixed(limits), createClientKeys(fixed(limits), { trusts: () => false }), {
    connectionCounts
  })
  const admitted: Peer[] = []
  return {
    gate,
    admitted,
    fill(address: string, most = 10_000): number {
      for (let at = 0; at < most; at++) {
        const peer = new Peer(address)
        if (!gate.admit(peer)) return at
        admitted.push(peer)
      }
      return most
    }
  }
}

t.test(
  'connection gate: a client has at most connectionsPerAddress connections, and others are not affected',
  async t => {
    const { fill } = open({ connectionsPerAddress: 10 })
    t.equal(fill('203.0.113.7'), 10)
    t.equal(fill('203.0.113.7'), 0)
    t.equal(fill('::ffff:203.0.113.7'), 0)
    t.equal(fill('198.51.100.7'), 10)
    t.equal(fill('10.0.0.1', 1000), 1000, 'private addresses have no limit')
  }
)

t.test('connection gate: networks of many clients are limited, too', async t => {
  const { fill } = open({ connectionsPerAddress: 10 })
  const sum = (addresses: string[]) => addresses.map(address => fill(address)).reduce((all, each) => all + each)
  const numbers = Array.from({ length: 30 }, (_, at) => at)
  t.equal(sum(numbers.map(at => `2001:db8:0:${(0x100 + at).toString(16)}::1`)), 20, 'a /56 has twice as many')
  t.equal(
    sum(numbers.map(at => `2001:db8:0:${(0x200 + 0x100 * at).toString(16)}::1`)),
    20,
    'a /48 has four times as many'
  )
  t.equal(fill('2001:db8:1::1'), 10)
  t.equal(sum(numbers.map(at => `203.0.113.${at}`)), 20, 'a /24 of IPv4 has twice as many')
})

t.test('connection gate: a /56 cannot take all connections of the default settings', async t => {
  const { fill, gate } = open({})
  for (let at = 0; at < 256; at++) fill(`2001:db8:0:${at.toString(16)}::1`)
  t.equal(gate.open, 500)
  t.equal(fill('2001:db8:1::1'), 250)
})

t.test('connection gate: even if many clients use their full share, the next client can connect', async t => {
  const { fill, gate } = open({ connections: 1000 })
  for (let at = 0; at < 120; at++) fill(`198.51.${at}.1`)
  t.ok(gate.open > 900, `${gate.open}`)
  t.equal(fill('203.0.113.7'), 2)
})

t.test('connection gate: beyond limits.connections even addresses without a limit are refused', async t => {
  for (const connectionsPerAddress of [0, 250]) {
    const { fill, gate } = open({ connections: 20, connectionsPerAddress })
    t.equal(fill('127.0.0.1'), 20)
    t.equal(fill('203.0.113.7'), 0)
    t.equal(gate.open, 20)
  }
})

t.test('connection gate: with connectionsPerAddress 0, one client can have all connections', async t => {
  t.equal(open({ connections: 20, connectionsPerAddress: 0 }).fill('203.0.113.7'), 20)
})

t.test('connection gate: a connection counts until it is closed, and only once', async t => {
  const { fill, gate, admitted } = open({ connectionsPerAddress: 2 })
  t.equal(fill('203.0.113.7'), 2)
  for (const peer of admitted.splice(0)) {
    peer.emit('close')
    peer.emit('close')
  }
  t.equal(gate.open, 0)
  t.equal(fill('203.0.113.7'), 2)
})

t.test('connection gate: open and refused connections are counted', async t => {
  const connectionCounts = { open: 0, refused: 0 }
  const { fill, gate, admitted } = open({ connectionsPerAddress: 2 }, connectionCounts)
  fill('203.0.113.7', 5)
  fill('203.0.113.7', 5)
  t.same(connectionCounts, { open: 2, refused: 2 })
  gate.countDropped()
  admitted[0]?.emit('close')
  t.same(connectionCounts, { open: 1, refused: 3 })
})

t.test('connection gate: a connection of a proxy counts for its client, too, until it is closed', async t => {
  const connectionCounts = { open: 0, refused: 0 }
  const { gate } = open({ connectionsPerAddress: 2 }, connectionCounts)
  const openFrom = (address: string) => {
    const proxy = new Peer('10.0.0.1')
    t.equal(gate.admit(proxy), true)
    const isAdmitted = gate.attribute(Object.assign(proxy, { remoteAddress: address }))
    if (!isAdmitted) proxy.emit('close')
    return isAdmitted ? proxy : undefined
  }
  const peers = [openFrom('203.0.113.7'), openFrom('203.0.113.7')]
  t.equal(openFrom('203.0.113.7'), undefined)
  t.same(connectionCounts, { open: 2, refused: 1 })
  for (const peer of peers) peer?.emit('close')
  t.equal(gate.open, 0)
  t.ok(openFrom('203.0.113.7'))
  t.ok(openFrom('203.0.113.7'))
  t.equal(openFrom('203.0.113.7'), undefined)
})
