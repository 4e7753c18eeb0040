/**
 * `signpost init`: a settings table for a domain, out of what is found there.
 */
import { existsSync } from 'node:fs'
import { recommendedRecords } from '../../dns/recommended-records.ts'
import { writeZonefile } from '../../dns/zone-file.ts'
import { errors } from '../../errors.ts'
import { describeDropped } from '../../importers/describe-dropped.ts'
import type { Imported } from '../../importers/imported.ts'
import { discover } from '../../importers/live/discovery.ts'
import { guessProvider } from '../../importers/live/usual-names.ts'
import { type Settled, settle } from '../../importers/settle.ts'
import { writeTable } from '../../importers/write-table.ts'
import { toDomain } from '../../settings/domain.ts'
import { resolve } from '../../settings/resolution-order.ts'
import { createTable } from '../../settings/table.ts'
import type { Call, Command } from '../command.ts'
import { toSubject } from '../import-source.ts'
import { missingRecords } from '../missing-records.ts'
import { inSurroundings, type NetworkSurroundings } from '../network-access.ts'
import { networkOptionRows, networkOptions } from '../network-options.ts'
import { paccDigest } from '../pacc-digest.ts'
import { writeNewFile } from '../write-new-file.ts'

const advice = ' (--force replaces it)'

export const init: Command = {
  name: 'init',
  parameters: ['<domain>'],
  summary: 'Write a settings table for a domain, with the DNS records that are to be set.',
  details: `Looks at the domain as signpost import does, and writes config/<domain>.yaml. Where nothing is found, the servers in it
are guesses, and marked as such. It asks nothing.
Prints the DNS records that are not set yet; they stand in the file as comments too.
Exit code: 0 written, 2 not written.`,
  options: {
    force: { type: 'boolean', summary: 'replace the file where there is one' },
    target: {
      type: 'string',
      value: 'HOST',
      summary: 'name that Signpost will be reached at (default signpost.<domain>)'
    },
    ...networkOptionRows
  },
  async run(call) {
    const [typed = ''] = call.args
    const address = toSubject(typed)
    if (address === undefined) throw errors.usage({ problem: `found "${typed}", expected a domain` })
    const { domain } = address
    const file = `config/${domain}.yaml`
    const force = call.options.force === true
    // Why here too: nobody waits for what is then not written.
    if (!force && existsSync(file)) throw errors.fileExists({ file, advice })
    const target = targetOf(call, domain)
    const { text, zone } = await inSurroundings(networkOptions(call), async surroundings => {
      const settled = settledOf(await discover(address, surroundings), { call, domain })
      return await write(settled, { surroundings, domain, target })
    })
    writeNewFile(file, text, { force, advice })
    call.terminal.out(farewell({ file, zone, domain, target }))
    return 0
  }
}

/** @throws AC_USAGE */
function targetOf({ options: { target } }: Call, domain: string): string {
  const host = target === undefined ? `signpost.${domain}` : toDomain(String(target))
  if (host === undefined) throw errors.usage({ problem: `--target: found "${target}", expected a host name` })
  return host
}

/** @returns what is found, or guesses, which is told */
function settledOf(imported: Imported | undefined, { call, domain }: { call: Call; domain: string }): Settled {
  const found = imported && settle(imported)
  for (const each of found?.dropped ?? []) call.terminal.err(`${describeDropped(each)}\n`)
  if (found?.settings !== undefined) return found
  call.terminal.err(`signpost: nothing found at ${domain}: the servers in the table are guesses\n`)
  return settle({ providers: [guessProvider(domain)], dropped: [] })
}

interface Writing {
  readonly surroundings: NetworkSurroundings
  readonly domain: string
  readonly target: string
}

/** @returns the table as YAML, and the records that are not set as a zone file */
async function write({ settings, notes }: Settled, { surroundings, domain, target }: Writing) {
  const tables = [settings].filter(found => found !== undefined).map(found => createTable(found))
  const resolved = tables.map(table => resolve(table, { domain, host: undefined })).filter(found => found !== undefined)
  const records = resolved.flatMap(found => recommendedRecords(found, { target, paccDigest: paccDigest(found) }))
  const missing = await missingRecords(records, surroundings.world.resolver)
  const zone = writeZonefile(missing, { domain, ttl: 3600 })
  const comment = zone === '' ? '' : `\n# DNS records still to be set:\n#\n${zone.trimEnd().replace(/^/gm, '# ')}\n`
  const head = { path: [], text: `Settings of ${domain}, begun by signpost init.` }
  const text = tables.map(table => writeTable(table.settings, [head, ...notes]))
  return { text: `${text.join('')}${comment}`, zone }
}

interface Written {
  readonly file: string
  readonly zone: string
  readonly domain: string
  readonly target: string
}

function farewell({ file, zone, domain, target }: Written): string {
  const records =
    zone === ''
      ? 'The DNS has all records already.\n'
      : `DNS records still to be set (Signpost at ${target}):\n\n${zone}`
  const commands = ['check', 'serve', 'dns'].map(
    name => `  signpost ${name}${name === 'dns' ? ` ${domain} --target ${target}` : ''} --config ${file}\n`
  )
  return `Wrote ${file}.\n\n${records}\nNext:\n${commands.join('')}  signpost doctor ${domain}\n`
}
