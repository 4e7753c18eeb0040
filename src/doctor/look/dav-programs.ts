/**
 * What programs for calendars and contacts find, if the domain advertises a server of either.
 */
import { assumeLogin } from '../../clients/dav/assumed-login.ts'
import type { DavClient, DavDiscovery, DavService } from '../../clients/dav/dav-client.ts'
import type { World } from '../../clients/model/world.ts'
import type { ServiceProbe, ServiceToProbe } from '../../probes/probe.ts'
import type { Subject } from './examined-domain.ts'

export interface DavProgram {
  readonly client: DavClient
  /** As if every login succeeded, because the programs ask for a password. */
  readonly discovery: DavDiscovery
}

const davServices: readonly DavService[] = ['caldav', 'carddav']

/** @returns the services that the domain advertises */
export function davServicesOf({
  services
}: {
  readonly services: readonly Pick<ServiceProbe, 'service'>[]
}): DavService[] {
  return davServices.filter(each => services.some(({ service }) => service.protocol === each))
}

/** Why not for every domain: most have neither calendars nor contacts, and the programs send many requests. */
export async function searchDav(
  { address }: Subject,
  advertised: readonly ServiceToProbe[],
  { davClients, world }: { readonly davClients: readonly DavClient[]; readonly world: World }
): Promise<DavProgram[]> {
  if (davServicesOf({ services: advertised.map(service => ({ service })) }).length === 0) return []
  const assumed = assumeLogin(world)
  return await Promise.all(
    davClients.map(async client => ({ client, discovery: await client.discover(address, assumed) }))
  )
}
