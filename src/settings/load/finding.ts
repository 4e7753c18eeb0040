/**
 * A fault of a settings table with its place in a file.
 */
export interface Finding {
  readonly severity: 'error' | 'warning'
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
export function describe({ severity, file, line, column, path, message }: Finding): string {
  const place = path === '' ? '' : ` ${path}:`
  return `${file}:${line}:${column}${place} ${severity === 'warning' ? 'warning: ' : ''}${message}`
}

//@@ src/settings/load/fault.ts
//@@ /**
//@@  * What is wrong with a settings table, and at which path of it.
//@@  */
export type Path = readonly (string | number)[]

export interface Fault {
  readonly severity: 'error' | 'warning'
  readonly path: Path
  /** What was found and what is allowed. */
  readonly message: string
  /** The fault is in the key, not in its value. */
  readonly ofKey?: boolean
}

export function error(path: Path, message: string): Fault {
  return { severity: 'error', path, message: printable(message) }
}

export function warning(path: Path, message: string): Fault {
  return { severity: 'warning', path, message: printable(message) }
}

/** @returns the error that a value is not what is allowed */
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

/** @returns a value as an error message shows it: short, on one line */
export function found(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object') return 'a mapping'
  return typeof value === 'string' ? quote(value) : String(value)
}

const longest = 58

function quote(value: string): string {
  const text = withoutUserinfo(value)
  const characters = [...text]
  const short = characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : text
  return printable(JSON.stringify(short))
}

/**
 * Why not only well-formed URLs: a password with a slash or a space in it breaks the URL that it stands in.
 * @returns the text without whatever comes before its last @, if a colon or a slash is among it
 */
export function withoutUserinfo(text: string): string {
  const at = text.lastIndexOf('@')
  return at > 0 && /[:/]/.test(text.slice(0, at)) ? `…${text.slice(at)}` : text
}

/** Why: a finding is one line of a terminal, and some characters move the cursor or turn the line round. */
export function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, character => `\\u{${character.codePointAt(0)?.toString(16)}}`)
}
