/**
 * The tables of docs/reference/programs.md: dialects with their paths, and the conformance matrix of the shipped table.
 */
import { existsSync } from 'node:fs'
import type { DavClient } from '../../../src/clients/dav/dav-client.ts'
import { davClients } from '../../../src/clients/dav/index.ts'
import { clients } from '../../../src/clients/index.ts'
import type { Client, FoundServer, Step } from '../../../src/clients/model/client.ts'
import type { World } from '../../../src/clients/model/world.ts'
import { tableMatrix } from '../../../src/conformance/table-matrix.ts'
import { createTableWorld } from '../../../src/conformance/table-world.ts'
import { dialects } from '../../../src/dialects/index.ts'
import { webPaths } from '../../../src/http/web-paths.ts'
import { knownFailures } from '../conformance/traits.ts'
import { shippedText } from '../settings/commented-example.ts'
import { tableOf } from '../table-of.ts'
import { code, table } from './markdown.ts'

/** @returns the blocks `dialects`, `matrix`, `models` and `dav models` */
export async function programsReference(): Promise<Map<string, string>> {
  return new Map([
    ['dialects', dialectTable()],
    ['matrix', await matrix()],
    ['models', await models()],
    ['dav models', (await Promise.all(davClients.map(davSection))).join('\n\n')]
  ])
}

/** One section for each program. */
async function models(): Promise<string> {
  const failures = await knownFailures()
  const sections = await Promise.all(clients.map(client => modelSection(client, failures.get(client.name) ?? [])))
  return sections.join('\n\n')
}

async function davSection(client: DavClient): Promise<string> {
  const { title, name, release, source, takes } = client
  const { trace } = await client.discover('jane@example.com', emptyWorld)
  return [
    `### ${title}`,
    '',
    `- Name: ${code(name)}. Release: ${release}.`,
    `- Proof: ${proofOf(name)}: ${source}.`,
    `- Takes ${takes}.`,
    `- Asks, if no server answers: ${asksOf(trace).map(code).join(', ')}.`,
    `- Known failures: ${(await davFailures(client)).join('; ') || 'none'}.`
  ].join('\n')
}

/** @returns the condition under which the program does not find a calendar server at another host */
async function davFailures(client: DavClient): Promise<string[]> {
  const servers = ['imap', 'smtp'].map(protocol => `{ protocol: ${protocol}, host: ${protocol}.example.com }`)
  const caldav = '{ protocol: caldav, url: "https://dav.example.com/calendars/" }'
  const [matrix] = await tableMatrix(
    tableOf(`providers: [{ id: a, name: A, domains: [example.com], servers: [${[...servers, caldav].join(', ')}] }]`)
  )
  const row = matrix?.davRows.find(each => each.client === client)
  return [
    ...(row?.found.caldav === undefined ? ['a server at another host without SRV records'] : []),
    ...(row?.withRecords.caldav === undefined ? ['a server at another host with SRV records'] : [])
  ]
}

async function modelSection(client: Client, failures: readonly string[]): Promise<string> {
  const { name, title, release, source, takes, changes = [] } = client
  const asked = asksOf((await client.discover('jane@example.com', emptyWorld)).trace)
  return [
    `### ${title}`,
    '',
    `- Name for \`--client\`: ${code(name)}. Release: ${release}.`,
    `- Proof: ${proofOf(name)}: ${source}.`,
    `- Takes ${takes}.`,
    `- Asks, if no server answers: ${asked.map(code).join(', ')}.`,
    ...changes.map(change => `- ${change}`),
    ...(failures.length === 0
      ? ['- Known failures: none.']
      : ['- Known failures, if:', ...failures.map(failure => `  - ${escapeMarkdown(failure)}.`)])
  ].join('\n')
}

function proofOf(name: string): string {
  const isRun = existsSync(new URL(`../../real/${name}-model.real.ts`, import.meta.url))
  return isRun ? 'the real program, which `npm run test:clients` runs, and its source' : 'its source'
}

/** A world without any responses. */
const emptyWorld: World = {
  exchange: async () => ({ status: 404, headers: {}, body: '' }),
  dns: {
    mx: async () => [{ priority: 10, exchange: 'mx.hoster.example' }],
    ...{ srv: async () => [], txt: async () => [], ns: async () => [], isHost: async () => false }
  }
}

function asksOf(trace: readonly Step[]): string[] {
  return [...new Set(trace.map(({ asked }) => asked.replace(/(?<=emailmd5=)\w+/, '…')))]
}

function escapeMarkdown(text: string): string {
  return text.replace(/_(?=\w)/g, '\\_')
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
