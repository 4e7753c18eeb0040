import { isIPv4, isIPv6 } from 'node:net'
import fc from 'fast-check'
import t from 'tap'
import { mostHeaderStart, readProxyHeader } from '../../../src/http/connections/proxy-header.ts'
import { canonicalIPv6 } from '../../../src/http/limits/client-keys.ts'
import { addresses4, addresses6, binaryHeader, line4, tlv } from '../../support/http/proxy-headers.ts'

const read = (start: string | Buffer) => readProxyHeader(Buffer.from(start).subarray(0, mostHeaderStart))

const octet = fc.integer({ min: 0, max: 255 })
const address4 = fc.tuple(octet, octet, octet, octet).map(octets => octets.join('.'))
const groups = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 })
const port = fc.integer({ min: 0, max: 65_535 })
const request = 'GET / HTTP/1.1\r\nHost: example.com\r\n\r\n'

t.test('proxy header: a line of version 1 states the address of the client', async t => {
  const line = 'PROXY TCP4 203.0.113.7 192.0.2.1 54321 443\r\n'
  t.same(read(line), { length: line.length, source: '203.0.113.7' })
  t.same(read(line + request), { length: line.length, source: '203.0.113.7' })
  const line6 = 'PROXY TCP6 2001:db8::7 2001:DB8:0:0:0:0:0:1 0 65535\r\n'
  t.same(read(line6), { length: line6.length, source: '2001:db8::7' })
  const longest = `PROXY TCP6 ${'ffff:'.repeat(7)}ffff ${'ffff:'.repeat(7)}ffff 65535 65535\r\n`
  t.equal(longest.length, 104)
  t.match(read(longest), { source: `${'ffff:'.repeat(7)}ffff` })
})

t.test('proxy header: a line with UNKNOWN keeps the address of the peer and ignores the rest', async t => {
  for (const rest of ['', ' ', ' a b c d e f', ` ${'ffff:'.repeat(7)}ffff ${'ffff:'.repeat(7)}ffff 65535 65535`]) {
    const line = `PROXY UNKNOWN${rest}\r\n`
    t.same(read(line + request), { length: line.length, source: undefined }, line)
  }
})

t.test('proxy header: a line that does not follow the specification is invalid', async t => {
  for (const line of [
    'PROXY TCP4 203.0.113.7 192.0.2.1 54321 443\n',
    'PROXY TCP4 203.0.113.7 192.0.2.1 54321 443\r\r\n',
    'PROXY TCP4 203.0.113.7 192.0.2.1 54321 443\rGET',
    'PROXY TCP4 203.0.113.7 192.0.2.1 54321 443 \r\n',
    'PROXY TCP4 203.0.113.7 192.0.2.1 54321 443 5\r\n',
    'PROXY TCP4 203.0.113.7 192.0.2.1 54321\r\n',
    'PROXY TCP4  203.0.113.7 192.0.2.1 54321 443\r\n',
    'PROXY  TCP4 203.0.113.7 192.0.2.1 54321 443\r\n',
    'PROXY TCP4 203.0.113.07 192.0.2.1 54321 443\r\n',
    'PROXY TCP4 203.0.113.256 192.0.2.1 54321 443\r\n',
    'PROXY TCP4 203.0.113 192.0.2.1 54321 443\r\n',
    'PROXY TCP4 203.0.113.7 2001:db8::1 54321 443\r\n',
    'PROXY TCP4 2001:db8::7 2001:db8::1 54321 443\r\n',
    'PROXY TCP6 203.0.113.7 192.0.2.1 54321 443\r\n',
    'PROXY TCP6 fe80::7%eth0 fe80::1 54321 443\r\n',
    'PROXY TCP6 2001:db8:::7 2001:db8::1 54321 443\r\n',
    'PROXY TCP4 mail.example.com 192.0.2.1 54321 443\r\n',
    'PROXY TCP4 203.0.113.7 192.0.2.1 65536 443\r\n',
    'PROXY TCP4 203.0.113.7 192.0.2.1 54321 0443\r\n',
    'PROXY TCP4 203.0.113.7 192.0.2.1 -1 443\r\n',
    'PROXY TCP4 203.0.113.7 192.0.2.1 1e3 443\r\n',
    'PROXY TCP4 203.0.113.7 192.0.2.1 4.5 443\r\n',
    'PROXY TCP4\r\n',
    'PROXY \r\n',
    'PROXY UDP4 203.0.113.7 192.0.2.1 54321 443\r\n',
    'PROXY UNKNOWN4 203.0.113.7 192.0.2.1 54321 443\r\n',
    'PROXY unknown\r\n'
  ]) {
    t.equal(read(line), 'invalid', line)
  }
})

