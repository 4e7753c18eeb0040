/**
 * TCP connections to unknown hosts. The address is looked up once, checked before anything is sent, and pinned, so that no
 * second lookup can lead elsewhere.
 */
import { once } from 'node:events'
import { connect as connectTo, isIP, type LookupFunction, type Socket } from 'node:net'
import { isPublicAddress } from './is-public.ts'
import { NetworkFault, noAnswer, noTimeLeft, toNetworkFault } from './network-fault.ts'
import type { Resolver } from './resolver.ts'

/** @returns a connected socket, for the caller to destroy. Rejects with a `NetworkFault`. */
export type Connect = (host: string, port: number) => Promise<Socket>

export interface ConnectorOptions {
  readonly resolver: Resolver
  /** Addresses by `host` or `host:port`, which need no lookup and may be private: a person chose them. */
  readonly overrides?: ReadonlyMap<string, AddressOverride>
  /** Whether names may lead to addresses that are not public. */
  readonly allowPrivate?: boolean
  /** The time limit for the lookup and the connection. */
  readonly timeoutMs: number
  /** Ends every connection. */
  readonly signal: AbortSignal
}

export interface AddressOverride {
  readonly address: string
  /** Default: the requested port. */
  readonly port: number | undefined
}

interface Target {
  readonly addresses: readonly string[]
  readonly port: number
}

export function createConnect(options: ConnectorOptions): Connect {
  // Why: many programs ask the same hosts, and each would wait for hosts that do not answer.
  const timedOut = new Map<string, NetworkFault>()
  return async (host, port) => {
    const name = `${host}:${port}`
    const known = timedOut.get(name)
    if (known !== undefined) throw known
    try {
      return await open(await findTarget(host, port, options), options)
    } catch (error) {
      const fault = toNetworkFault(error)
      if (fault.kind === 'timeout') timedOut.set(name, fault)
      throw fault
    }
  }
}

async function findTarget(host: string, port: number, options: ConnectorOptions): Promise<Target> {
  const { overrides, allowPrivate = false } = options
  const override = overrides?.get(`${host}:${port}`) ?? overrides?.get(host)
  if (override !== undefined) return { addresses: [override.address], port: override.port ?? port }
  const addresses = isIP(host) > 0 ? [host] : await addressesOf(host, options.resolver)
  const allowed = allowPrivate ? addresses : addresses.filter(isPublicAddress)
  if (allowed.length > 0) return { addresses: allowed, port }
  throw new NetworkFault('private-address', `not asked: ${addresses[0]} is a private address`)
}

async function addressesOf(host: string, { look }: Resolver): Promise<string[]> {
  const [v4, v6] = await Promise.all([look('A', host), look('AAAA', host)])
  const addresses = [...v4.records, ...v6.records]
  if (addresses.length > 0) return addresses
  const fault = v4.fault ?? v6.fault
  if (fault === undefined) throw new NetworkFault('no-host', 'no such host')
  throw new NetworkFault('dns', `no address: ${fault} from the DNS`)
}

async function open({ addresses, port }: Target, { timeoutMs, signal }: ConnectorOptions): Promise<Socket> {
  const found = addresses.map(address => ({ address, family: isIP(address) }))
  const lookup: LookupFunction = (_host, _options, done) => done(null, found)
  const socket = connectTo({ host: 'pinned.invalid', port, lookup, autoSelectFamily: true, signal })
  // Why: the reader gets an error that comes after the connection was made. Without a reader it must not end the program.
  socket.on('error', () => undefined)
  const timer = setTimeout(() => socket.destroy(noAnswer(timeoutMs)), timeoutMs)
  const failure: unknown = await once(socket, 'connect').then(
    () => undefined,
    error => error
  )
  clearTimeout(timer)
  if (failure === undefined) return socket
  socket.destroy()
  throw signal.aborted ? noTimeLeft() : firstOf(failure)
}

/** Why: for several addresses that failed, Node.js makes one error without a code. */
function firstOf(error: unknown): unknown {
  return error instanceof AggregateError ? error.errors[0] : error
}
