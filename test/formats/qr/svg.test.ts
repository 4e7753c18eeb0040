import t from 'tap'
import { toQrCode } from '../../../src/formats/qr/code.ts'
import { writeQrSvg } from '../../../src/formats/qr/svg.ts'
import { modulesOfSvg, readQr } from '../../support/formats/read-qr.ts'

t.test('qr svg: is one line a run of dark modules', async t => {
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

t.test('qr svg: is dark on light by itself, without styles and without anything from elsewhere', async t => {
  const svg = writeQrSvg(toQrCode('x', 'L'), 'A code')
  t.notMatch(svg, /style|class|currentColor|href|url\(|<script|<image|data:/i)
  t.same(svg.match(/\w+:\/\/[^"]*/g), ['http://www.w3.org/2000/svg'], 'the name of the language is the only URL')
})

t.test('qr svg: the title is text', async t => {
  t.match(writeQrSvg([], `<b>&"'`), '<title>&lt;b&gt;&amp;&quot;&apos;</title>')
})