t.test('proxy header: a line has at most 107 bytes', async t => {
  const line = (length: number) => `PROXY UNKNOWN${' '.repeat(length - 15)}\r\n`
  t.same(read(line(107) + request), { length: 107, source: undefined })
  t.equal(read(line(108) + request), 'invalid')
  t.equal(read(line(2000)), 'invalid')
  t.equal(read('PROXY '.padEnd(106, 'a')), 'incomplete')
  t.equal(read('PROXY '.padEnd(107, 'a')), 'invalid')
})

t.test('proxy header: version 2 states the address of the client', async t => {
  const four = binaryHeader({ family: 0x11, block: addresses4('203.0.113.7') })
  t.same(read(four), { length: 28, source: '203.0.113.7' })
  t.same(read(Buffer.concat([four, Buffer.from(request)])), { length: 28, source: '203.0.113.7' })
  const six = binaryHeader({ family: 0x21, block: addresses6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 7]) })
  t.same(read(six), { length: 52, source: '2001:db8::7' })
  const mapped = binaryHeader({ family: 0x21, block: addresses6([0, 0, 0, 0, 0, 0xffff, 0xcb00, 0x7107]) })
  t.same(read(mapped), { length: 52, source: '::ffff:cb00:7107' })
  for (const [family, block, source] of [
    [0x12, addresses4('203.0.113.7'), '203.0.113.7'],
    [0x22, addresses6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 7]), '2001:db8::7']
  ] as const) {
    t.match(read(binaryHeader({ family, block })), { source }, 'a client that uses QUIC')
  }
})

t.test('proxy header: TLVs are skipped, up to the longest header', async t => {
  const tlvs = [tlv(0x02, 11), tlv(0x03, 4), tlv(0x04, 0), tlv(0x20, 60), tlv(0xea, 65_433)]
  const block = Buffer.concat([addresses4('203.0.113.7'), ...tlvs])
  t.same(read(binaryHeader({ family: 0x11, block })), { length: 16 + 65_535, source: '203.0.113.7' })
})

t.test('proxy header: a connection that the proxy makes itself keeps the address of the peer', async t => {
  for (const family of [0x00, 0x11, 0x21, 0x31, 0xff]) {
    const block = addresses4('203.0.113.7')
    t.same(read(binaryHeader({ command: 0x20, family, block })), { length: 28, source: undefined })
    t.same(read(binaryHeader({ command: 0x20, family })), { length: 16, source: undefined })
  }
})

t.test('proxy header: a client without an internet address keeps the address of the peer', async t => {
  t.same(read(binaryHeader({ family: 0x00 })), { length: 16, source: undefined })
  for (const family of [0x31, 0x32]) {
    t.same(read(binaryHeader({ family, block: Buffer.alloc(216, 0x2f) })), { length: 232, source: undefined })
  }
  for (const family of [0x01, 0x02, 0x10, 0x20, 0x30]) {
    const block = Buffer.alloc(216, 1)
    t.same(read(binaryHeader({ family, block })), { length: 232, source: undefined }, 'unspecified family or protocol')
  }
})

