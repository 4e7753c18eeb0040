/**
 * Templates: a document is written once with marks in the positions of values and split at the marks. For each request,
 * only the pieces are joined.
 */
export type Values<Name extends string> = Readonly<Record<Name, string>>
export type Template<Name extends string> = (values: Values<Name>) => Filled

export interface Filled {
  /** With `asBytes`, each character is one byte. */
  readonly text: string
  /** Length in UTF-8, computed without reading the whole text again. */
  readonly bytes: number
}

// Why: settings and addresses cannot contain these Unicode non-characters, so no text can look like a mark.
const open = '\ufdd0'
const close = '\ufdd1'
const mark = new RegExp(`${open}(\\d+)${close}`)

export interface CompileOptions {
  /**
   * Whether the text is encoded in advance as UTF-8, with one character for each byte. Why: most of the time for a long
   * document with non-ASCII text would otherwise be spent on encoding the same text again.
   */
  readonly asBytes?: boolean
}

/**
 * @param names names of the values that differ between requests
 * @param write writes the document with `marks.<name>` in the position of each value
 * @param toEscaped escapes a value for the format of the document
 * @returns a function that fills the document with escaped values
 */
export function compile<Name extends string>(
  names: readonly Name[],
  write: (marks: Values<Name>) => string,
  toEscaped: (value: string) => string,
  { asBytes = false }: CompileOptions = {}
): Template<Name> {
  const encode = asBytes ? toBytes : String
  const lengthOf = asBytes ? ({ length }: string) => length : (text: string) => Buffer.byteLength(text)
  const marks = Object.fromEntries(names.map((name, index) => [name, `${open}${index}${close}`])) as Values<Name>
  // Why: splitting at a pattern with a group results in text, index, text, index, text.
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
      const value = encode(toEscaped(values[name]))
      bytes += lengthOf(value) * places.length
      for (const place of places) filled[place] = value
    }
    // Why: concatenation with + creates a chain of pieces, which takes longer to send than join() takes.
    return { text: filled.join(''), bytes }
  }
}

function toBytes(text: string): string {
  return Buffer.byteLength(text) === text.length ? text : Buffer.from(text).toString('latin1')
}

/** @returns the text as the content of a JSON string (RFC 8259), without its quotes */
export function escapeJson(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}
