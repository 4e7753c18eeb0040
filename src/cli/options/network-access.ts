/**
 * Network access for one command: every connection has a timeout, and all of them end with the command.
 */
import { setMaxListeners } from 'node:events'
import type { DiscoveryNetwork } from '../../importers/live/discovery.ts'
import { type Connect, createConnect } from '../../network/connector.ts'
import { createExchanger } from '../../network/http-exchange.ts'
import { createNetworkWorld, type NetworkWorld } from '../../network/network-world.ts'
import { createResolver } from '../../network/resolver.ts'
import { probeServer } from '../../probes/probe-server.ts'
import type { NetworkOptions } from './network-options.ts'

export interface NetworkAccess {
  readonly world: NetworkWorld
  readonly connect: Connect
  /** Aborts when the time for the whole command is over. */
  readonly signal: AbortSignal
  readonly now: () => number
}

export interface NetworkBudget {
  /** The command may take this many times the timeout of a single answer. */
  readonly budget: number
}

/** Runs a command with network access, which ends when it is done or when its time is over. */
export async function withNetwork<Result>(
  options: NetworkOptions,
  run: (access: NetworkAccess) => Promise<Result>,
  { budget }: NetworkBudget
): Promise<Result> {
  const { timeoutMs, ca, allowPrivate, overrides, resolver: server } = options
  const over = new AbortController()
  const { signal } = over
  // Why: every connection adds a listener.
  setMaxListeners(0, signal)
  const timer = setTimeout(() => over.abort(), budget * timeoutMs)
  const resolver = createResolver({ timeoutMs, ...(server !== undefined && { servers: [server] }) })
  const connect = createConnect({ resolver, overrides, allowPrivate, timeoutMs, signal })
  const world = createNetworkWorld(createExchanger({ connect, ca, timeoutMs, signal }), resolver)
  try {
    return await run({ world, connect, signal, now: () => Date.now() })
  } finally {
    clearTimeout(timer)
  }
}

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
