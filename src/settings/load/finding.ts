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
