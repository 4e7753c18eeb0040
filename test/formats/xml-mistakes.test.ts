import fc from 'fast-check'
import t from 'tap'
import { withoutMistakes, xmlMistake } from '../../src/formats/xml-mistakes.ts'

t.test('xmlMistake: finds the first entity that XML does not define', async t => {
  for (const [text, reference, offset] of [
    ['<a>M&uuml;nchen &copy;</a>', '&uuml;', 4],
    ['<a b="&nbsp;"/>', '&nbsp;', 6],
    ['<a>&AMP;</a>', '&AMP;', 3],
    ['<!-- &b; --><a>&c;</a>', '&c;', 15],
    ['<a><![CDATA[&b;]]>&c;</a>', '&c;', 18],
    ['<?b &c;?><a>&d;</a>', '&d;', 12]
  ] as const) {
    t.match(xmlMistake(text), { kind: 'reference', what: reference, offset })
  }
})

t.test('xmlMistake: finds characters that XML does not allow', async t => {
  for (const reference of [
    '&#0;',
    '&#x1f;',
    '&#xD800;',
    '&#xfffe;',
    '&#65535;',
    '&#x110000;',
    '&#x;',
    '&#X41;',
    '&#-1;'
  ]) {
    t.match(xmlMistake(`<a>${reference}</a>`), { kind: 'reference', what: reference })
  }
})

t.test('xmlMistake: accepts the entities of XML, characters, and any text that is no reference', async t => {
  const allowed = '&amp;&lt;&gt;&quot;&apos;&#9;&#xa;&#13;&#252;&#xFC;&#xd7ff;&#xe000;&#x10FFFF;'
  for (const text of [`<a b="${allowed}">${allowed}</a>`, '<a><![CDATA[&b;]]></a><!-- &c; -->', '<a/><!-- &b;']) {
    t.equal(xmlMistake(text), undefined)
  }
})

t.test('xmlMistake: finds hyphens that end no comment, and characters that XML does not allow', async t => {
  for (const [text, what, offset] of [
    ['<a><!-- b -- c --></a>', 'comment', 3],
    ['<a><!-- b ---></a>', 'comment', 3],
    ['<!-- b -- c', 'comment', 0],
    ['<a b="c&d=e"/>', '&', 7],
    ['<a b="&amp"/>', '&', 6],
    [`<a>&${'b'.repeat(65)};</a>`, '&', 3],
    ['<a>\u0001</a>', 'character U+0001', 3],
    ['<a>\ufffe</a>', 'character U+FFFE', 3]
  ] as const) {
    t.match(xmlMistake(text), { what, offset })
  }
  for (const text of ['<!----><a>\t\r\n</a>', '<!-- - b - --><a/>', '<a><![CDATA[<!-- -- -->]]></a>']) {
    t.equal(xmlMistake(text), undefined)
  }
})

t.test('withoutMistakes: keeps the text, with references as they are written', async t => {
  t.equal(
    withoutMistakes('<a>M&uuml;nchen &amp; \u0001<!-- b -- c -->&c;<!-- d --></a>'),
    '<a>M&amp;uuml;nchen &amp;   &amp;c;<!-- d --></a>'
  )
  const piece = fc.constantFrom(
    '<!--',
    '-->',
    '--',
    '-',
    '<![CDATA[',
    ']]>',
    '<?',
    '?>',
    '&',
    ';',
    '&#1;',
    'a',
    '\u0001'
  )
  fc.assert(
    fc.property(fc.array(piece), pieces => {
      const text = pieces.join('')
      const mended = withoutMistakes(text)
      return xmlMistake(mended) === undefined && (xmlMistake(text) !== undefined || mended === text)
    })
  )
})
