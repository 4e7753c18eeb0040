/**
 * Anything that may be typed where a domain or an address is asked for, with a bias to what trips parsers.
 */
import fc from 'fast-check'

const piece = fc.oneof(
  fc.constantFrom(
    '.',
    '-',
    '@',
    'a',
    'B',
    '0',
    'xn--',
    'example',
    '127.0.0.1',
    '/',
    '%41',
    ':993',
    '[',
    ' ',
    '\t',
    '\0'
  ),
  fc.constantFrom(
    'ß',
    'ü',
    'u\u0308',
    'ｘ',
    '１',
    '。',
    '／',
    '％',
    '＠',
    '①',
    'İ',
    '中',
    'א',
    '\u00ad',
    '\u200d',
    '\u202e'
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  fc.constant('\ud800')
)

export const anyTyped: fc.Arbitrary<string> = fc.string({ unit: piece, maxLength: 20 })

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/)

/** Small letters, digits, hyphens: a domain as it is stored. */
export const anyAsciiDomain: fc.Arbitrary<string> = fc
  .tuple(fc.array(label, { maxLength: 4 }), fc.stringMatching(/^[a-z]{2,10}$/))
  .map(([labels, top]) => [...labels, top].join('.'))
  .filter(domain => !domain.includes('xn--'))
