/**
 * `signpost import`: a settings table out of what a domain has already.
 */
import { errors } from '../../errors.ts'
import { describeDropped } from '../../importers/describe-dropped.ts'
import { importable } from '../../importers/import-path.ts'
import type { Imported } from '../../importers/imported.ts'
import { settle } from '../../importers/settle.ts'
import { toId } from '../../importers/to-id.ts'
import { writeTable } from '../../importers/write-table.ts'
import { withoutUserinfo } from '../../settings/load/finding.ts'
import type { Settings } from '../../settings/schema.ts'
import type { Call, Command } from '../command.ts'
import { importSource } from '../import-source.ts'
import { networkOptionRows, networkOptions } from '../network-options.ts'
import { writeNewFile } from '../write-new-file.ts'

export const importCommand: Command = {
  name: 'import',
  parameters: ['<source>'],
  summary: 'Make a settings table out of what there is already.',
  details: `The source is a file (${importable}),
a folder of such files (as Mozilla's database is one), such a file at a URL, or a live domain, which is asked for Thunderbird
autoconfig, PACC, Outlook autodiscover, SRV records, then servers under the usual names. Anyone's domain; an address of
it asks with that address.
Prints the table, which passes signpost check. What it has no words for is named on standard error, each with its place.
Exit code: 0 printed, 1 nothing was found, 2 the source cannot be read.`,
  options: {
    output: { type: 'string', value: 'FILE', summary: 'write there; a file that is there is left as it is' },
    id: { type: 'string', value: 'ID', summary: 'id of the provider (default: by the source)' },
    ...networkOptionRows
  },
  async run(call) {
    const [source = ''] = call.args
    const id = idOf(call)
    const imported = await importSource(source, networkOptions(call))
    const named = withoutUserinfo(source)
    if (imported === undefined) {
      call.terminal.err(`signpost: nothing found at ${named}\n`)
      return 1
    }
    const text = tableOf(imported, { call, source: named, id })
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
  throw errors.usage({ problem: `--id: found "${id}", expected small letters, digits, dots and hyphens` })
}

interface Wanted {
  readonly call: Call
  readonly source: string
  readonly id: string | undefined
}

/** @returns undefined where nothing is left, which is told */
function tableOf(imported: Imported, { call: { terminal }, source, id }: Wanted): string | undefined {
  const { settings, notes, dropped } = settle(imported)
  for (const each of dropped) terminal.err(`${describeDropped(each)}\n`)
  if (settings === undefined) {
    terminal.err(`signpost: found nothing at ${source} that a table can have\n`)
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
