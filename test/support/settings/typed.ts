/**
 * Any input for a domain or an address, often with characters that are difficult for parsers.
 */
import fc from 'fast-check'

/** Any code point, including lone surrogates. Why not fast-check's unit "binary": it takes a second longer to build. */
export const anyCharacter: fc.Arbitrary<string> = fc.nat(0x10ffff).map(code => String.fromCodePoint(code))

const piece = fc.oneof(
  fc.constantFrom(...'.-@aB0/[ \t\0', 'xn--', 'example', '127.0.0.1', '%41', ':993'),
  fc.constantFrom(...'ßüｘ１。／％＠①İ中א', 'u\u0308', '\u00ad', '\u200d', '\u202e'),
  anyCharacter
)

export const anyTyped: fc.Arbitrary<string> = fc.string({ unit: piece, maxLength: 20 })

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/)

/** A domain in its stored form: lower-case letters, digits, hyphens. */
export const anyAsciiDomain: fc.Arbitrary<string> = fc
  .tuple(fc.array(label, { maxLength: 4 }), fc.stringMatching(/^[a-z]{2,10}$/))
  .map(([labels, top]) => [...labels, top].join('.'))
  .filter(domain => !domain.includes('xn--'))
