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
  const marks = Object.fromEntries(names.map((name, index) => [name, `${open}${index}${close}`])) as Values<Name>
  // Why: split with a group gives text, index, text, index, text.
  const [head = '', ...parts] = write(marks).split(mark).map(encode)
  const marked = parts.filter((_, at) => at % 2 === 0).map(Number)
  const texts = parts.filter((_, at) => at % 2 === 1)
  const usesOf = (index: number) => marked.filter(mark => mark === index).length
  const slots = names.map((name, index) => ({ name, index, uses: usesOf(index) })).filter(({ uses }) => uses > 0)
  const gaps = marked.map(mark => slots.findIndex(({ index }) => index === mark))
  const lengthOf = asBytes ? ({ length }: string) => length : (text: string) => Buffer.byteLength(text)
  const fixedBytes = lengthOf(head) + lengthOf(texts.join(''))
  return values => {
    let bytes = fixedBytes
    const safe = slots.map(({ name, uses }) => {
      const value = encode(toSafe(values[name]))
      bytes += lengthOf(value) * uses
      return value
    })
    // Why joined: a text that is put together with + is a chain of pieces, which costs more to write out than it saved.
    const pieces: (string | undefined)[] = [head]
    for (const [at, gap] of gaps.entries()) pieces.push(safe[gap], texts[at])
    return { text: pieces.join(''), bytes }
  }
}

function toBytes(text: string): string {
  return Buffer.from(text).toString('latin1')
}
