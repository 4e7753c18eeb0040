import fc from 'fast-check'
import t from 'tap'
import { createReplyReader, writeCommand } from '../../../../src/http/limits/redis/resp.ts'

t.test('resp: a command is an array of strings with their lengths in bytes', async t => {
  t.equal(writeCommand(['GET', 'Zoë']), '*2\r\n$3\r\nGET\r\n$4\r\nZoë\r\n')
})

t.test('resp: replies are read, wherever they are split', async t => {
  const text =
    '+OK\r\n-NOSCRIPT No matching script\r\n:-7\r\n$5\r\na\r\nbc\r\n$-1\r\n*-1\r\n*2\r\n:1\r\n$1\r\nx\r\n-oops\r\n*0\r\n'
  const replies = ['OK', { error: 'NOSCRIPT' }, -7, 'a\r\nbc', null, null, [1, 'x'], { error: 'ERR' }, []]
  fc.assert(
    fc.property(fc.array(fc.nat(text.length), { maxLength: 20 }), cuts => {
      const read = createReplyReader()
      const places = [0, ...cuts.sort((a, b) => a - b), text.length]
      const parts = places.slice(1).map((end, at) => text.slice(places[at], end))
      t.strictSame(parts.flatMap(read), replies)
    }),
    { numRuns: 50 }
  )
})

t.test('resp: an invalid reply, and one that is larger than expected, is an error', async t => {
  for (const text of [
    '$-5\r\n',
    '$99999999\r\n',
    '$1\r\nab\r\n',
    '*-2\r\n',
    '*9\r\n',
    '*99999999999999999999\r\n',
    '*1\r\n*1\r\n:1\r\n',
    ':\r\n',
    ':1e3\r\n',
    ':9999999999999999\r\n',
    '%1\r\n',
    '\r\n',
    'HTTP/1.1 200 OK\r\n',
    `+${'x'.repeat(2000)}`
  ]) {
    t.throws(() => createReplyReader()(text), { code: 'malformed-reply' }, text.slice(0, 20))
  }
})
