/**
 * Commands of the command line: their definition, arguments and help.
 */
import { parseArgs } from 'node:util'
import { errors, type SignpostError } from '../errors.ts'
import { printable } from '../settings/load/finding.ts'
import { suggestion } from '../settings/load/nearest.ts'

export interface Option {
  readonly type: 'string' | 'boolean'
  /** Name of the value in the help text. */
  readonly value?: string
  /** Whether the option may be repeated; see `valuesOf`. */
  readonly multiple?: true
  readonly summary: string
}

/** Input and output of a command, which tests replace. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly out: (text: string | Buffer) => void
  readonly err: (text: string) => void
  /** @returns all of standard input, up to a limit. Rejects with AC_USAGE if it is longer */
  readonly input: () => Promise<Buffer>
  /** Whether the stream is a terminal, and not a pipe or a file. */
  readonly isTerminal: { readonly out: boolean; readonly err: boolean }
}

export interface Call {
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>
  readonly args: readonly string[]
  readonly terminal: Terminal
}

export interface Command {
  readonly name: string
  /**
   * Names of positional arguments in the help text, such as `<dialect>` and `<address>`; `[domain]` may be left out, and
   * `<source>…`, as the last one, may be repeated.
   */
  readonly parameters: readonly string[]
  readonly summary: string
  /** Details for `--help`: output and exit codes. */
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
  // Why not ??: containers often start with variables that are set, but empty.
  return String(options.config ?? (terminal.env.SIGNPOST_CONFIG || 'config/signpost.yaml'))
}

/** @returns all values of a repeatable option, in order */
export function valuesOf({ options }: Call, name: string): readonly string[] {
  const values = options[name]
  return Array.isArray(values) ? values : []
}

/** @throws AC_USAGE for an unknown option, a missing value, or too few or many arguments */
export function parseCall(command: Command, argv: readonly string[], terminal: Terminal): Call {
  const options = optionsOf(command)
  // Why not strict: its messages list neither the valid options nor the expected values.
  const { values, positionals, tokens } = parseArgs({ args: [...argv], options, strict: false, tokens: true })
  for (const token of tokens) if (token.kind === 'option') checkOption(token, options)
  const { parameters, name } = command
  const required = parameters.filter(parameter => !parameter.startsWith('['))
  const most = parameters.at(-1)?.endsWith('…') === true ? Number.POSITIVE_INFINITY : parameters.length
  const isCountRight = positionals.length >= required.length && positionals.length <= most
  if (!isCountRight && values.help !== true) {
    const given = positionals.map(each => `"${each}"`).join(' ') || 'nothing'
    throw errors.usage({ problem: `${name}: found ${given}, expected ${parameters.join(' ') || 'no arguments'}` })
  }
  return { options: values as Call['options'], args: positionals, terminal }
}

/** @returns what is wrong with the name of a command, and which one was probably meant */
export function describeUnknown(name: string, known: readonly string[]): string {
  return `found "${name}", expected a command: ${known.join(', ')} (see signpost --help)${suggestion(name, known)}`
}

/** @returns the text of `signpost <command> --help` */
export function helpOf(command: Command): string {
  const options = Object.entries(optionsOf(command)).map(([name, { value, summary, multiple }]) => ({
    label: [`--${name}`, value, multiple && '…'].filter(Boolean).join(' '),
    summary
  }))
  const width = Math.max(...options.map(({ label }) => label.length))
  const rows = options.map(({ label, summary }) => `  ${label.padEnd(width)}  ${summary}`)
  const usage = ['signpost', command.name, ...command.parameters, '[options]'].join(' ')
  return `Usage: ${usage}\n\n${command.summary}\n\n${command.details}\n\nOptions:\n${rows.join('\n')}\n`
}

/** @returns the message with the code of the error; after a message of several lines, the code has its own line */
export function errorText({ code, message }: SignpostError): string {
  // Why not escaped: these messages have several lines, whose values are escaped already.
  if (code === 'AC_SETTINGS_INVALID') return `${message}\nsignpost: the settings are invalid [${code}]\n`
  if (code === 'AC_NO_SETTINGS') return `signpost: ${message.replace('\n', ` [${code}]\n`)}\n`
  // Why: the message may contain file names and text from foreign documents.
  return `signpost: ${printable(message)} [${code}]\n`
}

/** @returns the options of a command, and `--help` */
export function optionsOf({ options }: Command): Record<string, Option & { short?: string }> {
  return { ...options, help: { type: 'boolean', short: 'h', summary: 'show this help' } }
}

interface OptionToken {
  readonly name: string
  /** As typed, such as `--config` or `-h`. */
  readonly rawName: string
  readonly value?: string | undefined
  /** Whether it was typed as `--config=FILE`. */
  readonly inlineValue?: boolean | undefined
}

function checkOption({ name, rawName, value, inlineValue }: OptionToken, options: Record<string, Option>): void {
  const option = Object.hasOwn(options, name) ? options[name] : undefined
  if (option === undefined) {
    const known = Object.keys(options).map(each => `--${each}`)
    throw errors.usage({
      problem: `unknown option ${rawName}, expected one of ${known.join(', ')}${suggestion(rawName, known)}`
    })
  }
  if (option.type === 'boolean') {
    if (value !== undefined) throw errors.usage({ problem: `${rawName}: found "${value}", expected no value` })
    return
  }
  // Why: in `--config --listen :80`, the value of --config is missing; it is not a file named --listen.
  const missing = value === undefined || value === '' || (value.startsWith('-') && inlineValue !== true)
  if (missing) throw errors.usage({ problem: `${rawName}: found no value, expected ${option.value}` })
}
