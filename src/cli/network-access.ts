/**
 * The network as commands ask it that find settings: bounded, and left when they are done.
 */
import { setMaxListeners } from 'node:events'
import type { Surroundings } from '../importers/live/discovery.ts'
import type { Candidate } from '../importers/live/usual-names.ts'
import { createConnect } from '../network/connector.ts'
import { createExchanger } from '../network/http-exchange.ts'
import { createNetworkWorld, type NetworkWorld } from '../network/network-world.ts'
import { createResolver } from '../network/resolver.ts'
import type { Network } from '../probes/probe.ts'
import { probeServer } from '../probes/probe-server.ts'
import type { NetworkOptions } from './network-options.ts'

export interface NetworkSurroundings extends Surroundings {
  readonly world: NetworkWorld
}

/** The whole may take so many times what one answer may. */
const answersInTurn = 8

export async function inSurroundings<Result>(
  options: NetworkOptions,
  run: (surroundings: NetworkSurroundings) => Promise<Result>
): Promise<Result> {
  const { timeoutMs, ca, allowPrivate, overrides, resolver: server } = options
  const over = new AbortController()
  const { signal } = over
  // Why: each of the connections listens to it.
  setMaxListeners(0, signal)
  const timer = setTimeout(() => over.abort(), answersInTurn * timeoutMs)
  const resolver = createResolver({ timeoutMs, ...(server !== undefined && { servers: [server] }) })
  const connect = createConnect({ resolver, overrides, allowPrivate, timeoutMs, signal })
  const world = createNetworkWorld(createExchanger({ connect, ca, timeoutMs, signal }), resolver)
  const network = { connect, ca, timeoutMs, now: () => Date.now() }
  try {
    return await run({ world, knock: candidate => answers(candidate, network) })
  } finally {
    clearTimeout(timer)
  }
}

async function answers(candidate: Candidate, network: Network): Promise<boolean> {
  const { greeting, tls } = await probeServer({ ...candidate, authentication: ['password'] }, network)
  return greeting !== undefined && tls !== undefined && tls.authorizationError === undefined
}
