/**
 * A log line as a person reads it, by pino-pretty.
 */
import { prettyFactory } from 'pino-pretty'
import { printable } from '../../settings/load/finding.ts'

export interface PrettyLineOptions {
  readonly colours: boolean
}

/** What an access line says in its text, and not behind it. */
const accessFields = 'dialect,outcome,status,client,domain,ms,clientAddress'

/** @returns converts a line of JSON to text that ends in a line feed */
export function createPrettyLine({ colours }: PrettyLineOptions): (line: string) => string {
  const toText = prettyFactory({
    colorize: colours,
    translateTime: 'SYS:HH:MM:ss.l',
    singleLine: true,
    ignore: accessFields,
    messageFormat: (log, key) => (log.outcome === undefined ? String(log[key] ?? '') : accessText(log))
  })
  // Why: messages may contain what a database or a directory says, and a terminal obeys escape sequences.
  return line => `${toText(JSON.parse(line, escaped)).trimEnd()}\n`
}

function accessText({ dialect, outcome, status, client, domain, ms, clientAddress }: Record<string, unknown>): string {
  const about = [dialect === 'none' ? undefined : dialect, domain, outcome].filter(part => part !== undefined).join(' ')
  const from = clientAddress === undefined ? '' : ` at ${clientAddress}`
  return `${about} (${status}) to ${client}${from} in ${ms} ms`
}

function escaped(key: string, value: unknown): unknown {
  if (typeof value !== 'string') return value
  return key === 'stack' ? value.split('\n').map(printable).join('\n') : printable(value)
}
