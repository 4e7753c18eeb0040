/**
 * How an attacker could find out whether a mailbox exists: by requesting variants of its address, and comparing which
 * responses are equal with those to the same variants of other addresses.
 */

/**
 * @param name a local part, all of them with e as the last letter: which variants are the same text depends on it
 * @returns variants that databases, collations and queries may treat as equal
 */
export function variantsOf(name: string): readonly string[] {
  const [first = '', ...rest] = name
  const tail = rest.join('')
  const ending = name.slice(0, -1)
  const accents: Readonly<Record<string, string>> = { a: 'á', e: 'é', o: 'ø', u: 'ú', n: 'ñ' }
  const accented = [...name].map(letter => accents[letter] ?? letter)
  return [
    name,
    // Letter case.
    name.toUpperCase(),
    `${first.toUpperCase()}${tail}`,
    // Accents, composed and as combining marks (general_ci, unicode_ci, latin1_swedish_ci, ICU level 1).
    accented.join(''),
    accented.join('').normalize('NFD'),
    accented.join('').toUpperCase(),
    `${ending}${accented.at(-1)}`,
    // Compatibility forms: full width, mathematical, superscript (NFKC, stringprep).
    String.fromCodePoint(...[...name].map(letter => (letter.codePointAt(0) ?? 0) + 0xfee0)),
    String.fromCodePoint(...[...name].map(letter => (letter.codePointAt(0) ?? 0) - 0x61 + 0x1d41a)),
    // Characters that collations ignore: combining grapheme joiner, variation selector, Hangul filler, a lone accent.
    ...['\u034f', '\ufe0f', '\u115f', '\u0301'].flatMap(ignored => [`${name}${ignored}`, `${first}${ignored}${tail}`]),
    // Punctuation (ICU, shifted), dots (Gmail), tags of several kinds.
    `${first}-${tail}`,
    `${first}.${tail}`,
    `${name}.`,
    `${name}+tag`,
    `${name}+Tag`,
    `${name}+other`,
    `${name}-tag`,
    `${name}=tag`,
    `+${name}`,
    // Wildcards of LIKE and of LDAP.
    `${ending}_`,
    `${ending}%`,
    `${ending}*`,
    `%${name}`,
    // Prefixes and other lengths.
    ending,
    `${name}x`
  ]
}

/** @returns for each response, the index of the first equal one */
export function patternOf(answers: readonly string[]): readonly number[] {
  return answers.map(answer => answers.indexOf(answer))
}
