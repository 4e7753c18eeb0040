/**
 * `signpost import`: creates a settings table from an existing configuration.
 */
import { errors } from '../../errors.ts'
import { importable } from '../../importers/import-path.ts'
import { describeDropped, type Imported } from '../../importers/imported.ts'
import { toId } from '../../importers/provider-id.ts'
import { toSettings } from '../../importers/to-settings.ts'
import { writeTable } from '../../importers/write-table.ts'
import { withoutUserinfo } from '../../settings/load/finding.ts'
import type { Settings } from '../../settings/schema.ts'
import type { Call, Command } from '../command.ts'
import { importSource } from '../import-source.ts'
import { networkOptionDefinitions, networkOptions } from '../network-options.ts'
import { writeNewFile } from '../write-new-file.ts'

export const importCommand: Command = {
  name: 'import',
  parameters: ['<source>'],
  summary: 'Create a settings table from an existing configuration.',
  details: `The source is a file (${importable}),
a folder of such files (such as Mozilla's database), a URL of such a file, or a live domain. A domain is examined for
Thunderbird autoconfig, PACC, Outlook autodiscover, SRV records, and servers with the usual names. If an address is given
instead of a domain, the requests contain that address.
Prints a table that passes signpost check. Anything that it cannot express is listed on standard error with its position.
Exit code: 0 printed, 1 nothing was found, 2 the source cannot be read.`,
  options: {
    output: { type: 'string', value: 'FILE', summary: 'write to this file; an existing file is never overwritten' },
    id: { type: 'string', value: 'ID', summary: 'id of the provider (default: from the source)' },
    ...networkOptionDefinitions
  },
  async run(call) {
    const [source = ''] = call.args
    const id = idOf(call)
    const imported = await importSource(source, networkOptions(call))
    const shownSource = withoutUserinfo(source)
    if (imported === undefined) {
      call.terminal.err(`signpost: found no settings at ${shownSource}\n`)
      return 1
    }
    const text = tableOf(imported, { call, source: shownSource, id })
    if (text === undefined) return 1
    const { output } = call.options
    if (output === undefined) call.terminal.out(text)
    else writeNewFile(String(output), text, { force: false, advice: '' })
    return 0
  }
}

/** @throws AC_USAGE */
function idOf({ options: { id } }: Call): string | undefined {
  if (id === undefined || toId(String(id)) === id) return id
  throw errors.usage({ problem: `--id: found "${id}", expected lower-case letters, digits, dots and hyphens` })
}

interface TableOptions {
  readonly call: Call
  readonly source: string
  readonly id: string | undefined
}

/** @returns undefined if nothing can be imported; a message says so */
function tableOf(imported: Imported, { call: { terminal }, source, id }: TableOptions): string | undefined {
  const { settings, notes, dropped } = toSettings(imported)
  for (const each of dropped) terminal.err(`${describeDropped(each)}\n`)
  if (settings === undefined) {
    terminal.err(`signpost: found nothing at ${source} that a settings table can express\n`)
    return undefined
  }
  const head = { path: [], text: `Imported from ${source}.` }
  return writeTable(id === undefined ? settings : withId(settings, id), [head, ...notes])
}

/** @throws AC_IMPORT_AMBIGUOUS */
function withId({ providers }: Settings, id: string): Settings {
  if (providers.length > 1) throw errors.importAmbiguous({ count: providers.length })
  return { providers: providers.map(provider => ({ ...provider, id })) }
}
