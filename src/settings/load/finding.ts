/**
 * Problems of a settings table: a fault names the path in the table, a finding adds the position in the file.
 */
export type Path = readonly (string | number)[]

/** `note`: nothing is wrong, but an administrator has to know. */
export type Severity = 'error' | 'warning' | 'note'

export interface Fault {
  readonly severity: Severity
  readonly path: Path
  /** What was found and what is allowed. */
  readonly message: string
  /** The key is wrong, not its value. */
  readonly ofKey?: boolean
  /** The path of another value that the message mentions. Its position is added to the message. */
  readonly other?: Path
  /** Other values without which there might be no fault: those that it misses, or compares with. */
  readonly basedOn?: readonly Path[]
}

/** In a path of `basedOn`: every item of a list. */
export const everyItem = '*'

/** A fault with its position in a file. */
export interface Finding {
  readonly severity: Severity
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
  /** `providers[0].servers[2].port`; empty for the file as a whole. */
  readonly path: string
  /** What was found and what is allowed. */
  readonly message: string
}

/** @returns one line: `config/signpost.yaml:12:9 providers[0].servers[2].port: found "imaps", expected …` */
export function describe(finding: Finding): string {
  const { severity, path, message } = finding
  const location = path === '' ? '' : ` ${path}:`
  return `${describePosition(finding)}${location} ${severity === 'error' ? '' : `${severity}: `}${message}`
}

/** @returns `config/signpost.yaml:12:9` */
export function describePosition({ file, line, column }: Finding): string {
  return `${printable(file)}:${line}:${column}`
}

export function error(path: Path, message: string): Fault {
  return { severity: 'error', path, message: printable(message) }
}

export function warning(path: Path, message: string): Fault {
  return { severity: 'warning', path, message: printable(message) }
}

export function note(path: Path, message: string): Fault {
  return { severity: 'note', path, message: printable(message) }
}

/** @param paths of values without which there might be no fault. @returns the faults, if they say so too */
export function basedOn(paths: readonly Path[], faults: readonly Fault[]): Fault[] {
  return faults.map(fault => ({ ...fault, basedOn: [...(fault.basedOn ?? []), ...paths] }))
}

/** @returns the error `found VALUE, expected WHAT` */
export function expected(path: Path, value: unknown, what: string): Fault {
  return error(path, `found ${found(value)}, expected ${what}`)
}

/** @returns `providers[0].servers[2].port`; empty for the table as a whole */
export function pathText(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`
    if (!/^[\w-]+$/.test(key)) return `${text}[${quote(key)}]`
    return text === '' ? key : `${text}.${key}`
  }, '')
}

/** @param text of a path whose keys are words. @returns the path */
export function pathOfText(text: string): Path {
  return Array.from(text.matchAll(/[^.[\]]+/g), ([key]) => (/^\d+$/.test(key) ? Number(key) : key))
}

/** @returns a value as error messages show it: short and on one line */
export function found(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object') return 'a mapping'
  return typeof value === 'string' ? quote(value) : String(value)
}

/** In characters. */
const longestQuote = 58

function quote(value: string): string {
  const text = withoutUserinfo(value)
  const characters = [...text]
  const short = characters.length > longestQuote ? `${characters.slice(0, longestQuote - 1).join('')}…` : text
  return printable(JSON.stringify(short))
}

/**
 * Removes what may be a password from a text that may be a URL.
 *
 * Why: this also covers text that is not a valid URL, because a password with a slash or a space makes its URL invalid.
 * @returns the text without everything before its last @, if that part contains a colon or a slash
 */
export function withoutUserinfo(text: string): string {
  const at = text.lastIndexOf('@')
  return at > 0 && /[:/]/.test(text.slice(0, at)) ? `…${text.slice(at)}` : text
}

/**
 * @returns the text with unprintable characters as `\u{…}`. Why: a finding is one line in a terminal, and these
 * characters can move the cursor or reverse the direction of the text.
 */
export function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, character => `\\u{${character.codePointAt(0)?.toString(16)}}`)
}

/** @returns the beginning of a text of any length, in printable characters. @param longest before characters are made visible */
export function printableStart(text: string, longest: number): string {
  return printable(text.length > longest ? `${text.slice(0, longest)}…` : text)
}
