import fc from 'fast-check'
import t from 'tap'
import { type DnsResponse, decodeResponse, encodeQuestion } from '../../src/network/dns-message.ts'
import { matchLists } from '../support/match-lists.ts'
import { nameOf, recordOf, respond, type Spoken, uint16 } from '../support/network/dns-server.ts'

const label = fc.stringMatching(/^[a-zA-Z0-9-]{1,63}$/)
const name = fc.array(label, { minLength: 1, maxLength: 5 }).map(labels => labels.join('.').slice(-253))
const hostName = name.filter(text => !/^\.|\.\.|\.$/.test(text))
const seconds = fc.nat(0x7fffffff)
const mx = fc.record({
  type: fc.constant('MX' as const),
  name: hostName,
  ttl: seconds,
  preference: fc.nat(0xffff),
  exchange: fc.oneof(hostName, fc.constant(''))
})
const alias = fc.record({ type: fc.constant('CNAME' as const), name: hostName, ttl: seconds, target: hostName })
const soa = fc.record({ type: fc.constant('SOA' as const), name: hostName, ttl: seconds, minimum: seconds })
const question = fc.record({
  id: fc.nat(0xffff),
  name: hostName,
  type: fc.constantFrom('CNAME' as const, 'MX' as const, 'SOA' as const)
})

const asked = { id: 7, name: 'Example.com', type: 'MX' } as const

/** The header and the rest of the message. Default: a question for example.com. */
function message(counts: readonly [number, number, number], rest: Buffer, bits = 0x8180): Buffer {
  return Buffer.concat([uint16(7, bits, ...counts, 0), rest])
}

const exampleQuestion = Buffer.concat([nameOf('example.com'), uint16(15, 1)])
/** A record of example.com whose name points to the question. */
const pointed = (type: number, data: Buffer, group = 1) =>
  Buffer.concat([uint16(0xc00c, type, group, 0, 60, data.length), data])
const withAnswer = (record: Buffer) => decodeResponse(message([1, 1, 0], Buffer.concat([exampleQuestion, record])))

t.test('dns-message: a query follows RFC 1035', async t => {
  t.equal(
    encodeQuestion(asked).toString('latin1'),
    '\x00\x07\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07Example\x03com\x00\x00\x0f\x00\x01'
  )
})

t.test('dns-message: a response is read completely, with names in lower case', async () => {
  const small = (record: Spoken) =>
    Object.fromEntries(
      Object.entries(record).map(([key, value]) => [
        key,
        typeof value === 'string' && key !== 'type' ? value.toLowerCase() : value
      ])
    )
  fc.assert(
    fc.property(
      question,
      fc.array(fc.oneof(mx, alias, soa), { maxLength: 5 }),
      fc.array(fc.oneof(soa, mx), { maxLength: 3 }),
      fc.nat(15),
      fc.boolean(),
      (asked, answers, authorities, code, isTruncated) => {
        const read = decodeResponse(respond(asked, { answers, authorities, code, isTruncated }))
        const expected = {
          ...asked,
          code,
          isTruncated,
          answers: answers.filter(({ type }) => type !== 'SOA').map(small),
          authorities: authorities.flatMap(each =>
            each.type === 'SOA' ? [{ ttl: each.ttl, minimum: each.minimum }] : []
          )
        }
        return JSON.stringify(sorted(read)) === JSON.stringify(sorted(expected))
      }
    )
  )
})

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort()
      .map(([key, each]) => [key, sorted(each)])
  )
}

t.test('dns-message: a truncated response is rejected or has the same result', async () => {
  fc.assert(
    fc.property(question, fc.array(mx, { minLength: 1, maxLength: 3 }), fc.nat(), (asked, answers, cut) => {
      const whole = respond(asked, { answers })
      return decodeResponse(whole.subarray(0, cut % whole.length)) === undefined
    })
  )
})

