/**
 * The tables of docs/reference/programs.md: dialects with their paths, and the conformance matrix of the shipped table.
 */
import { existsSync } from 'node:fs'
import { clients } from '../../../src/clients/index.ts'
import type { Client, FoundServer } from '../../../src/clients/model/client.ts'
import { createTableWorld } from '../../../src/conformance/table-world.ts'
import { dialects } from '../../../src/dialects/index.ts'
import { webPaths } from '../../../src/http/web-paths.ts'
import { knownFailures } from '../conformance/traits.ts'
import { shippedText } from '../settings/commented-example.ts'
import { tableOf } from '../table-of.ts'
import { code, table } from './markdown.ts'

/** @returns the blocks `dialects`, `matrix` and `models` */
export async function programsReference(): Promise<Map<string, string>> {
  return new Map([
    ['dialects', dialectTable()],
    ['matrix', await matrix()],
    ['models', await models()]
  ])
}

/** One section for each program. */
async function models(): Promise<string> {
  const failures = await knownFailures()
  const sections = await Promise.all(clients.map(client => modelSection(client, failures.get(client.name) ?? [])))
  return sections.join('\n\n')
}

async function modelSection(client: Client, failures: readonly string[]): Promise<string> {
  const { name, title, release, source, takes, changes = [] } = client
  const isRun = existsSync(new URL(`../../real/${name}-model.real.ts`, import.meta.url))
  const proof = isRun ? 'the real program, which `npm run test:clients` runs, and its source' : 'its source'
  const asked = await askedInVain(client)
  return [
    `### ${title}`,
    '',
    `- Name for \`--client\`: ${code(name)}. Release: ${release}.`,
    `- Proof: ${proof}: ${source}.`,
    `- Takes ${takes}.`,
    `- Asks, if no server answers: ${asked.map(code).join(', ')}.`,
    ...changes.map(change => `- ${change}`),
    ...(failures.length === 0
      ? ['- Known failures: none.']
      : ['- Known failures, if:', ...failures.map(failure => `  - ${escapeMarkdown(failure)}.`)])
  ].join('\n')
}

/** @returns what the program asks about jane@example.com in a world without any answer */
async function askedInVain({ discover }: Client): Promise<string[]> {
  const { trace } = await discover('jane@example.com', {
    exchange: async () => ({ status: 404, headers: {}, body: '' }),
    dns: {
      mx: async () => [{ priority: 10, exchange: 'mx.hoster.example' }],
      ...{ srv: async () => [], txt: async () => [], ns: async () => [], isHost: async () => false }
    }
  })
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
