import assert from 'node:assert/strict'
import fc from 'fast-check'
import { XmlDocument, XmlElement as XmlElementNode } from 'libxml2-wasm'
import t from 'tap'
import {
  blankDoctype,
  escapeXml,
  escapeXmlValue,
  hasDeclarations,
  readXml,
  withoutDoctype,
  writeXml,
  type XmlElement,
  type XmlNode
} from '../../src/formats/xml.ts'
import { anyCharacter } from '../support/arbitraries/character.ts'

// Spec: XML 1.0 2.2, characters that a text must not contain; the types of settings and addresses refuse them.
// biome-ignore lint/suspicious/noControlCharactersInRegex: the expression removes them
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/u
const anyText = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom('&', '<', '>', '"', "'", ']]>', '&amp;', '<!--', '\r', '\n', '\t', ' '),
      anyCharacter
    )
  })
  .filter(text => !unwritable.test(text))

t.test('escapeXml: a parser reads the same text', async () => {
  fc.assert(
    fc.property(anyText, text => {
      using document = XmlDocument.fromString(`<a>${escapeXml(text)}</a>`)
      return document.root.content === text
    })
  )
})

t.test('escapeXml: a parser reads the same attribute value, except for tabs and line feeds', async () => {
  fc.assert(
    fc.property(anyText, text => {
      using document = XmlDocument.fromString(`<a b="${escapeXml(text)}"/>`)
      return document.root.attr('b')?.value === text.replace(/[\t\n]/g, ' ')
    })
  )
})

t.test('escapeXmlValue: a parser reads the same text, and only markup is escaped', async t => {
  fc.assert(
    fc.property(
      anyText.filter(text => !/[\r\n]/.test(text)),
      text => {
        using document = XmlDocument.fromString(`<a>${escapeXmlValue(text)}</a>`)
        return document.root.content === text
      }
    )
  )
  t.equal(escapeXmlValue("o'brien"), "o'brien")
  t.equal(escapeXmlValue('"<a&b>"'), '"&lt;a&amp;b&gt;"')
})

t.test('escapeXml: does not change text without markup', async t => {
  t.equal(escapeXml('jane.doe+tag@example.com'), 'jane.doe+tag@example.com')
  t.equal(escapeXml('<&>"\'\r'), '&lt;&amp;&gt;&quot;&apos;&#13;')
})

t.test('writeXml: white space is only between elements', async t => {
  t.equal(
    writeXml({ a: { '@id': 'true', b: [' one ', 2], c: undefined, d: { '@x': '"', e: '' } } }),
    `<?xml version="1.0" encoding="UTF-8"?>
<a id="true">
  <b> one </b>
  <b>2</b>
  <d x="&quot;">
    <e/>
  </d>
</a>
`
  )
})

t.test('writeXml: a parser reads the same tree', async () => {
  const attributes = fc.dictionary(
    fc.constantFrom('@x', '@y'),
    anyText.map(text => text.replace(/[\t\n]/g, ' '))
  )
  const { element } = fc.letrec<{ node: XmlNode; element: XmlElement }>(tie => ({
    node: fc.oneof({ maxDepth: 4 }, anyText, fc.nat(65535), tie('element')),
    element: fc
      .tuple(attributes, fc.dictionary(fc.constantFrom('a', 'b', 'Cc', 'd-1'), tie('node')))
      .map(parts => Object.assign({}, ...parts))
  }))
  fc.assert(
    fc.property(element, root => {
      using document = XmlDocument.fromString(writeXml({ root }))
      assert.deepStrictEqual(toTree(document.root), toPlain(root))
    })
  )
})

function toTree(element: XmlElementNode): XmlNode {
  const pairs: [string, XmlNode][] = element.attrs.map(({ name, value }) => [`@${name}`, value])
  for (let child = element.firstChild; child !== null; child = child.next) {
    if (child instanceof XmlElementNode) pairs.push([child.name, toTree(child)])
  }
  return pairs.length === 0 ? element.content : Object.fromEntries(pairs)
}

/** As text is read: numbers are texts, and an element without anything in it is an empty text. */
function toPlain(node: XmlNode): XmlNode {
  if (typeof node !== 'object') return String(node)
  const pairs = Object.entries(node).map(([name, child]) => [name, toPlain(child as XmlNode)])
  return pairs.length === 0 ? '' : Object.fromEntries(pairs)
}

