/**
 * Network access for the discovery of a domain's settings.
 */
import type { DiscoveryNetwork } from '../../importers/live/discovery.ts'
import { type NetworkAccess, type NetworkOptions, withNetwork } from '../../network/network-access.ts'
import type { NetworkWorld } from '../../network/network-world.ts'
import { probeServer } from '../../probes/probe-server.ts'

const discoveryBudget = 8

/** Runs a command with network access for the discovery of a domain's settings. */
export async function withDiscovery<Result>(
  options: NetworkOptions,
  run: (network: DiscoveryNetwork & { readonly world: NetworkWorld }) => Promise<Result>
): Promise<Result> {
  const { timeoutMs, ca } = options
  const discover = async ({ world, connect, now }: NetworkAccess) =>
    await run({
      world,
      async isMailServer(candidate) {
        const network = { connect, ca, timeoutMs, now }
        const { greeting, tls } = await probeServer({ ...candidate, authentication: ['password'] }, network)
        return greeting !== undefined && tls !== undefined && tls.authorizationError === undefined
      }
    })
  return await withNetwork(options, discover, { budget: discoveryBudget })
}
