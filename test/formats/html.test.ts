import fc from 'fast-check'
import t from 'tap'
import { escapeHtml, type Html, html } from '../../src/formats/html.ts'
import { compile } from '../../src/formats/template.ts'

/** Texts that strangers may send, with characters that must be escaped. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('</p><script>', '" onclick="', "' x='", '&lt;', '&#39', '{slot}', '[menu]', '\ufdd00\ufdd1', '-->')
)

/** Reads the text of markup back, as a browser does, and fails where there is markup in it. */
function textOf(markup: string): string {
  if (/[<>"']/.test(markup)) throw new Error(markup)
  return markup.replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => named[name] ?? '')
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

t.test('html: no text closes a tag or an attribute, and each reads back unchanged', async () => {
  fc.assert(
    fc.property(text, text, (a, b) => {
      const { html: markup } = html`<p title="${a}">${b}</p>`
      const [, title = '', content = ''] = /^<p title="([^"]*)">([^<]*)<\/p>$/.exec(markup) ?? []
      return textOf(title) === a && textOf(content) === b
    })
  )
})

t.test('html: nested html is not escaped again, at any depth', async () => {
  fc.assert(
    fc.property(fc.array(text), texts => {
      const items = texts.map(text => html`<li>${text}</li>`)
      const { html: markup } = html`<ul>${items}</ul>`
      return markup === `<ul>${texts.map(text => `<li>${escapeHtml(text)}</li>`).join('')}</ul>`
    })
  )
})

t.test('html: undefined is empty, a number is its digits, and lists may be nested', async t => {
  const nothing: Html | undefined = undefined
  t.equal(html`<p>${nothing}${0}${[1, ['<', html`<br>`], undefined]}</p>`.html, '<p>01&lt;<br></p>')
})

t.test('html: a text without special characters stays the same', async t => {
  t.equal(escapeHtml('jane@example.com → ü'), 'jane@example.com → ü')
})

t.test('html: values in a compiled template stay text', async () => {
  fc.assert(
    fc.property(text, value => {
      const fill = compile(['value'], marks => html`<p title="${marks.value}">${marks.value}</p>`.html, escapeHtml)
      return fill({ value }).text === html`<p title="${value}">${value}</p>`.html
    })
  )
})
