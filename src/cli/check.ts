/**
 * `signpost check`: what is wrong with a settings table.
 */
import { dialects } from '../dialects/index.ts'
import { writerOf } from '../dialects/writer-of.ts'
import { errors } from '../errors.ts'
import { describe } from '../settings/finding.ts'
import { load } from '../settings/load.ts'
import { readText } from '../sources/read-text.ts'
import { type Command, configFile, configOption } from './command.ts'
import { obstacles } from './obstacles.ts'

export const check: Command = {
  name: 'check',
  parameters: [],
  summary: 'Check the settings table.',
  details: `Prints one line a finding: file:line:column, where in the table, what was found, what is allowed.
Exit code: 0 the table can be served (there may be warnings), 1 it cannot, 2 it could not be checked.`,
  options: { config: configOption },
  run(call) {
    const file = configFile(call)
    const read = readText(file)
    if ('reason' in read) throw errors.settingsUnreadable({ file, reason: read.reason })
    const { table, findings, locate } = load(read.text, file)
    const unserved = table === undefined ? [] : obstacles(table).map(locate)
    for (const finding of [...findings, ...unserved]) call.terminal.out(`${describe(finding)}\n`)
    if (table === undefined) return 1
    for (const provider of table.providers) {
      const spoken = dialects.filter(dialect => writerOf(dialect, provider) !== undefined).map(({ title }) => title)
      const heading = `${file}: provider ${provider.id} (${provider.domains.join(', ')})`
      call.terminal.out(`${heading}: ${spoken.join(', ') || 'nothing is served'}\n`)
    }
    return 0
  }
}
