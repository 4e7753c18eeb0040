/**
 * Compiled, then filled: a document is written once with marks where values will stand, cut at the marks, and for each
 * request only put together again.
 */
export type Values<Name extends string> = Readonly<Record<Name, string>>
export type Template<Name extends string> = (values: Values<Name>) => string

// Unicode non-characters: the settings and address types refuse them, so no text of anybody's can look like a mark.
const open = '\ufdd0'
const close = '\ufdd1'
const mark = new RegExp(`${open}(\\d+)${close}`)

/**
 * @param names the values that differ from request to request
 * @param write writes the document, putting `marks.<name>` where a value goes
 * @param toSafe makes a value safe in the document's format
 * @returns fills the document with values, each escaped
 */
export function compile<Name extends string>(
  names: readonly Name[],
  write: (marks: Values<Name>) => string,
  toSafe: (value: string) => string
): Template<Name> {
  const marks = Object.fromEntries(names.map((name, index) => [name, `${open}${index}${close}`])) as Values<Name>
  const [head = '', ...parts] = write(marks).split(mark)
  // Why: split with a group gives index, text, index, text, …
  const gaps = parts.flatMap((part, at) => {
    const name = names[Number(part)]
    return at % 2 === 0 && name !== undefined ? [{ name, after: parts[at + 1] ?? '' }] : []
  })
  return values => gaps.reduce((text, { name, after }) => text + toSafe(values[name]) + after, head)
}
