/**
 * `signpost export`: what needs no running service, as files for any web server.
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
import { type Call, type Command, configFile, configOption } from '../command.ts'

/** Lists the files, and marks the folder as an export. */
const mark = 'signpost-export.json'

export const exportCommand: Command = {
  name: 'export',
  parameters: ['<folder>'],
  summary: 'Write what needs no running service as files.',
  details: `Writes <folder>/<host>/<path> for Thunderbird autoconfig, PACC and the GET of Outlook autodiscover, and configuration
of nginx and Caddy that serves them with the right types and headers; redirects for CalDAV, CardDAV and JMAP are in it.
Not in it: Outlook's POST and Apple profiles, which depend on the address; domains given as "*" or "*.example.com".
The folder is new, empty or an earlier export, which is replaced when all is written.
Exit code: 0 written, 1 there is nothing to write, 2 the call or the settings are wrong, or the folder is in use.`,
  options: {
    config: configOption,
    provider: { type: 'string', value: 'ID', summary: 'only this provider' },
    force: { type: 'boolean', summary: 'put a folder with other files aside, as <folder>.before' }
  },
  run(call) {
    const [name = ''] = call.args
    const folder = toFolder(name)
    const { table } = openFile(configFile(call))
    const site = toStaticSite(table, providersOf(call, table))
    for (const line of site.untold) call.terminal.err(`signpost: ${line}\n`)
    const documents = documentsOf(site)
    if (documents.size === 0) {
      call.terminal.err('signpost: there is nothing to export\n')
      return 1
    }
    const list = `${JSON.stringify({ files: [...documents.keys()].sort() }, null, 2)}\n`
    const files = new Map([
      ...documents,
      ...Object.entries({ ...writeNginx(site, folder), ...writeCaddy(site, folder), [mark]: list })
    ])
    const aside = writeTree(folder, files, { mark, force: call.options.force === true })
    if (aside !== undefined) call.terminal.err(`signpost: what was in ${folder} is in ${aside} now\n`)
    const hosts = site.services.length + site.domains.length
    call.terminal.out(
      `Wrote ${documents.size} documents of ${hosts} hosts to ${folder}; nginx.conf and Caddyfile say how to serve them.\n`
    )
    return 0
  }
}

/** @throws AC_USAGE */
function toFolder(name: string): string {
  const folder = toAbsolute(name)
  // Why: these mean something in the configuration of web servers.
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