t.test('dns-message: any bytes are read or rejected, and endless names are rejected', async t => {
  const isRead = (read: DnsResponse | undefined) => read === undefined || read.answers.length <= 0xffff
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), bytes => isRead(decodeResponse(Buffer.from(bytes)))))
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), bytes =>
      isRead(decodeResponse(message([1, 3, 3], Buffer.concat([exampleQuestion, bytes]))))
    )
  )
  t.equal(decodeResponse(message([1, 0, 0], Buffer.concat([uint16(0xc00c), uint16(15, 1)]))), undefined, 'to itself')
  const circle = Buffer.concat([uint16(0xc00e, 0xc00c), uint16(15, 1)])
  t.equal(decodeResponse(message([1, 0, 0], circle)), undefined, 'in a circle')
  const long = Buffer.concat([nameOf(Array.from({ length: 128 }, () => 'a').join('.')), uint16(15, 1)])
  t.equal(decodeResponse(message([1, 0, 0], long)), undefined, 'of more labels than are possible')
})

t.test('dns-message: compressed names', async t => {
  const exchange = Buffer.concat([uint16(10), Buffer.of(2), Buffer.from('mx'), uint16(0xc00c)])
  matchLists(t, withAnswer(pointed(15, exchange))?.answers, [
    { type: 'MX', name: 'example.com', ttl: 60, preference: 10, exchange: 'mx.example.com' }
  ])
  matchLists(t, withAnswer(pointed(5, uint16(0xc00c)))?.answers, [{ type: 'CNAME', target: 'example.com' }])
  t.equal(withAnswer(pointed(5, uint16(0x800c))), undefined, 'an undefined form')
  t.equal(withAnswer(pointed(5, uint16(0xffff))), undefined, 'beyond the end')
})

t.test('dns-message: only an answer to one question is accepted', async t => {
  const good = respond(asked)
  t.ok(decodeResponse(good))
  for (const [bits, what] of [
    [0x0180, 'a question'],
    [0xa980, 'another operation']
  ] as const) {
    t.equal(decodeResponse(message([1, 0, 0], exampleQuestion, bits)), undefined, what)
  }
  t.equal(decodeResponse(message([0, 0, 0], Buffer.alloc(0))), undefined, 'no question')
  t.equal(decodeResponse(message([2, 0, 0], Buffer.concat([exampleQuestion, exampleQuestion]))), undefined, 'two')
  t.equal(decodeResponse(message([1, 0, 0], Buffer.concat([nameOf('example.com'), uint16(15, 3)]))), undefined, 'chaos')
  t.equal(decodeResponse(Buffer.alloc(11)), undefined, 'nothing')
})

t.test(
  'dns-message: records of other types and classes are skipped, and a malformed one invalidates the response',
  async t => {
    t.same(withAnswer(pointed(1, Buffer.of(127, 0, 0, 1)))?.answers, [])
    t.same(withAnswer(pointed(15, Buffer.concat([uint16(10), nameOf('mx.example')]), 3))?.answers, [])
    t.equal(withAnswer(pointed(15, uint16(10)).subarray(0, -1)), undefined)
  }
)

t.test('dns-message: a time to live of more than 31 bits counts as 0', async t => {
  const record = { type: 'MX', name: 'example.com', preference: 1, exchange: 'mx.example' } as const
  for (const [ttl, read] of [
    [0x7fffffff, 0x7fffffff],
    [0x80000000, 0],
    [0xffffffff, 0]
  ] as const) {
    matchLists(t, withAnswer(recordOf({ ...record, ttl }))?.answers, [{ ttl: read }])
  }
})

t.test('dns-message: a response with too many records is rejected', async t => {
  const record = pointed(15, Buffer.concat([uint16(10), uint16(0xc00c)]))
  const read = (count: number) =>
    decodeResponse(message([1, count, 0], Buffer.concat([exampleQuestion, ...Array(count).fill(record)])))
  t.equal(read(48)?.answers.length, 48)
  t.equal(read(49), undefined)
})
