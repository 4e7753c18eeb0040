/**
 * `signpost check`: what is wrong with a settings table.
 */
import { readFileSync } from 'node:fs'
import { dialects } from '../dialects/index.ts'
import { writerOf } from '../dialects/writer-of.ts'
import { errors } from '../errors.ts'
import { describe } from '../settings/finding.ts'
import { load } from '../settings/load.ts'
import { type Command, configFile, configOption } from './command.ts'

export const check: Command = {
  name: 'check',
  parameters: [],
  summary: 'Check the settings table.',
  details: `Prints one line a finding: file:line:column, where in the table, what was found, what is allowed.
Exit code: 0 the table can be served (there may be warnings), 1 it cannot, 2 it could not be checked.`,
  options: { config: configOption },
  run(call) {
    const file = configFile(call)
    const { table, findings } = load(readText(file), file)
    for (const finding of findings) call.terminal.out(`${describe(finding)}\n`)
    if (table === undefined) return 1
    for (const provider of table.providers) {
      const spoken = dialects.filter(dialect => writerOf(dialect, provider) !== undefined).map(({ title }) => title)
      call.terminal.out(`${file}: provider ${provider.id} (${provider.domains.join(', ')}): ${spoken.join(', ')}\n`)
    }
    return 0
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw errors.settingsUnreadable({ file, reason: (cause as Error).message, cause })
  }
}
