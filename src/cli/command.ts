/**
 * One command of the command line.
 */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { errors } from '../errors.ts'

export interface Option {
  readonly type: 'string' | 'boolean'
  /** The name of the value in help. */
  readonly value?: string
  readonly summary: string
}

/** Where a command reads and writes, so that tests can look. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

export interface Call {
  readonly options: Readonly<Record<string, string | boolean | undefined>>
  readonly args: readonly string[]
  readonly terminal: Terminal
}

export interface Command {
  readonly name: string
  /** Positional arguments in help, such as `<dialect> <address>`. */
  readonly parameters: readonly string[]
  readonly summary: string
  /** More for `--help`: what it prints, exit codes. */
  readonly details: string
  readonly options: Readonly<Record<string, Option>>
  /** @returns the exit code. @throws SignpostError */
  readonly run: (call: Call) => number | Promise<number>
}

export const configOption: Option = {
  type: 'string',
  value: 'FILE',
  summary: 'settings table (or SIGNPOST_CONFIG; default config/signpost.yaml)'
}

/** @returns the file named by the option, the environment, or the default */
export function configFile({ options, terminal }: Call): string {
  return String(options.config ?? terminal.env.SIGNPOST_CONFIG ?? 'config/signpost.yaml')
}

/** @throws AC_USAGE for an unknown option, a missing value, or too few or many arguments */
export function parseCall(command: Command, argv: readonly string[], terminal: Terminal): Call {
  const options: ParseArgsOptionsConfig = Object.fromEntries(
    Object.entries({ ...command.options, help: { type: 'boolean' as const } }).map(([name, { type }]) => [
      name,
      { type }
    ])
  )
  const { values, positionals } = attempt(() => parseArgs({ args: [...argv], options, allowPositionals: true }))
  const wrong = positionals.length !== command.parameters.length && values.help !== true
  if (wrong) throw errors.usage({ problem: `${command.name} takes ${command.parameters.join(' ') || 'no arguments'}` })
  return { options: values as Call['options'], args: positionals, terminal }
}

function attempt<Result>(parse: () => Result): Result {
  try {
    return parse()
  } catch (error) {
    const problem = (error as Error).message.split(/\. |\n/)[0]
    throw errors.usage({ problem, cause: error })
  }
}

/** @returns the text of `signpost <command> --help` */
export function helpOf(command: Command): string {
  const rows = Object.entries({ ...command.options, help: { summary: 'show this', value: undefined } }).map(
    ([name, { value, summary }]) => `  ${`--${name}${value === undefined ? '' : ` ${value}`}`.padEnd(22)} ${summary}`
  )
  const usage = ['signpost', command.name, ...command.parameters, '[options]'].join(' ')
  return `Usage: ${usage}\n\n${command.summary}\n\n${command.details}\n\nOptions:\n${rows.join('\n')}\n`
}
