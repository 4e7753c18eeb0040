/**
 * Where a listener is asked to be, by an option or its environment variable.
 */
import { errors } from '../errors.ts'
import type { Call } from './command.ts'

export interface AskedPlace {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
}

/** @returns undefined where nobody asks. @throws AC_USAGE */
export function askedPlace(
  { options, terminal }: Call,
  option: 'listen' | 'listen-tls' | 'listen-admin'
): AskedPlace | undefined {
  const variable = `SIGNPOST_${option.toUpperCase().replace('-', '_')}`
  const text = String(options[option] ?? terminal.env[variable] ?? '')
  if (text === '') return undefined
  const match = /^(?:\[([\da-fA-F:.]+)\]|([^:[\]\s]*)):(\d{1,5})$/.exec(text)
  const port = Number(match?.[3])
  if (match === null || port > 65535) {
    const name = options[option] === undefined ? variable : `--${option}`
    throw errors.usage({
      problem: `${name}: found "${text}", expected HOST:PORT such as 127.0.0.1:8080, [::]:8080 or :8080`
    })
  }
  return { host: match[1] ?? (match[2] || '0.0.0.0'), port }
}
