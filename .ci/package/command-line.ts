/**
 * The command line as data: what the manual page and the completions are made from.
 */
import { type Option, optionsOf } from '../../src/cli/command.ts'
import { commands } from '../../src/cli/commands.ts'
import { dialects } from '../../src/dialects/index.ts'

export interface CommandLine {
  readonly name: string
  readonly parameters: readonly string[]
  readonly summary: string
  readonly details: string
  /** By name without dashes, in the order of the help. */
  readonly options: readonly (Option & { readonly name: string })[]
  /** What the first parameter can be, if it is one of a few words. */
  readonly choices: readonly string[]
}

export async function readCommandLine(): Promise<CommandLine[]> {
  const all = await Promise.all(Object.values(commands).map(load => load()))
  return all.map(command => {
    const { name, parameters, summary, details } = command
    const options = Object.entries(optionsOf(command)).map(([name, option]) => ({ ...option, name }))
    return { name, parameters, summary, details, options, choices: choicesOf(parameters[0] ?? '') }
  })
}

function choicesOf(parameter: string): string[] {
  if (parameter === '<dialect>') return dialects.map(({ name }) => name)
  return parameter.includes('|') ? parameter.split('|') : []
}
