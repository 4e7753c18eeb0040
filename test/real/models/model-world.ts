// One Signpost that serves all settings tables, behind nginx, with the DNS records of all tables: a network for a real program and
// its model.

import { writeFile } from 'node:fs/promises'
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
  /** Stops it with the world. */
  readonly keep: Stage['keep']
  readonly stop: () => Promise<void>
}

export interface ModelWorldOptions {
  readonly authority?: AuthorityOptions
  /** Names of mail servers. Default: they do not exist. */
  readonly mailHosts?: readonly string[]
}

/** Why they lead to Signpost: it answers like a database of providers, and programs go on only after its 404. */
const databases = ['autoconfig.thunderbird.net', 'live.thunderbird.net', 'v1.ispdb.net']

export async function startModelWorld(
  tables: readonly ModelTable[],
  { authority: authorityOptions = {}, mailHosts = [] }: ModelWorldOptions = {}
): Promise<ModelWorld> {
  const stage = await createStage('models')
  try {
    const settings = stage.within('models.yaml')
    // Why JSON: it is YAML, too.
    await writeFile(settings, JSON.stringify({ providers: tables.flatMap(({ provider }) => provider ?? []) }))
    const authority = await createAuthority(stage.within('authority'), authorityOptions)
    const { requests } = await startWeb(stage, authority, {
      settings,
      webHosts: [...databases, ...tables.flatMap(({ webHosts }) => webHosts)],
      hostsWithoutCertificate: tables.flatMap(({ hostsWithoutCertificate = [] }) => hostsWithoutCertificate),
      otherHosts: [...mailHosts],
      ...recordsOf(tables)
    })
    const network = await createNetworkWorld(authority.root, { headers: UNLOGGED })
    const { within, keep, stop } = stage
    return { network, authority, trustedRoot: authority.root, directory: within('.'), requests, keep, stop }
  } catch (error) {
    await stage.stop()
    throw error
  }
}

/** @returns the hosts of the mail servers of all tables, as programs of the example people ask for them */
export function mailHostsOf(tables: readonly ModelTable[]): string[] {
  const hosts = tables.flatMap(({ provider, address }) => {
    const domain = address.slice(address.lastIndexOf('@') + 1)
    return (provider?.servers ?? []).flatMap(({ host }) =>
      typeof host === 'string' ? [domainToASCII(host.replaceAll('%EMAILDOMAIN%', domain))] : []
    )
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
