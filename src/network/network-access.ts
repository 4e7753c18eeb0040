/**
 * Network access for one task, such as a command: every connection has a timeout, and all of them end with the task.
 */
import { setMaxListeners } from 'node:events'
import { type AddressOverride, type Connect, createConnect } from './connector.ts'
import { createExchanger } from './http-exchange.ts'
import { createNetworkWorld, type NetworkWorld } from './network-world.ts'
import { createResolver } from './resolver.ts'

export interface NetworkOptions {
  /** `IP:PORT`; undefined for the system's resolver. */
  readonly resolver: string | undefined
  readonly timeoutMs: number
  /** Addresses to connect to, by `host` or `host:port`. */
  readonly overrides: ReadonlyMap<string, AddressOverride>
  /** Additional certificate authorities in PEM. */
  readonly ca: string | undefined
  readonly allowPrivate: boolean
}

export interface NetworkAccess {
  readonly world: NetworkWorld
  readonly connect: Connect
  /** Aborts when the time for the whole task is over. */
  readonly signal: AbortSignal
  readonly now: () => number
}

export interface NetworkBudget {
  /** The task may take this many times the timeout of a single answer. */
  readonly budget: number
}

/** Runs a task with network access, which ends when it is done or when its time is over. */
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
