/**
 * `signpost export`: writes static documents as files for any web server.
 */
import { resolve as toAbsolute } from 'node:path'
import { errors } from '../../errors.ts'
import { writeCaddy } from '../../export/caddy.ts'
import { writeNginx } from '../../export/nginx.ts'
import { type StaticSite, toStaticSite } from '../../export/static-site.ts'
import { writeTree } from '../../export/write-tree.ts'
import type { Provider } from '../../settings/provider.ts'
import type { Table } from '../../settings/table.ts'
import { openFile } from '../../sources/file.ts'
import { type Call, type Command, configOption } from '../command.ts'
import { existingConfigFile } from '../table/no-settings.ts'

/** Lists the files, and identifies the folder as an export. */
const manifest = 'signpost-export.json'

export const exportCommand: Command = {
  name: 'export',
  parameters: ['<folder>'],
  summary: 'Write static documents as files for another web server.',
  details: `Writes <folder>/<host>/<path> for Thunderbird autoconfig, PACC and GET requests of Outlook autodiscover. Configuration
for nginx and Caddy serves these files with the right types and headers, and redirects CalDAV, CardDAV and JMAP.
Not included: POST requests of Outlook and Apple profiles, which depend on the address, and domains such as "*" or
"*.example.com".
The folder must be new, empty or an earlier export. An earlier export is replaced after all files are written.
Exit code: 0 written, 1 there is nothing to write, 2 the command line or the settings are invalid, or the folder is in use.`,
  options: {
    config: configOption,
    provider: { type: 'string', value: 'ID', summary: 'only this provider' },
    force: { type: 'boolean', summary: 'rename a folder that contains other files to <folder>.before' }
  },
  run(call) {
    const [name = ''] = call.args
    const folder = toFolder(name)
    const { table } = openFile(existingConfigFile(call))
    const site = toStaticSite(table, providersOf(call, table))
    for (const line of site.omissions) call.terminal.err(`signpost: ${line}\n`)
    const documents = documentsOf(site)
    if (documents.size === 0) {
      call.terminal.err('signpost: there is nothing to export\n')
      return 1
    }
    const list = `${JSON.stringify({ files: [...documents.keys()].sort() }, null, 2)}\n`
    const files = new Map([
      ...documents,
      ...Object.entries({ ...writeNginx(site, folder), ...writeCaddy(site, folder), [manifest]: list })
    ])
    const aside = writeTree(folder, files, { manifest, force: call.options.force === true })
    if (aside !== undefined) call.terminal.err(`signpost: the old contents of ${folder} are now in ${aside}\n`)
    const hosts = site.services.length + site.domains.length
    call.terminal.out(
      `Wrote ${documents.size} documents for ${hosts} hosts to ${folder}. Serve them with nginx.conf or Caddyfile.\n`
    )
    return 0
  }
}

/** @throws AC_USAGE */
function toFolder(name: string): string {
  const folder = toAbsolute(name)
  // Why: these characters have a meaning in the configuration of web servers.
  if (!/["'`$\\{}\s]/.test(folder)) return folder
  throw errors.usage({
    problem: `found "${folder}", expected a folder without spaces, quotes, braces, $ and \\ in its name`
  })
}

/** @throws AC_USAGE */
function providersOf({ options: { provider: id } }: Call, { providers }: Table): readonly Provider[] {
  if (id === undefined) return providers
  const chosen = providers.filter(provider => provider.id === id)
  if (chosen.length > 0) return chosen
  const known = providers.map(provider => provider.id).join(', ')
  throw errors.usage({ problem: `--provider: found "${id}", expected one of ${known}` })
}

function documentsOf({ services, domains }: StaticSite): Map<string, string> {
  const documents = [...services, ...domains].flatMap(({ host, files }) =>
    files.map(({ path, body }) => [`${host}${path}`, body] as const)
  )
  return new Map(documents)
}
