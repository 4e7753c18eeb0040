/**
 * `signpost init`: writes a settings table for a domain from the settings that it publishes.
 */
import { existsSync } from 'node:fs'
import { writeZonefile } from '../../dns/zone-file.ts'
import { errors } from '../../errors.ts'
import { describeDropped, type Imported } from '../../importers/imported.ts'
import { discover } from '../../importers/live/discovery.ts'
import { guessProvider } from '../../importers/live/usual-names.ts'
import { type ImportedSettings, toSettings } from '../../importers/to-settings.ts'
import { writeTable } from '../../importers/write-table.ts'
import type { Resolver } from '../../network/resolver.ts'
import { domainRecords, missingRecords } from '../../records/domain-records.ts'
import { toDomain } from '../../settings/question/domain.ts'
import { resolve } from '../../settings/question/resolution-order.ts'
import { createTable } from '../../settings/table.ts'
import { newIncludedFile } from '../../sources/included-files.ts'
import { type Call, type Command, configFile, configOption } from '../command.ts'
import { discoveryAddress } from '../import-source.ts'
import { withDiscovery } from '../options/discovery-access.ts'
import { networkOptionDefinitions, networkOptions } from '../options/network-options.ts'
import { writeNewFile } from '../write-new-file.ts'

const advice = ' (--force replaces it)'

export const init: Command = {
  name: 'init',
  parameters: ['<domain>'],
  summary: 'Write a settings table for a domain, and print the DNS records to add.',
  details: `Examines the domain like signpost import, and writes config/<domain>.yaml. If the settings table includes files by a
pattern such as customers/*.yaml, it writes customers/<domain>.yaml instead, which a running service reads at once. If no
settings are found, the servers are guesses that are marked as such. The command never prompts.
Prints the DNS records that are still missing. They are also in the file as comments.
Exit code: 0 written, 2 not written.`,
  options: {
    config: configOption,
    force: { type: 'boolean', summary: 'replace an existing file' },
    target: {
      type: 'string',
      value: 'HOST',
      summary: 'host name of Signpost (default signpost.<domain>)'
    },
    ...networkOptionDefinitions
  },
  async run(call) {
    const [typed = ''] = call.args
    const address = discoveryAddress(typed)
    if (address === undefined) throw errors.usage({ problem: `found "${typed}", expected a domain` })
    const { domain } = address
    const main = configFile(call)
    const included = newIncludedFile(main, domain)
    const file = included ?? `config/${domain}.yaml`
    const force = call.options.force === true
    // Why checked before: discovery takes a while, and its result could not be written.
    if (!force && existsSync(file)) throw errors.fileExists({ file, advice })
    const target = targetOf(call, domain)
    const { text, zone } = await withDiscovery(networkOptions(call), async network => {
      const imported = settingsOf(await discover(address, network), { call, domain })
      return await write(imported, { resolver: network.world.resolver, domain, target })
    })
    writeNewFile(file, text, { force, advice })
    call.terminal.out(summaryOf({ file, main: included === undefined ? file : main, zone, domain, target }))
    return 0
  }
}

/** @throws AC_USAGE */
function targetOf({ options: { target } }: Call, domain: string): string {
  const host = target === undefined ? `signpost.${domain}` : toDomain(String(target))
  if (host === undefined) throw errors.usage({ problem: `--target: found "${target}", expected a host name` })
  return host
}

/** @returns the settings that were found, or guesses; a message says so */
function settingsOf(
  imported: Imported | undefined,
  { call, domain }: { call: Call; domain: string }
): ImportedSettings {
  const found = imported && toSettings(imported)
  for (const each of found?.dropped ?? []) call.terminal.err(`${describeDropped(each)}\n`)
  if (found?.settings !== undefined) return found
  call.terminal.err(`signpost: found no settings at ${domain}: the servers in the table are guesses\n`)
  return toSettings({ providers: [guessProvider(domain)], dropped: [] })
}

interface WriteContext {
  readonly resolver: Resolver
  readonly domain: string
  readonly target: string
}

/** @returns the table as YAML, and the missing records as a zone file */
async function write({ settings, notes }: ImportedSettings, { resolver, domain, target }: WriteContext) {
  const tables = [settings].filter(found => found !== undefined).map(found => createTable(found))
  const resolved = tables.map(table => resolve(table, { domain, host: undefined })).filter(found => found !== undefined)
  const records = resolved.flatMap(found => domainRecords(found, target))
  const missing = await missingRecords(records, resolver)
  const zone = writeZonefile(missing, { domain, ttl: 3600 })
  const comment = zone === '' ? '' : `\n# DNS records to add:\n#\n${zone.trimEnd().replace(/^/gm, '# ')}\n`
  const head = { path: [], text: `Settings of ${domain}, created by signpost init.` }
  const text = tables.map(table => writeTable(table.settings, [head, ...notes]))
  return { text: `${text.join('')}${comment}`, zone }
}

interface Summary {
  readonly file: string
  /** The settings file to serve. */
  readonly main: string
  readonly zone: string
  readonly domain: string
  readonly target: string
}

function summaryOf({ file, main, zone, domain, target }: Summary): string {
  const records =
    zone === '' ? 'All DNS records exist already.\n' : `DNS records to add (Signpost at ${target}):\n\n${zone}`
  const commands = ['check', 'serve', 'dns'].map(
    name => `  signpost ${name}${name === 'dns' ? ` ${domain} --target ${target}` : ''} --config ${main}\n`
  )
  const by = file === main ? '' : `, which ${main} includes`
  return `Wrote ${file}${by}.\n\n${records}\nNext:\n${commands.join('')}  signpost doctor ${domain}\n`
}
