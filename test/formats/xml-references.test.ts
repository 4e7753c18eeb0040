import t from 'tap'
import { badReference } from '../../src/formats/xml-references.ts'

t.test('badReference: finds the first entity that XML does not define', async t => {
  for (const [text, reference, offset] of [
    ['<a>M&uuml;nchen &copy;</a>', '&uuml;', 4],
    ['<a b="&nbsp;"/>', '&nbsp;', 6],
    ['<a>&AMP;</a>', '&AMP;', 3],
    ['<!-- &b; --><a>&c;</a>', '&c;', 15],
    ['<a><![CDATA[&b;]]>&c;</a>', '&c;', 18],
    ['<?b &c;?><a>&d;</a>', '&d;', 12]
  ] as const) {
    t.same(badReference(text), { reference, offset })
  }
})

t.test('badReference: finds characters that XML does not allow', async t => {
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
    t.match(badReference(`<a>${reference}</a>`), { reference })
  }
})

t.test('badReference: accepts the entities of XML, characters, and any text that is no reference', async t => {
  const allowed = '&amp;&lt;&gt;&quot;&apos;&#9;&#xa;&#13;&#252;&#xFC;&#xd7ff;&#xe000;&#x10FFFF;'
  for (const text of [`<a b="${allowed}">${allowed}</a>`, '<a><![CDATA[&b;]]></a><!-- &c; -->', '<a/><!-- &b;']) {
    t.equal(badReference(text), undefined)
  }
})
