import t from 'tap'
import { type QrCode, toQrCode } from '../../../src/formats/qr/code.ts'
import { readQr } from '../../support/formats/read-qr.ts'

const texts = [
  'x',
  '12345',
  'HTTPS://EXAMPLE.COM/',
  'https://autoconfig.example.com/email.mobileconfig?email=jane%40example.com',
  '["\\u00e9", "%41", "a b"]'.repeat(8),
  'abcdefgh'.repeat(100)
]

t.test('qr code: an independent reader reads what it says', async t => {
  for (const text of texts) {
    for (const level of ['L', 'M'] as const) t.equal(readQr(toQrCode(text, level)), text)
  }
})

t.test('qr code: has four light modules on every side, and dark corners of three', async t => {
  const isLight = (code: QrCode) => code.flat().every(dark => !dark)
  for (const text of texts) {
    const code = toQrCode(text, 'L')
    const columns = code.map((_, x) => code.map(row => row[x] === true))
    for (const lines of [code, columns]) {
      t.ok(isLight([...lines.slice(0, 4), ...lines.slice(-4)]))
      t.notOk(isLight(lines.slice(4, 5)))
      t.notOk(isLight(lines.slice(-5, -4)))
    }
  }
})

// Spec: ISO/IEC 18004, capacities in byte mode: version 10 holds 271 characters in L, 213 in M; a version more is four wider.
t.test('qr code: loses no room to more error correction than asked for', async t => {
  const widthOf = (length: number, level: 'L' | 'M') => toQrCode('x'.repeat(length), level).length - 8
  t.equal(widthOf(271, 'L'), 57)
  t.equal(widthOf(272, 'L'), 61)
  t.equal(widthOf(213, 'M'), 57)
  t.equal(widthOf(214, 'M'), 61)
})

/** Nine versions apart, so that a template of one is of no use for the other. */
const [short, long] = ['x'.repeat(40), 'x'.repeat(400)]

t.test('qr code: is not drawn faster after another code of the same size', async t => {
  const [afterSame, afterOther] = [timer(), timer()]
  for (let round = 0; round < 300; round++) {
    toQrCode(short, 'L')
    afterSame.measure(() => toQrCode(short, 'L'))
    toQrCode(long, 'L')
    afterOther.measure(() => toQrCode(short, 'L'))
  }
  // Why the shortest: other programs on the machine only ever add time.
  const ratio = afterOther.shortestMs() / afterSame.shortestMs()
  t.ok(ratio < 1.35, `${ratio}`)
})

function timer() {
  let shortest = Number.POSITIVE_INFINITY
  return {
    measure(work: () => unknown): void {
      const started = performance.now()
      work()
      shortest = Math.min(shortest, performance.now() - started)
    },
    shortestMs: () => shortest
  }
}
