/**
 * Any Unicode code point, including lone surrogates and non-characters.
 */
import fc from 'fast-check'

// Why not fast-check's unit "binary": it takes three seconds to build.
export const anyCharacter: fc.Arbitrary<string> = fc
  .oneof(fc.nat(0xff), fc.nat(0xffff), fc.nat(0x10ffff))
  .map(codePoint => String.fromCodePoint(codePoint))
