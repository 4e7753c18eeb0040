import fc from 'fast-check'
import t from 'tap'
import { elements, ownText, readXmlTree, xmlFault } from '../../src/formats/xml-tree.ts'

t.test('readXmlTree: keeps order, attributes and white space, and decodes entities', async t => {
  const tree = readXmlTree('<?xml version="1.0"?>\n<a b="1 &amp; 2" c="">x <d/>&lt;&#65;<!-- no --> <d> y</d></a>')
  t.same(tree, {
    name: 'a',
    attributes: { b: '1 & 2', c: '' },
    children: [
      'x ',
      { name: 'd', attributes: {}, children: [], offset: 46 },
      '<A ',
      { name: 'd', attributes: {}, children: [' y'], offset: 71 }
    ],
    offset: 22
  })
})

t.test('readXmlTree: ignores a byte order mark', async t => {
  t.same(readXmlTree('\ufeff<a/>'), { name: 'a', attributes: {}, children: [], offset: 0 })
})

t.test('readXmlTree: refuses text that is not well-formed, or has a document type, no root or two', async t => {
  for (const text of ['', 'text', '<a>', '<a></b>', '<a/><b/>', '<!DOCTYPE a><a/>', '<a>&b;</a><!ENTITY b "c">']) {
    t.equal(readXmlTree(text), undefined, text)
  }
})

t.test('readXmlTree: never throws for any text', async () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('<', '>', '/', 'a', '"', '=', '&', ';', ' ', '!', '-') }), text => {
      readXmlTree(text)
    })
  )
})

t.test(
  'elements returns those of any name or of one name, and ownText only the text of the element itself',
  async t => {
    const tree = readXmlTree('<a>1<b>2</b>3<c/></a>')
    if (tree === undefined) throw new Error('not read')
    t.same(
      elements(tree).map(({ name }) => name),
      ['b', 'c']
    )
    t.same(
      elements(tree, 'c').map(({ name }) => name),
      ['c']
    )
    t.equal(ownText(tree), '13')
  }
)

t.test('xmlFault: names the fault and its position', async t => {
  for (const [text, message, line, column] of [
    ['<a>\n <port><993/port>\n</a>', "tag '993/port' is an invalid name", 2, 8],
    ['<a>\r\n</b>', /^expected closing tag 'a' .* instead of closing tag 'b'$/, 2, 1],
    ['<a>', "unclosed tag 'a'", 1, 1],
    ['<a>\n <b>x</b>\n <c>\n', "expected closing tag 'c' instead of the end of the document", 3, 5],
    ['<a><b><![CDATA[</b></a>', "expected closing tag 'b' instead of the end of the document", 1, 24],
    ['<a/><!-- b\n', 'the document ends inside a comment or an instruction', 1, 11],
    ['<a/><?b', 'the document ends inside a comment or an instruction', 1, 8],
    ['', 'start tag expected', 1, 1],
    ['<a/>\n <b/>', '<b> follows the end of the document', 2, 2],
    ['<a>'.repeat(66) + '</a>'.repeat(66), 'its elements are nested deeper than 64 levels', 1, 1],
    ['<a>'.repeat(65) + '</a>'.repeat(65), 'its elements are nested deeper than 64 levels', 1, 1]
  ] as const) {
    t.match(xmlFault(text), { message, line, column })
  }
})

t.test('xmlFault: never throws for any text', async () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('<', '>', '/', 'a', '\n', '"', '=', '&', ' ', '!', '-') }), text => {
      xmlFault(text)
    })
  )
})
