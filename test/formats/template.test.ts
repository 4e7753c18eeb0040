import fc from 'fast-check'
import t from 'tap'
import { compile } from '../../src/formats/template.ts'
import { escapeXml } from '../../src/formats/xml.ts'

const names = ['one', 'two', 'three'] as const
const value = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('\ufdd00\ufdd1', '\ufdd0', '$&', '%EMAILDOMAIN%', '<&>')
)
const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('0', '1', '<b>', '\n', '$1'))
const gap = fc.constantFrom(...names)

t.test('a filled template equals the document written with escaped values, and has its length', async () => {
  const parts = fc.array(
    fc.oneof(
      text,
      gap.map(name => ({ name }))
    )
  )
  fc.assert(
    fc.property(parts, fc.record({ one: value, two: value, three: value }), (parts, values) => {
      const write = (marks: typeof values) =>
        parts.map(part => (typeof part === 'string' ? part : marks[part.name])).join('')
      const direct = write({
        one: escapeXml(values.one),
        two: escapeXml(values.two),
        three: escapeXml(values.three)
      })
      const { text, bytes } = compile(names, write, escapeXml)(values)
      return text === direct && bytes === Buffer.byteLength(direct)
    })
  )
})

t.test('a template without gaps is the document', async t => {
  t.equal(compile([], () => '<a>1</a>', escapeXml)({}).text, '<a>1</a>')
})

t.test('a value that looks like a mark is not replaced', async t => {
  const fill = compile(['a', 'b'], ({ a, b }) => `${a}-${b}-${a}`, String)
  t.equal(fill({ a: '\ufdd01\ufdd1', b: '2' }).text, '\ufdd01\ufdd1-2-\ufdd01\ufdd1')
})

t.test('a template is written once, however often it is filled', async t => {
  let written = 0
  const fill = compile(
    ['a'],
    ({ a }) => {
      written += 1
      return `<${a}>`
    },
    String
  )
  t.equal(fill({ a: '1' }).text + fill({ a: '2' }).text, '<1><2>')
  t.equal(written, 1)
})
