// One Signpost that serves all settings tables, behind nginx, with the DNS records of all tables: a network for a real program and
// its model.

import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { domainToASCII } from 'node:url'
import type { World } from '../../../src/clients/model/world.ts'
import { type AuthorityOptions, type CertificateAuthority, createAuthority } from '../certificate-authority.ts'
import type { Zone } from '../dns-stub.ts'
import { createNetworkWorld } from '../network-world.ts'
import { type ProxiedRequest, UNLOGGED } from '../nginx.ts'
import { createStage, type Stage } from '../stage.ts'
import { startWeb } from '../world.ts'
import type { ModelTable } from './tables.ts'

export interface ModelWorld {
  /** For models: the same network that the program sees. */
  readonly network: World
  readonly authority: CertificateAuthority
  /** Path of the root certificate of all certificates. */
  readonly trustedRoot: string
  /** A scratch folder that is removed at the end. */
  readonly directory: string
  /** @returns all requests of the program so far. Waits until the expected ones (`GET https://host/path`) are among them, but not forever. */
  readonly requests: (expected: string[]) => Promise<ProxiedRequest[]>
  /** Runs an action of the program, and records its requests and queries. */
  readonly observe: <Result>(action: () => Promise<Result>) => Promise<Observed<Result>>
  /** Stops the program together with the world. */
  readonly keep: Stage['keep']
  readonly stop: () => Promise<void>
}

export interface Observed<Result> {
  readonly result: Result
  /** All requests that nginx answered, in order. */
  readonly requests: readonly ProxiedRequest[]
  /** DNS queries, in order and with repetitions: `SRV _imaps._tcp.example.com`. */
  readonly queries: readonly string[]
}

export interface ModelWorldOptions {
  readonly authority?: AuthorityOptions
  /** Names of mail servers. Default: they do not exist. */
  readonly mailHosts?: readonly string[]
  /** Login names by address, in a database. Addresses of the same domains that are missing here are unknown. Default: no database. */
  readonly loginNames?: Readonly<Record<string, string>>
}

/** Why they lead to Signpost: it responds like a provider database without the domain, and programs continue only after its 404. */
const databases = ['autoconfig.thunderbird.net', 'live.thunderbird.net', 'live.mozillamessaging.com', 'v1.ispdb.net']

export async function startModelWorld(
  tables: readonly ModelTable[],
  { authority: authorityOptions = {}, mailHosts = [], loginNames }: ModelWorldOptions = {}
): Promise<ModelWorld> {
  const stage = await createStage('models')
  try {
    const settings = stage.within('models.yaml')
    const users = loginNames && createUsers(stage.within('users.sqlite'), loginNames)
    // Why JSON: it is YAML, too.
    await writeFile(settings, JSON.stringify({ users, providers: tables.flatMap(({ provider }) => provider ?? []) }))
    const authority = await createAuthority(stage.within('authority'), authorityOptions)
    const { requests, queries } = await startWeb(stage, authority, {
      settings,
      webHosts: [...databases, ...tables.flatMap(({ webHosts }) => webHosts)],
      hostsWithoutCertificate: tables.flatMap(({ hostsWithoutCertificate = [] }) => hostsWithoutCertificate),
      otherHosts: [...mailHosts],
      ...recordsOf(tables)
    })
    const network = await createNetworkWorld(authority.root, { headers: UNLOGGED })
    const { within, keep, stop } = stage

    const program = await createNetworkWorld(authority.root)
    let marks = 0
    /** Why a request: nginx has one worker, which logs each response before the next. @returns its position in the log */
    async function mark(): Promise<number> {
      marks += 1
      const asked = `GET https://v1.ispdb.net/mark-${marks}`
      await program.exchange({ method: 'GET', url: asked.slice('GET '.length), headers: {} })
      const index = (await requests([asked])).findIndex(request => request.asked === asked)
      assert(index !== -1, `nginx has not logged “${asked}”`)
      return index
    }
    async function observe<Result>(action: () => Promise<Result>): Promise<Observed<Result>> {
      const start = { request: await mark(), query: queries.length }
      const result = await action()
      const asked = queries.slice(start.query)
      const end = await mark()
      return { result, requests: (await requests([])).slice(start.request + 1, end), queries: asked }
    }
    return { network, authority, trustedRoot: authority.root, directory: within('.'), requests, observe, keep, stop }
  } catch (error) {
    await stage.stop()
    throw error
  }
}

/** @returns the block `users` of the settings, for the providers that are named as the domains */
function createUsers(file: string, loginNames: Readonly<Record<string, string>>) {
  const database = new DatabaseSync(file)
  database.exec('CREATE TABLE person (address TEXT PRIMARY KEY, username TEXT)')
  const insert = database.prepare('INSERT INTO person VALUES (?, ?)')
  for (const row of Object.entries(loginNames)) insert.run(...row)
  database.close()
  return {
    ...{ type: 'sqlite', file, unknown: 'not-known' },
    query: 'SELECT address, username FROM person WHERE address = :address',
    providers: [...new Set(Object.keys(loginNames).map(address => address.slice(address.lastIndexOf('@') + 1)))]
  }
}

/** @returns the hosts of the servers and SRV records of all tables, as programs of the example people ask for them */
export function mailHostsOf(tables: readonly ModelTable[]): string[] {
  const hosts = tables.flatMap(({ provider, address, records = {} }) => {
    const domain = address.slice(address.lastIndexOf('@') + 1)
    const published = (provider?.servers ?? []).flatMap(({ host }) =>
      typeof host === 'string' ? [domainToASCII(host.replaceAll('%EMAILDOMAIN%', domain))] : []
    )
    return [...published, ...Object.values(records.srv ?? {}).map(({ host }) => host)]
  })
  return [...new Set(hosts)]
}

function recordsOf(tables: readonly ModelTable[]): Omit<Zone, 'hosts'> {
  const records = tables.map(table => table.records ?? {})
  return {
    mx: merge(records.map(({ mx }) => mx)),
    ns: merge(records.map(({ ns }) => ns)),
    srv: merge(records.map(each => each.srv)),
    txt: merge(records.map(({ txt }) => txt))
  }
}

function merge<Value>(parts: readonly (Record<string, Value> | undefined)[]): Record<string, Value> {
  return Object.assign({}, ...parts)
}
