// One Signpost that serves all settings tables, behind nginx, with the DNS records of all tables: a network for a real program and
// its model.

import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { World } from '../../../src/clients/model/world.ts'
import { createAuthority } from '../certificate-authority.ts'
import { startDnsStub, type Zone } from '../dns-stub.ts'
import { createNetworkWorld } from '../network-world.ts'
import { type ProxiedRequest, startNginx } from '../nginx.ts'
import { SIGNPOST_ADDRESS, startSignpost } from '../signpost.ts'
import type { ModelTable } from './tables.ts'

export interface ModelWorld {
  /** For models: the same network that the program sees. */
  readonly network: World
  /** Path of the root certificate of all certificates. */
  readonly trustedRoot: string
  /** A scratch folder that is removed at the end. */
  readonly directory: string
  /** @returns all requests so far. Waits until the expected ones (`GET https://host/path`) are among them, but not forever. */
  readonly requests: (expected: string[]) => Promise<ProxiedRequest[]>
  readonly stop: () => Promise<void>
}

/** Why they lead to Signpost: it answers like a database of providers, and programs go on only after its 404. */
const databases = ['autoconfig.thunderbird.net', 'live.thunderbird.net', 'v1.ispdb.net']

export async function startModelWorld(tables: readonly ModelTable[]): Promise<ModelWorld> {
  const stack = new AsyncDisposableStack()
  try {
    const directory = await mkdtemp(join(tmpdir(), 'models-'))
    stack.defer(() => rm(directory, { recursive: true, maxRetries: 5 }))
    await chmod(directory, 0o755) // the users of the servers go through it
    const settings = join(directory, 'models.yaml')
    // Why JSON: it is YAML, too.
    await writeFile(settings, JSON.stringify({ providers: tables.flatMap(({ provider }) => provider ?? []) }))

    const webHosts = [...databases, ...tables.flatMap(table => table.webHosts)]
    const zone = zoneOf(tables, webHosts)
    const dns = await startDnsStub(zone)
    stack.defer(dns.stop)
    const authority = await createAuthority(join(directory, 'authority'))
    const certificate = await authority.issue(webHosts)
    const nginx = await startNginx(join(directory, 'nginx'), { certificate, upstream: SIGNPOST_ADDRESS })
    stack.defer(nginx.stop)
    const signpost = await startSignpost(join(directory, 'signpost'), settings)
    stack.defer(signpost.stop)
    const network = await createNetworkWorld(authority.root)
    return {
      ...{ network, directory, trustedRoot: authority.root },
      requests: nginx.requests,
      stop: () => stack.disposeAsync()
    }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}

function zoneOf(tables: readonly ModelTable[], webHosts: readonly string[]): Zone {
  const records = tables.map(table => table.records ?? {})
  return {
    hosts: [...webHosts, ...tables.flatMap(({ hostsWithoutCertificate = [] }) => hostsWithoutCertificate)],
    mx: merge(records.map(({ mx }) => mx)),
    ns: merge(records.map(({ ns }) => ns)),
    srv: merge(records.map(each => each.srv)),
    txt: merge(records.map(({ txt }) => txt))
  }
}

function merge<Value>(parts: readonly (Record<string, Value> | undefined)[]): Record<string, Value> {
  return Object.assign({}, ...parts)
}
