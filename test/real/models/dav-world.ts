// A Radicale that is reached through Signpost, nginx and the DNS in many ways.

import type { World } from '../../../src/clients/model/world.ts'
import { startNameServer } from '../../support/doctor/name-server.ts'
import { createAuthority } from '../certificate-authority.ts'
import { davSite } from '../dav-site.ts'
import { DNS_ADDRESS, WORLD_ADDRESS } from '../namespace.ts'
import { createNetworkWorld } from '../network-world.ts'
import { type Nginx, startNginx } from '../nginx.ts'
import { startRadicale } from '../radicale.ts'
import { SIGNPOST_ADDRESS, startSignpost } from '../signpost.ts'
import { allStarted, type Stage } from '../stage.ts'
import type { DavTable } from './dav-tables.ts'

export interface DavServers {
  readonly nginx: Nginx
  /** The same network, for models. */
  readonly network: World
  /** The password of every person. */
  readonly password: string
  /** Path of the root certificate of all certificates. */
  readonly trustedRoot: string
}

const password = 'secret'

/** They end with the stage. */
export async function startDavServers(stage: Stage, tables: readonly DavTable[]): Promise<DavServers> {
  const hosts = tables
    .map(({ address }) => new URL(`https://${address.slice(address.indexOf('@') + 1)}`).hostname)
    .filter(domain => domain !== 'no-host.test')
    .flatMap(domain => [domain, `dav.${domain}`, `other.${domain}`])
  const radicale = { host: WORLD_ADDRESS, port: 5232 }
  const authority = await createAuthority(stage.within('authority'))
  const records = [
    ...hosts.map(name => ({ name, type: 'A' as const, address: WORLD_ADDRESS })),
    ...tables.flatMap(each => each.records ?? [])
  ]
  await stage.keep(startNameServer({ records, listen: { address: DNS_ADDRESS, port: 53 } }))
  const certificate = await authority.issue(hosts)
  const site = davSite({ signpost: SIGNPOST_ADDRESS, radicale: `${radicale.host}:${radicale.port}` })
  const [nginx, network] = await allStarted([
    stage.keep(startNginx(stage.within('nginx'), { certificate, upstream: { site } })),
    createNetworkWorld(authority.root),
    stage.keep(startSignpost(stage.within('signpost'), 'test/real/settings/dav.yaml')),
    stage.keep(
      startRadicale(stage.within('radicale'), {
        ...{ certificate, port: radicale.port, password },
        usernames: tables.map(({ address }) => address)
      })
    )
  ])
  return { nginx, network, password, trustedRoot: authority.root }
}
