/**
 * The commands and their options for docs/reference/command-line.md, from the commands themselves.
 */
import type { Command } from '../../../src/cli/command.ts'
import { commands } from '../../../src/cli/commands.ts'
import { code, table } from './markdown.ts'

/** Variables for processes that Signpost starts itself. */
const internal = ['SIGNPOST_WORKER']

/** @returns every command, in the order of `signpost --help` */
export async function allCommands(): Promise<Command[]> {
  return await Promise.all(Object.values(commands).map(load => load()))
}

/** @returns the blocks `commands` and `command NAME` */
export async function commandReference(): Promise<Map<string, string>> {
  const all = await allCommands()
  const overview = all.map(({ name, parameters, summary }) => [
    `[${[name, ...parameters].join(' ').replace(/([<>])/g, '\\$1')}](#${name})`,
    summary
  ])
  return new Map([
    ['commands', table(['command', 'what it does'], overview)],
    ...all.map(command => [`command ${command.name}`, commandText(command)] as const)
  ])
}

function commandText({ name, parameters, details, options }: Command): string {
  const usage = ['signpost', name, ...parameters, '[options]'].join(' ')
  const rows = Object.entries(options).map(([option, { value, multiple, summary }]) => [
    code([`--${option}`, value].filter(Boolean).join(' ')),
    multiple === true ? `${summary}; can be repeated` : summary
  ])
  const lists = rows.length === 0 ? '' : `\n${table(['option', 'meaning'], rows)}`
  return `\`\`\`text\n${usage}\n\n${details}\n\`\`\`\n${lists}`
}

/** @returns the names of all environment variables that src mentions */
export function environmentVariables(sources: readonly string[]): string[] {
  const names = sources.flatMap(text => text.match(/\bSIGNPOST_[A-Z_]*[A-Z]\b/g) ?? [])
  return [...new Set(names)].filter(name => !internal.includes(name)).sort()
}
