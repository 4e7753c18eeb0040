/**
 * Bodies of POX requests as bytes (latin1): those of real programs, changed; other XML; other encodings; bombs.
 */
import { outlookSchema, poxRequest } from '../support/pox-request.ts'
import { canary, markupCanary } from './canary.ts'
import { anyAddress, anyText, bytesOf } from './grammar.ts'
import type { Random } from './random.ts'

const mobileSync = 'http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006'

export function anyPoxBody(random: Random): string {
  const kind = random.below(100)
  if (kind < 10) return bytesOf(anyText(random, canary('body')))
  // Why so few: they take a hundred times longer.
  if (kind < 11) return random.pick(bombs)(random)
  const text = document(random)
  const changed = kind < 50 ? text : mutate(text, random)
  return kind < 85 ? bytesOf(changed) : inOtherEncoding(changed, random)
}

function document(random: Random): string {
  const address = random.chance(70) ? escaped(anyAddress(random)) : anyAddress(random)
  const schema = random.chance(80)
    ? random.pick([outlookSchema, outlookSchema.toUpperCase(), mobileSync, outlookSchema.replace('http:', 'https:')])
    : anyText(random, canary('body'))
  const request = poxRequest(address, schema)
  const kind = random.below(10)
  if (kind < 5) return request
  if (kind === 5)
    return request.replace('<Request>', `<Request><LegacyDN>${random.pick(['', canary('body')])}</LegacyDN>`)
  if (kind === 6) return request.replaceAll(/<(\/?)(?=[AER])/g, '<$1p:').replace('xmlns=', 'xmlns:p=')
  if (kind === 7) return `${request}'`
  if (kind === 8) return request.replace('<EMailAddress>', '<EMailAddress><![CDATA[').replace('</EMailA', ']]></EMailA')
  return request.replace(/\n\s*/g, random.pick(['', '\r\n', '\t', '\u00a0', '<!-- -->', `<?${canary('body')} ?>`]))
}

const pieces = [
  '<',
  '>',
  '</',
  '/>',
  '&',
  '&#0;',
  '&#x41;',
  '&#xfdd0;',
  '&#1114112;',
  '&#99999999999;',
  '&lt;',
  '&amp;',
  ']]>',
  '<![CDATA[',
  '<!--',
  '-->',
  '<?xml version="1.1"?>',
  '<!DOCTYPE a>',
  '<!ENTITY a "b">',
  '"',
  "'",
  '\0',
  '\u0001',
  '\ufffe',
  '\ud800',
  '<__proto__>',
  '<constructor>',
  'xmlns=""',
  ' a="b"',
  '\u00e4',
  '\u{1f4eb}',
  `<${markupCanary}>`,
  '<EMailAddress>',
  '</Request>',
  '<Request>',
  '</Autodiscover>'
] as const

/** Removes, repeats, inserts and swaps parts a few times. */
function mutate(text: string, random: Random): string {
  let changed = text
  for (let turn = random.below(4); turn >= 0; turn--) {
    const at = random.below(changed.length + 1)
    const to = Math.min(changed.length, at + random.below(random.chance(80) ? 12 : 300))
    const part = changed.slice(at, to)
    const rest = changed.slice(to)
    const start = changed.slice(0, at)
    const kind = random.below(5)
    if (kind === 0) changed = start + rest
    else if (kind === 1) changed = start + part + part + rest
    else if (kind === 2) changed = `${start}${random.pick(pieces)}${part}${rest}`
    else if (kind === 3) changed = start + String.fromCodePoint(random.below(0x110000)) + rest
    else changed = `${start}${canary('body')}${rest}`
  }
  return changed
}

function inOtherEncoding(text: string, random: Random): string {
  const kind = random.below(5)
  if (kind === 0) return `\xff\xfe${Buffer.from(text, 'utf16le').toString('latin1')}`
  if (kind === 1)
    return `\xfe\xff${Buffer.from(text.isWellFormed() ? text : 'x', 'utf16le')
      .swap16()
      .toString('latin1')}`
  if (kind === 2) return Buffer.from(text, 'utf16le').toString('latin1')
  if (kind === 3) return `\xef\xbb\xbf${bytesOf(text)}`
  // Overlong encodings of markup characters.
  return bytesOf(text).replaceAll(
    random.pick(['<', '@', '/', '.']),
    random.pick(['\xc0\xbc', '\xe0\x80\xbc', '\xf0\x80\x80\xbc', '\xc0\xaf'])
  )
}

const bombs: readonly [(random: Random) => string, ...((random: Random) => string)[]] = [
  () =>
    `<!DOCTYPE a [${Array.from({ length: 20 }, (_, at) => `<!ENTITY e${at} "${`&e${at - 1};`.repeat(10)}">`).join('')}]><Autodiscover>&e19;</Autodiscover>`,
  () => `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>${poxRequest('&x;@example.com')}`,
  () => `<?xml version="1.0"?><!doctype a PUBLIC "-//a" "http://127.0.0.1:1/a.dtd">${poxRequest('jane@example.com')}`,
  random => '<a>'.repeat(random.below(5_000)),
  random => `${'<Autodiscover><Request>'.repeat(random.below(700))}`,
  random =>
    poxRequest('jane@example.com').replace(
      '<Request>',
      `<Request ${Array.from({ length: random.below(1_500) }, (_, at) => `a${at}=""`).join(' ')}>`
    ),
  random => `<Autodiscover ${'a '.repeat(random.below(8_000))}`,
  random => poxRequest(`${'&#65;'.repeat(random.below(3_000))}@example.com`),
  random => '&#x41;'.repeat(random.below(2_700)),
  random => `<Autodiscover>${' '.repeat(random.below(16_000))}`,
  random =>
    poxRequest(
      `jane@example.com</EMailAddress>${`<EMailAddress>${canary('body')}</EMailAddress>`.repeat(random.below(300))}<EMailAddress>`
    ),
  random => `<${'A'.repeat(random.below(16_000))}>`,
  random => `<Autodiscover xmlns="${'x'.repeat(random.below(16_000))}`,
  random => `<!--${'-'.repeat(random.below(16_000))}`,
  random => `<![CDATA[${']'.repeat(random.below(16_000))}`
]

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
