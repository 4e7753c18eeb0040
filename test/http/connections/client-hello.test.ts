import fc from 'fast-check'
import t from 'tap'
import { bytesOfHello, protocolsOfHello } from '../../../src/http/connections/client-hello.ts'
import { helloOf, inRecords } from '../../support/http/client-hello.ts'

const lists = [['acme-tls/1'], ['h2', 'http/1.1'], ['acme-tls/1', 'http/1.1'], ['x'.repeat(255)]]

t.test('client hello: the protocols are those that the client offers, in its order', async t => {
  for (const ALPNProtocols of lists) {
    for (const options of [{}, { maxVersion: 'TLSv1.2' }, { servername: '' }] as const) {
      const hello = await helloOf({ ALPNProtocols, ...options })
      t.equal(bytesOfHello(hello), hello.length)
      t.same(protocolsOfHello(hello), ALPNProtocols)
      t.same(protocolsOfHello(Buffer.concat([hello, Buffer.from('more')])), ALPNProtocols, 'followed by others')
    }
  }
  t.same(protocolsOfHello(await helloOf({})), [], 'no ALPN')
})

t.test('client hello: more bytes are needed until the record is complete', async t => {
  const hello = await helloOf({ ALPNProtocols: ['acme-tls/1'] })
  for (let length = 1; length < hello.length; length++) {
    const needed = bytesOfHello(hello.subarray(0, length))
    t.equal(needed, length < 5 ? 5 : hello.length)
    t.same(protocolsOfHello(hello.subarray(0, length)), [])
  }
})

t.test('client hello: other protocols, and records that are too long, need no more bytes', async t => {
  for (const start of ['G', 'GET / HTTP/1.1', '\x15\x03\x01\x00\x02\x02\x28', '\x16\x03\x01\x40\x01']) {
    const bytes = Buffer.from(start, 'latin1')
    t.equal(bytesOfHello(bytes), 0)
    t.same(protocolsOfHello(bytes), [])
  }
  t.equal(bytesOfHello(Buffer.from('\x16\x03\x01\x40\x00', 'latin1')), 5 + 2 ** 14, 'the longest record')
})

t.test('client hello: another message, or one in several records, shows no protocols', async t => {
  const hello = await helloOf({ ALPNProtocols: ['acme-tls/1'] })
  t.same(protocolsOfHello(inRecords(hello, 100)), [])
  const other = Buffer.from(hello)
  other[5] = 2
  t.same(protocolsOfHello(other), [])
})

t.test('client hello: reading it never fails for any bytes', async t => {
  const hello = await helloOf({ ALPNProtocols: ['acme-tls/1', 'h2'] })
  const changes = fc.array(fc.tuple(fc.nat({ max: hello.length - 1 }), fc.integer({ min: 0, max: 255 })), {
    maxLength: 8
  })
  fc.assert(
    fc.property(changes, fc.nat({ max: hello.length }), (changes, length) => {
      const bytes = Buffer.from(hello)
      for (const [at, value] of changes) bytes[at] = value
      const shown = bytes.subarray(0, Math.max(1, length))
      return bytesOfHello(shown) >= 0 && protocolsOfHello(shown).every(name => name.length <= 255)
    })
  )
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 600 }), bytes =>
      Array.isArray(protocolsOfHello(Buffer.from(bytes)))
    )
  )
  t.pass()
})
