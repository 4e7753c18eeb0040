/**
 * The conformance matrix as text for people and as JSON for programs: `signpost check --matrix`.
 */
import type { DavServers } from '../../clients/dav/dav-client.ts'
import type { Client, FoundAccount, FoundServer } from '../../clients/model/client.ts'
import type { ClientResult } from '../../conformance/matrix.ts'
import type { DavResult, ProviderMatrix } from '../../conformance/table-matrix.ts'

/** @returns lines for each provider: what every program ends with, and how that differs from the table */
export function matrixLines(matrices: readonly ProviderMatrix[]): string[] {
  return matrices.flatMap(matrix => {
    const { provider, address, rows } = matrix
    const width = Math.max(...rows.map(({ client }) => client.title.length))
    return [
      `provider ${provider.id}, as ${address}:`,
      ...rows.flatMap(row =>
        rowTexts(row, address).map((text, index) => toLine(index === 0 ? row : undefined, text, width))
      ),
      ...matrix.davRows.flatMap(row => davLines(row)),
      ...nativeScriptLines(matrix)
    ]
  })
}

function toLine(row: ClientResult | undefined, text: string, width: number): string {
  return `  ${(row?.client.title ?? '').padEnd(width)}  ${text}`
}

function rowTexts({ found, verdict, detail }: ClientResult, address: string): string[] {
  if (found === undefined) return [detail]
  return [foundText(found, address), ...(verdict === 'same' ? [] : [`differs: ${detail}`])]
}

function foundText({ incoming, outgoing }: FoundAccount, address: string): string {
  const servers = incoming === outgoing || outgoing === undefined ? [incoming] : [incoming, outgoing]
  const names = servers.map(({ username = address }) => username)
  const logins = new Set(names).size === 1 ? names.slice(0, 1) : names
  return `${servers.map(serverText).join(', ')}, as ${logins.join(' and ')}`
}

function serverText({ protocol, host, port, security }: FoundServer): string {
  return `${protocol} ${host}:${port} ${security}`
}

/** One line for each service, which says whether the program finds it only with records in the DNS. */
function davLines({ client, found, withRecords }: DavResult): string[] {
  return (['caldav', 'carddav'] as const).map(service => {
    const byRecords = withRecords[service]
    const text = found[service] ?? (byRecords === undefined ? 'nothing' : `${byRecords}, only with SRV records`)
    return `  ${client.title}: ${service} ${text}`
  })
}

function nativeScriptLines({ nativeScript }: ProviderMatrix): string[] {
  if (nativeScript === undefined) return []
  const { typed, lost, logsInAsTyped } = nativeScript
  const line = (does: string, programs: readonly Client[]) =>
    `  typed as ${typed}, ${does}: ${programs.map(({ title }) => title).join(', ') || 'no program'}`
  return [line('these find nothing', lost), line('these log in as typed', logsInAsTyped)]
}

/** @returns JSON. Existing fields remain, and new ones may be added. */
export function matrixJson(matrices: readonly ProviderMatrix[]): string {
  const providers = matrices.map(({ provider, address, rows, davRows, nativeScript }) => ({
    ...{ id: provider.id, address },
    programs: rows.map(row => toProgram(row, address)),
    davPrograms: davRows.map(toDavProgram),
    nativeScript: nativeScript === undefined ? null : toNativeScript(nativeScript)
  }))
  return `${JSON.stringify({ providers }, undefined, 2)}\n`
}

function toDavProgram({ client, found, withRecords }: DavResult) {
  const { name, title, release } = client
  const urls = ({ caldav, carddav }: DavServers) => ({ caldav: caldav ?? null, carddav: carddav ?? null })
  return { name, title, release, found: urls(found), withRecords: urls(withRecords) }
}

function toNativeScript({ typed, lost, logsInAsTyped }: NonNullable<ProviderMatrix['nativeScript']>) {
  const names = (programs: readonly Client[]) => programs.map(({ name }) => name)
  return { typed, findNothing: names(lost), logInAsTyped: names(logsInAsTyped) }
}

function toProgram({ client, verdict, detail, found }: ClientResult, address: string) {
  const { name, title, release } = client
  const server = (each: FoundServer | undefined) =>
    each === undefined ? null : { ...each, username: each.username ?? address }
  return {
    ...{ name, title, release, verdict, detail },
    ...{ incoming: server(found?.incoming), outgoing: server(found?.outgoing), from: found?.from ?? null }
  }
}
