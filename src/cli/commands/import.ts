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
import { toPattern } from '../../settings/provider.ts'
import type { Settings } from '../../settings/schema.ts'
import { type Call, type Command, valuesOf } from '../command.ts'
import { importSource } from '../import-source.ts'
import { networkOptionDefinitions } from '../options/network-options.ts'
import { writeNewFile } from '../write-new-file.ts'

export const importCommand: Command = {
  name: 'import',
  parameters: ['<source>…'],
  summary: 'Create a settings table from an existing configuration.',
  details: `A source is a file (${importable}),
a folder of such files (such as Mozilla's database), - for standard input, a URL of such a file, or a live domain. A domain is
examined for Thunderbird autoconfig, PACC, Outlook autodiscover, SRV records, and servers with the usual names. If an address
is given instead of a domain, the requests contain that address. Several sources become one table: if two are about the same
domains, the second adds the servers that the first lacks.
Prints a table that passes signpost check. Anything that it cannot express is listed on standard error with its position.
Exit code: 0 printed, 1 nothing was found, 2 a source cannot be read.`,
  options: {
    output: { type: 'string', value: 'FILE', summary: 'write to this file; an existing file is never overwritten' },
    id: { type: 'string', value: 'ID', summary: 'id of the provider (default: from the source)' },
    domain: {
      type: 'string',
      value: 'DOMAIN',
      multiple: true,
      summary: 'domain of the provider, instead of those in the source; can be repeated'
    },
    ...networkOptionDefinitions
  },
  async run(call) {
    const { terminal, options, args } = call
    const id = idOf(call)
    const domains = domainsOf(call)
    const all: Imported[] = []
    for (const source of args) {
      const imported = await importSource(source, call)
      if (imported === undefined) {
        terminal.err(`signpost: found no settings at ${withoutUserinfo(source)}\n`)
        return 1
      }
      all.push(withDomains(imported, domains, withoutUserinfo(source)))
    }
    const sources = args.map(source => (source === '-' ? 'standard input' : withoutUserinfo(source))).join(', ')
    const text = tableOf(joined(all), { call, sources, id })
    if (text === undefined) return 1
    if (options.output === undefined) terminal.out(text)
    else writeNewFile(String(options.output), text, { force: false, advice: '' })
    return 0
  }
}

/** @throws AC_USAGE */
function idOf({ options: { id } }: Call): string | undefined {
  if (id === undefined || toId(String(id)) === id) return id
  throw errors.usage({ problem: `--id: found "${id}", expected lower-case letters, digits, dots and hyphens` })
}

/** @throws AC_USAGE */
function domainsOf(call: Call): readonly string[] {
  const domains = valuesOf(call, 'domain')
  const wrong = domains.find(domain => toPattern(domain) === undefined)
  if (wrong === undefined) return domains
  throw errors.usage({
    problem: `--domain: found "${wrong}", expected a domain such as example.com, *.example.com or *`
  })
}

/** @returns the same, if no domains are given. @throws AC_IMPORT_AMBIGUOUS */
function withDomains({ providers, dropped }: Imported, domains: readonly string[], source: string): Imported {
  if (domains.length === 0) return { providers, dropped }
  const [provider, ...others] = providers
  if (provider === undefined) return { providers, dropped }
  if (others.length > 0) throw errors.importAmbiguous({ option: '--domain', count: providers.length, source })
  const { id, domains: before, domainGuess, origin } = provider
  const isNamedAfter = before.some(({ value }) => value === id)
  const replaced = before.filter(({ value }) => domainGuess === undefined && value !== '*' && !domains.includes(value))
  const own = {
    ...provider,
    id: isNamedAfter ? '' : id,
    domains: domains.map(value => ({ value, origin })),
    domainGuess: undefined
  }
  const why = '--domain replaces it'
  return {
    providers: [own],
    dropped: [...dropped, ...replaced.map(part => ({ origin: part.origin, what: `domain ${part.value}`, why }))]
  }
}

function joined(all: readonly Imported[]): Imported {
  return { providers: all.flatMap(({ providers }) => providers), dropped: all.flatMap(({ dropped }) => dropped) }
}

interface TableOptions {
  readonly call: Call
  /** For people. */
  readonly sources: string
  readonly id: string | undefined
}

/** @returns undefined if nothing can be imported; a message says so */
function tableOf(imported: Imported, { call: { terminal }, sources, id }: TableOptions): string | undefined {
  const { settings, notes, dropped } = toSettings(imported)
  for (const each of dropped) terminal.err(`${describeDropped(each)}\n`)
  if (settings === undefined) {
    terminal.err(`signpost: found nothing at ${sources} that a settings table can express\n`)
    return undefined
  }
  const head = { path: [], text: `Imported from ${sources}.` }
  return writeTable(id === undefined ? settings : withId(settings, id, sources), [head, ...notes])
}

/** @throws AC_IMPORT_AMBIGUOUS */
function withId({ providers }: Settings, id: string, source: string): Settings {
  if (providers.length > 1) throw errors.importAmbiguous({ option: '--id', count: providers.length, source })
  return { providers: providers.map(provider => ({ ...provider, id })) }
}
