import fc from 'fast-check'
import t from 'tap'
import { found } from '../../../src/settings/load/finding.ts'
import { toDomain, toUnicode } from '../../../src/settings/question/domain.ts'
import { anyAsciiDomain, anyTyped } from '../../support/settings/typed.ts'

const longLabel = 'a'.repeat(63)
const longName = `${`${longLabel}.`.repeat(3)}${'a'.repeat(61)}`

for (const [what, text, domain] of [
  ['capital letters', 'Example.COM', 'example.com'],
  ['a trailing dot', 'example.com.', 'example.com'],
  ['U-labels', 'Müller.example', 'xn--mller-kva.example'],
  ['U-labels in decomposed letters', 'mu\u0308ller.example', 'xn--mller-kva.example'],
  ['A-labels', 'XN--mller-kva.example', 'xn--mller-kva.example'],
  ['ß as IDNA 2008 does, not as ss', 'faß.de', 'xn--fa-hia.de'],
  ['full-width letters and dots', 'ｅｘａｍｐｌｅ。com', 'example.com'],
  ['one label', 'localhost', 'localhost'],
  ['labels that begin with a digit', '1und1.4you.example', '1und1.4you.example'],
  ['hyphens inside', 'a-b--c.example', 'a-b--c.example'],
  ['a label of 63 octets', `${longLabel}.example`, `${longLabel}.example`],
  ['a name of 253 octets', longName, longName]
] as const) {
  t.test(`toDomain: takes ${what}`, async t => t.equal(toDomain(text), domain))
}

for (const [what, ...texts] of [
  ['nothing', '', '.', '..', '\u00ad'],
  ['IP addresses', '192.0.2.1', '192.0.2.1.', '[192.0.2.1]', '::1', '[::1]', '0x7f000001', '2130706433'],
  ['what the URL parser takes for an IP address', '1.2.3', '１.２.３', '0x7f.1', '1.0x7f', 'a.1', 'a.１', 'a.٣'],
  ['empty labels', '.example', 'a..example', 'example..', 'example。'],
  ['hyphens at the ends of a label', '-a.example', 'a-.example', 'a.example-'],
  [
    'spaces and control characters',
    'a b.example',
    ' a.example',
    'a.example\n',
    'a\t.example',
    'a\0.example',
    '\u0001a.c'
  ],
  ['what a host could be read out of', 'a.example/evil', 'a.example?b', 'a.example#b', 'a.example\\b', 'b@a.example'],
  ['ports', 'a.example:443', 'a.example:'],
  ['percent signs', 'a%62.example', '%EMAILDOMAIN%', 'a%', '％41.example'],
  ['other marks', 'a_b.example', '*.example', 'a,b', 'a;b', 'a"b', "a'b", 'a<b', 'a|b', 'a!b', 'a~b', 'a／b.example'],
  ['A-labels of nothing', 'xn--', 'xn--.example', 'xn--1-.example'],
  ['lone surrogates', '\ud800.example'],
  ['labels over 63 octets', `${longLabel}a.example`, `${'ü'.repeat(60)}.example`],
  ['names over 253 octets', `${longName}a`, `${'a.'.repeat(5000)}a`]
] as const) {
  t.test(`toDomain: refuses ${what}`, async t => {
    for (const text of texts) t.equal(toDomain(text), undefined, found(text))
  })
}

t.test('toDomain: is idempotent, and answers letters, digits, hyphens and dots only', async () => {
  fc.assert(
    fc.property(anyTyped, text => {
      const domain = toDomain(text)
      return domain === undefined || (toDomain(domain) === domain && /^[a-z0-9.-]{1,253}$/.test(domain))
    })
  )
})

t.test('toDomain: returns ASCII in small letters and without the last dot', async () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii' }), text => {
      const domain = toDomain(text)
      return domain === undefined || domain === text.toLowerCase().replace(/\.$/, '')
    })
  )
})

t.test('toDomain: the short way for names that are canonical agrees with the long way', async () => {
  // A trailing dot or a capital takes the long way.
  fc.assert(
    fc.property(anyAsciiDomain, domain => {
      return [domain, `${domain}.`, domain.toUpperCase()].every(text => toDomain(text) === domain)
    })
  )
})

t.test('toUnicode: shows U-labels, which lead back to the same domain', async t => {
  t.equal(toUnicode('xn--mller-kva.example'), 'müller.example')
  fc.assert(
    fc.property(anyTyped, text => {
      const domain = toDomain(text)
      return domain === undefined || toDomain(toUnicode(domain)) === domain
    })
  )
})