for (const [what, text, tree] of [
  ['elements and text', '<a><b>1</b><b> two </b><c/></a>', { a: { b: ['1', 'two'], c: '' } }],
  ['a declaration and white space around the root', '<?xml version="1.0"?>\n<a>x</a>\n', { '?xml': '', a: 'x' }],
  ['no prefixes and attributes', `<p:a xmlns:p='u' q="1"><p:b>x</p:b></p:a>`, { a: { b: 'x' } }],
  ['entities and character references', '<a>&lt;&#64;&#x40;&amp;lt;&#x1F4EB;</a>', { a: '<@@&lt;\u{1f4eb}' }],
  ['CDATA, and no comments', '<a>x<!-- > --><![CDATA[<&amp;>]]></a>', { a: 'x<&amp;>' }],
  ['numbers as text', '<a>00123</a>', { a: '00123' }]
] as const) {
  t.test(`readXml: reads ${what}`, async t => t.same(readXml(text), tree))
}

for (const [what, text] of [
  ['nothing', ''],
  ['text', 'ham'],
  ['JSON', '{"a":1}'],
  ['half a document', '<a><b>1</b>'],
  ['an element that another one closes', '<a><b></a></b>'],
  ['two roots', '<a>1</a><b>2</b>'],
  ['text after the root', '<a>1</a>\u00a0'],
  ['a bare ampersand', '<a>x & y</a>'],
  ['an element called __proto__', '<__proto__><polluted>1</polluted></__proto__>'],
  ['a control character', '<a>x\u0001</a>'],
  ['a lone surrogate', '<a>x\ud800</a>'],
  ['a reference to NUL', '<a>x&#0;y</a>'],
  ['a reference to a control character', '<a>x&#x1F;y</a>'],
  ['a reference to a surrogate', '<a>x&#xd83d;&#xdceb;y</a>'],
  ['a reference to no character', '<a>x&#x110000;y</a>'],
  ['a document type', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
  ['a document type in small letters', '<!doctype html><html></html>'],
  ['18 levels', `${'<a>'.repeat(18)}${'</a>'.repeat(18)}`],
  ['10 000 levels', `${'<a>'.repeat(10_000)}${'</a>'.repeat(10_000)}`],
  ['over 100 tags', `<a>${'<b/>'.repeat(99)}</a>`],
  ['over 100 attributes', `<a ${Array.from({ length: 101 }, (_, at) => `b${at}="c"`).join(' ')}/>`],
  ['over 100 references', `<a>${'&lt;'.repeat(101)}</a>`]
] as const) {
  t.test(`readXml: refuses ${what}`, async t => t.equal(readXml(text), undefined))
}

t.test('readXml: never throws and never changes a prototype, for any text', async () => {
  const token = fc.constantFrom(
    ...['<', '>', '/', '<a>', '</a>', '<a/>', '<__proto__>', '<constructor>', '<!--', '-->', '<![CDATA[', ']]>'],
    ...['<?', '?>', '<!DOCTYPE', '&', '&#', ';', '&amp;', '"', "'", '=', 'xmlns:x', ' ', '\n', '\0', '\ud800', '#text']
  )
  const text = fc.oneof(fc.string({ unit: anyCharacter }), fc.string({ unit: token }))
  fc.assert(
    fc.property(text, text => {
      readXml(text)
      return Object.keys(Object.prototype).length === 0 && !('polluted' in {})
    }),
    { numRuns: 1000 }
  )
})

const plain = '<?xml version="1.0"?>\n<!doctype html\nSYSTEM "x">\n<a/>'
const own = '<!DOCTYPE a [<!ELEMENT a ANY>]><a/>'

t.test('doctype: is removed, in any letter case', async t => {
  t.equal(withoutDoctype(plain), '<?xml version="1.0"?>\n\n<a/>')
  t.equal(withoutDoctype('<a/>'), '<a/>')
})

t.test('doctype: becomes spaces, so that the rest keeps its line and column', async t => {
  t.equal(blankDoctype('a <!DOCTYPE b\nc> d'), 'a            \n   d')
  t.equal(blankDoctype('<a/>'), '<a/>')
})

t.test('doctype: is kept if it has declarations or no end', async t => {
  for (const text of [own, '<!DOCTYPE a', '<!DOCTYPE a <!DOCTYPE b [', `${own}<!DOCTYPE a>`]) {
    t.equal(withoutDoctype(text), text)
    t.equal(blankDoctype(text), text)
  }
})

t.test('doctype: declarations are recognised', async t => {
  t.ok(hasDeclarations(own))
  t.ok(hasDeclarations('<!entity a "b">'))
  t.notOk(hasDeclarations(plain))
  t.notOk(hasDeclarations('<a/>'))
})
