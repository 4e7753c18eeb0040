/**
 * What is wrong with a settings table, and where.
 */
export type Path = readonly (string | number)[]

/** What is wrong, and at which path. */
export interface Fault {
  readonly severity: 'error' | 'warning'
  readonly path: Path
  /** What was found and what is allowed. */
  readonly message: string
  /** The fault is in the key, not in its value. */
  readonly ofKey?: boolean
}

/** A fault with its place in a file. */
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

export function pathText(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`
    return text === '' ? key : `${text}.${key}`
  }, '')
}

/** @returns a value as an error message shows it: short, on one line */
export function found(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object') return 'a mapping'
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}…"` : text
}
