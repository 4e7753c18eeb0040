/**
 * The tables of docs/reference/programs.md: dialects with their paths, and the conformance matrix of the shipped table.
 */
import { clients } from '../../../src/clients/index.ts'
import type { FoundServer } from '../../../src/clients/model/client.ts'
import { createTableWorld } from '../../../src/conformance/table-world.ts'
import { dialects } from '../../../src/dialects/index.ts'
import { webPaths } from '../../../src/http/web-paths.ts'
import { shippedText } from '../settings/commented-example.ts'
import { tableOf } from '../table-of.ts'
import { code, table } from './markdown.ts'

/** @returns the blocks `dialects`, `matrix` and `models` */
export async function programsReference(): Promise<Map<string, string>> {
  return new Map([
    ['dialects', dialectTable()],
    ['matrix', await matrix()],
    [
      'models',
      table(
        ['program', 'name for `--client`', 'read from'],
        clients.map(({ title, name, source }) => [title, code(name), source])
      )
    ]
  ])
}

function dialectTable(): string {
  const rows = dialects.map(({ name, title, routes, everyMethod, httpsPath, crossOrigin }) => [
    code(name),
    title,
    (everyMethod === true
      ? [...new Set(routes.map(({ path }) => code(`ANY ${shown(path)}`)))]
      : routes.map(({ method, path }) => code(`${method} ${shown(path)}`))
    ).join('<br>'),
    httpsPath === undefined ? 'answered' : 'redirected to https',
    crossOrigin ? 'yes' : 'no'
  ])
  const pages = webPaths.map(({ url }) => code(`GET ${shown(url)}`)).join('<br>')
  return table(
    ['dialect', 'answer', 'requests', 'over plain http', 'readable by other websites'],
    [...rows, [code('web'), 'Setup page for people', pages, 'redirected to https', 'no']]
  )
}

/** @returns `/setup/<id>` for `/setup/:id` */
function shown(path: string): string {
  return path.replace(/:(\w+)/, '<$1>')
}

/** What each program configures for jane@mailbox.org, if every name of the domain leads to Signpost. */
async function matrix(): Promise<string> {
  const world = createTableWorld(tableOf(shippedText))
  const rows = await Promise.all(
    clients.map(async ({ title, discover }) => {
      const { account, reason = '', trace } = await discover('jane@mailbox.org', world)
      if (account === undefined) return [title, reason, '', '', String(trace.length)]
      const { incoming, outgoing, from } = account
      return [
        title,
        serverText(incoming),
        outgoing === undefined ? '' : serverText(outgoing),
        code(from.replace(/\?.*/, '')),
        String(trace.length)
      ]
    })
  )
  return table(['program', 'receives by', 'sends by', 'found at', 'requests'], rows)
}

function serverText({ protocol, host, port, security }: FoundServer): string {
  return `${protocol} ${host}:${port} ${security}`
}
