import fc from 'fast-check'
import t from 'tap'
import { highlight } from '../../../src/console/frame/http-message.ts'
import { escapeHtml } from '../../../src/formats/html.ts'

t.test('highlight: names and values of XML and JSON are marked, and nothing becomes markup', async t => {
  t.equal(
    highlight('<a b="c">d & e</a>', 'text/xml').html,
    '<b>&lt;a</b> b=<i>&quot;c&quot;</i>&gt;d &amp; e<b>&lt;/a</b>&gt;'
  )
  t.equal(
    highlight('{"a": "b", "c": 1}', 'application/json').html,
    '{<b>&quot;a&quot;</b>: <i>&quot;b&quot;</i>, <b>&quot;c&quot;</b>: 1}'
  )
  t.equal(highlight('<a>', 'text/plain').html, '&lt;a&gt;')
  t.equal(highlight('<a>', 'application/x-apple-aspen-config').html, '<b>&lt;a</b>&gt;')
})

t.test('highlight: the text stays the same', async t => {
  const texts = fc.stringMatching(/^[<>"a:{}/& \n]*$/)
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(texts, fc.constantFrom('text/xml', 'application/json', 'text/plain'), (text, type) => {
        return highlight(text, type).html.replace(/<\/?[bi]>/g, '') === escapeHtml(text)
      })
    )
  )
})
