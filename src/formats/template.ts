/**
 * Compiled, then filled: a document is written once with marks where values will stand, cut at the marks, and for each
 * request only put together again.
 */
export type Values<Name extends string> = Readonly<Record<Name, string>>
export type Template<Name extends string> = (values: Values<Name>) => Filled

export interface Filled {
  /** With `asBytes`, one character a byte. */
  readonly text: string
  /** Length in UTF-8, which is known here without looking at the whole text again. */
  readonly bytes: number
}

// Unicode non-characters: the settings and address types refuse them, so no text of anybody's can look like a mark.
const open = '\ufdd0'
const close = '\ufdd1'
const mark = new RegExp(`${open}(\\d+)${close}`)

export interface CompileOptions {
  /**
   * The text is UTF-8 already, one character a byte. Why: of a long document that is not all ASCII, most of the time would
   * go into encoding the same text again and again.
   */
  readonly asBytes?: boolean
}

/**
 * @param names the values that differ from request to request
 * @param write writes the document, putting `marks.<name>` where a value goes
 * @param toSafe makes a value safe in the document's format
 * @returns fills the document with values, each escaped
 */
export function compile<Name extends string>(
  names: readonly Name[],
  write: (marks: Values<Name>) => string,
  toSafe: (value: string) => string,
  { asBytes = false }: CompileOptions = {}
): Template<Name> {
  const encode = asBytes ? toBytes : String
  const lengthOf = asBytes ? ({ length }: string) => length : (text: string) => Buffer.byteLength(text)
  const marks = Object.fromEntries(names.map((name, index) => [name, `${open}${index}${close}`])) as Values<Name>
  // Why: split with a group gives text, index, text, index, text.
  const pieces = write(marks)
    .split(mark)
    .map((piece, place) => (place % 2 === 0 ? encode(piece) : piece))
  const placesOf = (index: number) => pieces.keys().filter(place => place % 2 === 1 && pieces[place] === String(index))
  const slots = names
    .map((name, index) => ({ name, places: [...placesOf(index)] }))
    .filter(({ places }) => places.length > 0)
  const fixedBytes = lengthOf(pieces.filter((_, place) => place % 2 === 0).join(''))
  return values => {
    const filled = [...pieces]
    let bytes = fixedBytes
    for (const { name, places } of slots) {
      const value = encode(toSafe(values[name]))
      bytes += lengthOf(value) * places.length
      for (const place of places) filled[place] = value
    }
    // Why joined: a text that is put together with + is a chain of pieces, which costs more to write out than it saved.
    return { text: filled.join(''), bytes }
  }
}

function toBytes(text: string): string {
  return Buffer.byteLength(text) === text.length ? text : Buffer.from(text).toString('latin1')
}
