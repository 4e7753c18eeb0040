/**
 * Any text that settings accept and XML can contain, often with characters that need escaping.
 */
import fc from 'fast-check'
import { anyCharacter } from './character.ts'

const trouble = [
  '&',
  '<',
  '>',
  '"',
  "'",
  ']]>',
  '&amp;',
  '<!--',
  '<?',
  '%',
  '$&',
  '\\',
  '\u{1f468}\u200d\u{1f680}',
  'ש',
  'ß'
]

// Why: no text of settings or people has them. Observed: xmldom 0.9, an oracle of the tests, reads U+2028 as a line feed,
// which only XML 1.1 does, and warns of U+FFFD.
const unwritten = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\ufffd]/gu

/** Characters that are invisible or change the display of others, except joiners and variation selectors. */
const invisible = /(?!\u200c|\u200d|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}])[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu

/** @param most in code points. @returns names that people may have */
export function anyPersonName(most: number): fc.Arbitrary<string> {
  return anyText(most)
    .map(text => text.replace(invisible, '').trim())
    .filter(text => text.replace(/\u200c|\u200d|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]/gu, '').trim() !== '')
}

/** @param most in code points. @returns trimmed texts, never empty */
export function anyText(most: number): fc.Arbitrary<string> {
  return fc
    .string({ unit: fc.oneof(fc.constantFrom(...trouble), anyCharacter), minLength: 1, maxLength: most })
    .map(text => text.replace(unwritten, '').trim())
    .filter(text => text !== '' && [...text].length <= most)
}
