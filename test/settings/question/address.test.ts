import fc from 'fast-check'
import t from 'tap'
import { found } from '../../../src/settings/load/finding.ts'
import { toAddress } from '../../../src/settings/question/address.ts'
import { toDomain } from '../../../src/settings/question/domain.ts'
import { anyTyped } from '../../support/settings/typed.ts'

for (const [what, ...localParts] of [
  ['letters of any case, digits and dots', 'jane', 'Jane.Doe', 'j', '00123', '1e5'],
  ['all marks of an RFC 5322 atom', 'jane+tag', 'a=b', 'a/b', "o'neill", 'a&b', '!#$%*-?^_`{|}~'],
  ['dots where some providers put them', 'a..b', '.a', 'a.'],
  ['letters of other scripts', 'jörg', 'пример', '用户', 'मेल', 'a\u0301'],
  ['emoji', '\u{1f4eb}', 'a\u{1f600}b'],
  ['64 octets', 'a'.repeat(64), 'ü'.repeat(32), '\u{1f4eb}'.repeat(16)]
] as const) {
  t.test(`toAddress: takes ${what}`, async t => {
    for (const localPart of localParts) {
      const text = `${localPart}@example.com`
      t.same(toAddress(text), { localPart, domain: 'example.com', text })
    }
  })
}

t.test('toAddress: answers the domain in A-labels and small letters', async t => {
  t.same(toAddress('Jane@Müller.Example.'), {
    localPart: 'Jane',
    domain: 'xn--mller-kva.example',
    text: 'Jane@xn--mller-kva.example'
  })
})

for (const [what, ...texts] of [
  ['nothing, and half an address', '', '@', 'jane', 'jane@', '@example.com', 'example.com'],
  ['several @', 'a@b@example.com', 'a@@example.com', '@a@example.com'],
  ['domains that are none', 'a@b c', 'a@[192.0.2.1]', 'a@192.0.2.1', 'a@example..com', 'a@example.com/b', 'a@-'],
  ['white space', ' a@example.com', 'a @example.com', 'a b@example.com', 'a\u00a0b@example.com', 'a\u2028@example.com'],
  ['control characters', 'a\0@example.com', 'a\r\nb@example.com', 'a\u007f@example.com', 'a\u0085@example.com'],
  [
    'quotes, brackets and backslashes',
    '"a"@example.com',
    'a\\b@example.com',
    '<a@example.com>',
    'a(b)@c.d',
    'a[b]@c.d'
  ],
  ['separators', 'a,b@example.com', 'a;b@example.com', 'mailto:a@example.com'],
  [
    'what reverses or hides text',
    'a\u202eb@example.com',
    'a\u200bb@example.com',
    'a\u2066b@c.d',
    '\ufeffa@example.com'
  ],
  ['non-characters and lone surrogates', 'a\ufdd0@example.com', 'a\uffff@example.com', 'a\ud800@example.com'],
  ['local parts over 64 octets', `${'a'.repeat(65)}@example.com`, `${'ü'.repeat(33)}@example.com`]
] as const) {
  t.test(`toAddress: refuses ${what}`, async t => {
    for (const text of texts) t.equal(toAddress(text), undefined, found(text))
  })
}

t.test('toAddress: takes 254 octets in all, and not one more', async t => {
  const domain = `${'d'.repeat(63)}.${'d'.repeat(63)}.${'d'.repeat(61)}`
  for (const localPart of ['a'.repeat(64), 'ü'.repeat(32)]) {
    t.ok(toAddress(`${localPart}@${domain}`))
    t.equal(toAddress(`${localPart}@${domain}d`), undefined)
  }
})

t.test('toAddress: the text of an accepted address reads back as the same address', async t => {
  fc.assert(
    fc.property(anyTyped, anyTyped, (localPart, domain) => {
      const address = toAddress(`${localPart}@${domain}`)
      if (address === undefined) return
      t.same(toAddress(address.text), address)
      t.equal(toDomain(address.domain), address.domain)
      t.ok(Buffer.byteLength(address.text) <= 254)
    })
  )
})

t.test('toAddress: agrees for every ASCII character with the atoms of RFC 5322 3.2.3', async t => {
  for (let code = 0; code < 128; code++) {
    const character = String.fromCharCode(code)
    const allowed = /[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~.]/.test(character)
    t.equal(toAddress(`a${character}b@example.com`) !== undefined, allowed, found(character))
  }
})
