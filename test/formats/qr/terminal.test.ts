import t from 'tap'
import { toQrCode } from '../../../src/formats/qr/code.ts'
import { writeQrTerminal } from '../../../src/formats/qr/terminal.ts'
import { modulesOfBlocks, readQr } from '../../support/formats/read-qr.ts'

t.test('qr terminal: two rows a line, black on white, the last row by itself', async t => {
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
