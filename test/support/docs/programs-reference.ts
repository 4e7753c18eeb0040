/**
 * The tables of docs/reference/programs.md: dialects with their paths, and the conformance matrix of the shipped table.
 */
import { existsSync } from 'node:fs'
import type { DavClient } from '../../../src/clients/dav/dav-client.ts'
import { davClients } from '../../../src/clients/dav/index.ts'
import { clients } from '../../../src/clients/index.ts'
import type { Client, FoundServer, Step } from '../../../src/clients/model/client.ts'
import type { World } from '../../../src/clients/model/world.ts'
import { type KnownFailures, knownFailures } from '../../../src/conformance/known-failures.ts'
import { createTableWorld } from '../../../src/conformance/table-world.ts'
import { dialects } from '../../../src/dialects/index.ts'
import { webPaths } from '../../../src/http/routes/web-paths.ts'
import { shippedText } from '../settings/commented-example.ts'
import { tableOf } from '../table-of.ts'
import { code, table } from './markdown.ts'

/** @returns the blocks `dialects`, `matrix`, `models` and `dav models` */
export async function programsReference(): Promise<Map<string, string>> {
  const failures = await knownFailures()
  const sections = (texts: readonly string[]) => texts.join('\n\n')
  return new Map([
    ['dialects', dialectTable()],
    ['matrix', await matrix()],
    ['models', sections(await Promise.all(clients.map(client => modelSection(client, failures))))],
    ['dav models', sections(await Promise.all(davClients.map(client => davSection(client, failures))))]
  ])
}

async function davSection(client: DavClient, failures: KnownFailures): Promise<string> {
  const { title, name, release, source, takes } = client
  const { trace } = await client.discover('jane@example.com', emptyWorld)
  return [
    `### ${title}`,
    '',
    `- Name: ${code(name)}. Release: ${release}.`,
    `- Proof: ${proofOf(name)}: ${source}.`,
    `- Uses ${takes}.`,
    `- Requests and lookups if no server responds: ${stepsOf(trace).map(code).join(', ')}.`,
    ...failureLines(failures.get(name))
  ].join('\n')
}

async function modelSection(client: Client, failures: KnownFailures): Promise<string> {
  const { name, title, release, source, takes, changes = [] } = client
  const steps = stepsOf((await client.discover('jane@example.com', emptyWorld)).trace)
  return [
    `### ${title}`,
    '',
    `- Name for \`--client\`: ${code(name)}. Release: ${release}.`,
    `- Proof: ${proofOf(name)}: ${source}.`,
    `- Uses ${takes}.`,
    `- Requests and lookups if no server responds: ${steps.map(code).join(', ')}.`,
    ...changes.map(change => `- ${change}`),
    ...failureLines(failures.get(name))
  ].join('\n')
}

function failureLines(failures: readonly string[] = []): string[] {
  if (failures.length === 0) return ['- Known failures: none.']
  return ['- Known failures, if:', ...failures.map(failure => `  - ${escapeMarkdown(failure)}.`)]
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

function stepsOf(trace: readonly Step[]): string[] {
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
