import fc from 'fast-check'
import t from 'tap'
import { decodeText } from '../../src/formats/text-encoding.ts'
import { anyCharacter } from '../support/arbitraries/character.ts'

const declaration = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?>\n`
const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16()
const bytesOf = (start: string, ...bytes: readonly number[]) => Buffer.concat([Buffer.from(start), Buffer.from(bytes)])

t.test('decodeText: the byte order mark decides, then the XML declaration, and the default is UTF-8', async t => {
  const latin = declaration('ISO-8859-1')
  for (const [bytes, text] of [
    [Buffer.from('Zürich'), 'Zürich'],
    [Buffer.from('\ufeffZürich'), 'Zürich'],
    [Buffer.from(`${latin}<a>Zürich</a>`, 'latin1'), `${latin}<a>Zürich</a>`],
    [Buffer.from(`\ufeff${latin}<a>Zürich</a>`), `${latin}<a>Zürich</a>`],
    [bytesOf(declaration('windows-1252'), 0x80, 0xfc), `${declaration('windows-1252')}€ü`],
    [
      bytesOf("<?xml version='1.0' encoding = 'Shift_JIS' ?>", 0x83, 0x81),
      "<?xml version='1.0' encoding = 'Shift_JIS' ?>メ"
    ],
    [Buffer.from('\ufeff<a>ü</a>', 'utf16le'), '<a>ü</a>'],
    [Buffer.from('<a>ü</a>', 'utf16le'), '<a>ü</a>'],
    [utf16be('\ufeff<a>ü</a>'), '<a>ü</a>'],
    [utf16be('<a>ü</a>'), '<a>ü</a>'],
    [Buffer.from(`${declaration('utf-16')}<a>ü</a>`), `${declaration('utf-16')}<a>ü</a>`],
    [Buffer.alloc(0), '']
  ] as const) {
    t.same(decodeText(bytes), { text })
  }
})

t.test('decodeText: a byte that cannot be decoded is reported with the text before it', async t => {
  const of = (encoding: string) => `found bytes that are not ${encoding}, expected a file saved in this encoding`
  for (const [bytes, fault, before] of [
    [
      bytesOf('<a>\nM', 0xfc, 0x6e),
      /^found bytes that are not UTF-8, expected the encoding in a line such as <\?xml/,
      '<a>\nM'
    ],
    [bytesOf('{ "a": "M', 0xfc), 'found bytes that are not UTF-8, expected a file saved as UTF-8', '{ "a": "M'],
    [bytesOf('<a>', 0xe2, 0x82), /^found bytes that are not UTF-8/, '<a>'],
    [bytesOf(declaration('UTF-8'), 0x61, 0xff), of('UTF-8'), `${declaration('UTF-8')}a`],
    [bytesOf(declaration('ISO-8859-1'), 0x61, 0x81), of('ISO-8859-1'), `${declaration('ISO-8859-1')}a`],
    [bytesOf(declaration('euc-jp'), 0xa1, 0x20), of('euc-jp'), declaration('euc-jp')],
    [Buffer.from([0xff, 0xfe, 0x3c, 0, 0, 0xdc]), of('UTF-16LE'), '<'],
    [Buffer.from([0xff]), /^found bytes that are not UTF-8/, ''],
    [
      Buffer.from(declaration('EBCDIC-X')),
      'found the encoding "EBCDIC-X", expected one such as UTF-8, UTF-16 or ISO-8859-1',
      ''
    ]
  ] as const) {
    t.match(decodeText(bytes), { fault, before })
    t.equal(Reflect.get(decodeText(bytes), 'before'), before)
  }
})

t.test('decodeText: never returns U+FFFD for other bytes, and decodes what Node encodes', async () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), array => {
      const decoded = decodeText(Buffer.from(array))
      if (!('text' in decoded) || !decoded.text.includes('\ufffd')) return
      // Why: the sequence of U+FFFD itself is valid.
      if (!/efbfbd|fdff|fffd/.test(Buffer.from(array).toString('hex'))) throw new Error('replaced')
    })
  )
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter.filter(each => each.isWellFormed()) }), text => {
      const decoded = decodeText(Buffer.from(`\ufeff${text}`, 'utf16le'))
      if (!('text' in decoded) || decoded.text !== text) throw new Error('changed')
    })
  )
})