t.test('proxy header: version 2 with anything that is not specified is invalid', async t => {
  const block = addresses4('203.0.113.7')
  for (const header of [
    { command: 0x11, family: 0x11, block },
    { command: 0x31, family: 0x11, block },
    { command: 0x01, family: 0x11, block },
    { command: 0x22, family: 0x11, block },
    { command: 0x2f, family: 0x11, block },
    { family: 0x13, block },
    { family: 0x1f, block },
    { family: 0x41, block: Buffer.alloc(300) },
    { family: 0xf1, block: Buffer.alloc(300) },
    { family: 0x11, block: block.subarray(1) },
    { family: 0x11, block, length: 0 },
    { family: 0x21, block },
    { family: 0x31, block: Buffer.alloc(215) }
  ]) {
    t.equal(read(binaryHeader(header)), 'invalid', JSON.stringify(header))
  }
})

t.test('proxy header: a connection that begins with other data has no header', async t => {
  for (const start of [
    request,
    'P0',
    'PROXYTCP4 203.0.113.7',
    'proxy TCP4 203.0.113.7 192.0.2.1 54321 443\r\n',
    ' PROXY UNKNOWN\r\n',
    '\r\n',
    '\r\nGET',
    '\r\n\r\n\0\r\nQUIT\r',
    Buffer.from('1603010200010001fc0303', 'hex')
  ]) {
    t.equal(read(start), start === '\r\n' ? 'incomplete' : 'missing', JSON.stringify(start))
  }
  t.equal(read(''), 'incomplete')
})

t.test('proxy header: the result is the same for all ways of splitting it', async t => {
  const headers = [
    line4('203.0.113.7'),
    Buffer.from('PROXY UNKNOWN\r\n'),
    Buffer.from('PROXY TCP4 203.0.113.7 192.0.2.1 54321 99999\r\n'),
    binaryHeader({ family: 0x11, block: Buffer.concat([addresses4('203.0.113.7'), tlv(4, 70)]) }),
    binaryHeader({ family: 0x21, block: addresses6([0x2001, 0xdb8]) }),
    binaryHeader({ command: 0x20, family: 0 }),
    binaryHeader({ command: 0x2f, family: 0 })
  ]
  for (const header of headers) {
    const whole = read(Buffer.concat([header, Buffer.from(request)]))
    for (let length = 0; length < header.length; length++) {
      const part = read(header.subarray(0, length))
      // Why the complete one, too: the address is known before the TLVs arrive.
      if (part !== 'incomplete') t.same(part, whole, `${length} bytes of ${header.toString('latin1')}`)
    }
    t.same(read(header), whole)
  }
})

t.test('proxy header: every address that a proxy can state is read back', async t => {
  fc.assert(
    fc.property(address4, groups, port, (four, six, number) => {
      const written = six.map(group => group.toString(16)).join(':')
      t.match(read(`PROXY TCP4 ${four} 192.0.2.1 ${number} 80\r\n`), { source: four })
      t.match(read(`PROXY TCP6 ${written} ::1 80 ${number}\r\n`), { source: written })
      t.match(read(binaryHeader({ family: 0x11, block: addresses4(four) })), { source: four })
      t.match(read(binaryHeader({ family: 0x21, block: addresses6(six) })), { source: canonicalIPv6(written) })
    })
  )
})

t.test('proxy header: for any bytes, the result is a valid address or undefined', async () => {
  const bytes = fc.uint8Array({ maxLength: 300 }).map(array => Buffer.from(array))
  const binary = fc
    .record({ command: octet, family: octet, block: bytes, length: fc.option(port, { nil: undefined }) })
    .map(({ length, ...header }) => binaryHeader(length === undefined ? header : { ...header, length }))
  const token = fc.oneof(
    fc.constantFrom('TCP4', 'TCP6', 'UNKNOWN', '', '::1', '1.2.3.4', '80', '\r', '\n'),
    fc.string()
  )
  const line = fc.array(token).map(tokens => Buffer.from(`PROXY ${tokens.join(' ')}\r\n`))
  fc.assert(
    fc.property(fc.oneof(bytes, binary, line), start => {
      const header = read(start)
      if (typeof header === 'string') return ['missing', 'invalid', 'incomplete'].includes(header)
      const { length, source } = header
      const isAddress = source === undefined || isIPv4(source) || isIPv6(source)
      return isAddress && length >= 15 && length <= 16 + 65_535
    })
  )
})
