import t from 'tap'
import { type QrCode, toQrCode, writeQrSvg, writeQrTerminal } from '../../src/formats/qr.ts'
import { modulesOfBlocks, modulesOfSvg, readQr } from '../support/formats/read-qr.ts'

const texts = [
  'x',
  '12345',
  'HTTPS://EXAMPLE.COM/',
  'https://autoconfig.example.com/email.mobileconfig?email=jane%40example.com',
  '["\\u00e9", "%41", "a b"]'.repeat(8),
  'abcdefgh'.repeat(100)
]

t.test('qr code: an independent reader reads its text', async t => {
  for (const text of texts) {
    for (const level of ['L', 'M'] as const) t.equal(readQr(toQrCode(text, level)), text)
  }
})

t.test('qr code: has four light modules on every side and finder patterns in three corners', async t => {
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

// Spec: ISO/IEC 18004, capacities in byte mode: version 10 holds 271 characters in L and 213 in M, and each further version is four modules wider.
t.test('qr code: is no larger than the requested error correction needs', async t => {
  const widthOf = (length: number, level: 'L' | 'M') => toQrCode('x'.repeat(length), level).length - 8
  t.equal(widthOf(271, 'L'), 57)
  t.equal(widthOf(272, 'L'), 61)
  t.equal(widthOf(213, 'M'), 57)
  t.equal(widthOf(214, 'M'), 61)
})

/** Nine versions apart, so that a template of one is of no use for the other. */
const [short, long] = ['x'.repeat(40), 'x'.repeat(400)]

t.test('qr code: drawing it takes as long after another code of the same size', async t => {
  const allowed = 1.35
  const [afterSame, afterOther] = [timer(), timer()]
  // Why the shortest: other programs on the machine can only add time.
  const ratio = () => afterOther.shortestMs() / afterSame.shortestMs()
  for (let round = 0; round < 300 && (round < 60 || ratio() >= allowed); round++) {
    toQrCode(short, 'L')
    afterSame.measure(() => toQrCode(short, 'L'))
    toQrCode(long, 'L')
    afterOther.measure(() => toQrCode(short, 'L'))
  }
  t.ok(ratio() < allowed, `${ratio()}`)
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

t.test('qr svg: has one line per run of dark modules', async t => {
  const code = [
    [true, true, false],
    [false, false, false],
    [true, false, true]
  ]
  t.equal(
    writeQrSvg(code, 'A code'),
    `<svg xmlns="http://www.w3.org/2000/svg" width="12" height="12" viewBox="0 0 3 3" role="img" shape-rendering="crispEdges">
<title>A code</title>
<rect width="3" height="3" fill="#fff"/>
<path stroke="#000" d="M0 0.5h2m-2 2h1m1 0h1"/>
</svg>
`
  )
})

t.test('qr svg: draws every module, and an independent reader reads it', async t => {
  const text = 'https://autoconfig.example.com/email.mobileconfig?email=jane%40example.com'
  const code = toQrCode(text, 'M')
  const modules = modulesOfSvg(writeQrSvg(code, 'A code'))
  t.same(modules, code)
  t.equal(readQr(modules), text)
})

t.test('qr svg: is dark on light without styles or external resources', async t => {
  const svg = writeQrSvg(toQrCode('x', 'L'), 'A code')
  t.notMatch(svg, /style|class|currentColor|href|url\(|<script|<image|data:/i)
  t.same(svg.match(/\w+:\/\/[^"]*/g), ['http://www.w3.org/2000/svg'], 'the name of the language is the only URL')
})

t.test('qr svg: the title is text', async t => {
  t.match(writeQrSvg([], `<b>&"'`), '<title>&lt;b&gt;&amp;&quot;&apos;</title>')
})

t.test('qr terminal: has two rows per line, black on white, and the last row alone', async t => {
  const code = [
    [true, true, false],
    [true, false, true],
    [true, false, false]
  ]
  t.equal(writeQrTerminal(code), '\u001b[38;5;16;48;5;231m█▀▄\u001b[0m\n\u001b[38;5;16;48;5;231m▀  \u001b[0m\n')
})

t.test('qr terminal: draws every module, and an independent reader reads it', async t => {
  const text = '[1,[1,1],[0,"imap.example.com",993,3,1,"jane@example.com"]]'
  const code = toQrCode(text, 'L')
  const modules = modulesOfBlocks(writeQrTerminal(code))
  t.same(modules, code)
  t.equal(readQr(modules), text)
})
