import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import t from 'tap'
import { createLineBuffer, createLineStream, type LineStream } from '../../../src/probes/session/dialogue.ts'
import { printable } from '../../../src/settings/load/finding.ts'
import { anyCharacter } from '../../support/arbitraries/character.ts'
import { cpuMs } from '../../support/cpu-time.ts'

const limits = { maxLine: 64, maxTotal: 4096 }
const never = new AbortController().signal

const anyLine = fc.string({ unit: fc.oneof(anyCharacter, fc.constantFrom('\r', '\0', '\u001b', 'é')), maxLength: 8 })
const anyLines = fc.array(fc.tuple(anyLine, fc.constantFrom('\n', '\r\n')), { maxLength: 20 })
const anyCuts = fc.array(fc.nat(600))

/** Splits bytes anywhere, including inside characters and between CR and LF. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...places.filter(place => place < bytes.length), bytes.length].sort((a, b) => a - b)
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))
}

function linesOf(pieces: readonly Buffer[]): string[] {
  const buffer = createLineBuffer(limits)
  const lines: string[] = []
  for (const piece of pieces) {
    buffer.push(piece)
    for (let line = buffer.line(); line !== undefined; line = buffer.line()) lines.push(line)
  }
  return lines
}

async function readAll({ line }: LineStream, count: number): Promise<string[]> {
  const lines: string[] = []
  while (lines.length < count) lines.push(await line())
  return lines
}

t.test('line buffer: the same bytes give the same lines, however they are split', async () => {
  fc.assert(
    fc.property(anyLines, anyCuts, (lines, cuts) => {
      const bytes = Buffer.from(lines.flat().join(''))
      const whole = linesOf([bytes])
      return JSON.stringify(linesOf(cut(bytes, cuts))) === JSON.stringify(whole)
    })
  )
})

t.test('line buffer: CRLF and LF end a line, and everything between them is kept', async () => {
  const anyPlain = fc.stringMatching(/^[^\n]{0,8}$/u).filter(line => !line.endsWith('\r'))
  fc.assert(
    fc.property(fc.array(fc.tuple(anyPlain, fc.constantFrom('\n', '\r\n'))), lines => {
      const read = linesOf([Buffer.from(lines.flat().join(''))])
      // Why: a lone surrogate cannot be encoded.
      const written = lines.map(([line]) => printable(line.toWellFormed()))
      return JSON.stringify(read) === JSON.stringify(written)
    })
  )
})

t.test('line buffer: control characters are escaped in lines and octets', async () => {
  const anyBytes = fc.uint8Array({ maxLength: 40 }).map(bytes => Buffer.from(bytes))
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the test proves that there are none
  const control = /[\u0000-\u001f\u007f-\u009f]/
  fc.assert(
    fc.property(anyBytes, bytes => {
      const buffer = createLineBuffer(limits)
      buffer.push(bytes)
      return !control.test(String(buffer.octets(bytes.length))) && !linesOf([bytes]).some(line => control.test(line))
    })
  )
})

t.test('line buffer: a line, including its end, may be exactly as long as the limit', async t => {
  const buffer = createLineBuffer({ maxLine: 8, maxTotal: 100 })
  buffer.push(Buffer.from('123456\r\n1234567\n12345678'))
  t.equal(buffer.line(), '123456')
  t.equal(buffer.line(), '1234567')
  t.throws(() => buffer.line(), { message: 'lineTooLong' })
  t.equal(buffer.length, 8)
})

t.test('line buffer: never holds more than the limit', async t => {
  const buffer = createLineBuffer({ maxLine: 8, maxTotal: 20 })
  buffer.push(Buffer.alloc(20))
  t.throws(() => buffer.push(Buffer.alloc(1)), { message: 'tooMuch' })
  t.equal(buffer.length, 20)
})

t.test('line buffer: a mebibyte in single bytes takes less than 2 s', async t => {
  const most = 1024 * 1024
  const buffer = createLineBuffer({ maxLine: most, maxTotal: most })
  const ms = await cpuMs(() => {
    for (let at = 0; at < most; at++) {
      buffer.push(Buffer.of(0x61))
      if (at + 1 < most) buffer.line()
    }
  })
  t.equal(buffer.octets(most)?.length, most)
  t.ok(ms < 2000, `${ms} ms`)
})

t.test('line buffer: octets are returned when all have arrived, with line feeds', async t => {
  const buffer = createLineBuffer(limits)
  buffer.push(Buffer.from('a\nb'))
  t.equal(buffer.octets(4), undefined)
  t.equal(buffer.octets(3), 'a\\u{a}b')
  t.equal(buffer.length, 0)
})

t.test('line stream: it returns the same lines as the buffer, however the bytes are split', async () => {
  await fc.assert(
    fc.asyncProperty(anyLines, anyCuts, async (lines, cuts) => {
      const bytes = Buffer.from(lines.flat().join(''))
      const connection = new PassThrough()
      const stream = createLineStream(connection, { ...limits, signal: never })
      const written = linesOf([bytes])
      const reading = readAll(stream, written.length)
      for (const piece of cut(bytes, cuts)) connection.write(piece)
      return JSON.stringify(await reading) === JSON.stringify(written)
    })
  )
})

t.test('line stream: it waits for incomplete lines', async t => {
  const connection = new PassThrough()
  const stream = createLineStream(connection, { ...limits, signal: never })
  const line = stream.line()
  connection.write('* OK')
  connection.write(' hello\r\nabc')
  t.equal(await line, '* OK hello')
  const octets = stream.octets(5)
  connection.write('de')
  t.equal(await octets, 'abcde')
})

t.test('line stream: an end, an error and a timeout are different errors', async t => {
  const ended = new PassThrough()
  ended.end('half a line')
  await t.rejects(createLineStream(ended, { ...limits, signal: never }).line(), { message: 'closed' })

  const destroyed = new PassThrough()
  const reading = createLineStream(destroyed, { ...limits, signal: never }).line()
  destroyed.destroy()
  await t.rejects(reading, { message: 'closed' })

  const broken = new PassThrough()
  const failing = createLineStream(broken, { ...limits, signal: never }).line()
  broken.destroy(new Error('torn'))
  await t.rejects(failing, { message: 'torn' })

  const controller = new AbortController()
  const late = createLineStream(new PassThrough(), { ...limits, signal: controller.signal }).line()
  controller.abort()
  await t.rejects(late, { message: 'noAnswer' })
})

t.test('line stream: arrival resolves for data and for the end, and consumes nothing', async t => {
  const connection = new PassThrough()
  const stream = createLineStream(connection, { ...limits, signal: never })
  const patience = new AbortController()
  const waiting = stream.arrival(patience.signal)
  patience.abort()
  t.equal(await waiting, false, 'no data in time')
  const arrival = stream.arrival(never)
  connection.write('+OK\r\n')
  t.equal(await arrival, true)
  t.equal(await stream.arrival(never), true, 'still there')
  t.equal(await stream.line(), '+OK')
  const end = stream.arrival(never)
  connection.end()
  t.equal(await end, true)

  const time = new AbortController()
  const silent = createLineStream(new PassThrough(), { ...limits, signal: time.signal }).arrival(never)
  time.abort()
  t.equal(await silent, false, 'the time is up')
})

t.test('line stream: detaching removes all listeners, and returns the number of unread bytes', async t => {
  const connection = new PassThrough()
  const stream = createLineStream(connection, { ...limits, signal: never })
  connection.write('a OK\r\ninjected\r\n')
  t.equal(await stream.line(), 'a OK')
  connection.write('more')
  t.equal(stream.detach(), 'injected\r\nmore'.length)
  t.equal(connection.listenerCount('readable') + connection.listenerCount('error'), 0)
  t.equal(connection.read(), null)
})
