/**
 * The addresses that `signpost serve` listens on. Starts a listener, or explains why it cannot start.
 */
import { once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { errors, type SignpostError } from '../errors.ts'

/**
 * The unspecified addresses, which stand for every address of the machine. A socket at the one of IPv6 accepts IPv4 too: Node.js
 * only sets IPV6_V6ONLY if it is asked to.
 */
export const everywhere = { v6: '::', v4: '0.0.0.0' } as const

/** Where a server is asked to listen. */
export interface ListenAddress {
  /** `::` stands for every address of the machine, IPv4 included. */
  readonly host: string
  /** 0 picks a free port. */
  readonly port: number
}

/** All addresses that `signpost serve` is asked to listen on. */
export interface ListenAddresses {
  readonly http: ListenAddress
  /** Undefined: no https. */
  readonly tls: ListenAddress | undefined
  /** Undefined: no admin listener. */
  readonly admin: ListenAddress | undefined
}

/** Error codes of kernels without IPv6, or with IPv6 disabled. */
const withoutV6: readonly unknown[] = ['EAFNOSUPPORT', 'EADDRNOTAVAIL']

/**
 * At `::` it accepts IPv6 and IPv4, or IPv4 alone where IPv6 is unavailable.
 * @returns where it listens, according to the system; a host name may have several addresses
 * @throws AC_CANNOT_LISTEN
 */
export async function listen(
  listener: FastifyInstance | Server,
  { host, port }: ListenAddress
): Promise<AddressInfo[]> {
  try {
    await attempt(listener, host, port)
  } catch (error) {
    if (host !== everywhere.v6 || !isWithoutV6(error)) throw error
    await attempt(listener, everywhere.v4, port)
  }
  const addresses = 'server' in listener ? listener.addresses() : [listener.address()]
  return addresses.filter(address => address !== null && typeof address === 'object')
}

function isWithoutV6(error: unknown): boolean {
  const { cause } = error as SignpostError
  return withoutV6.includes((cause as NodeJS.ErrnoException).code)
}

async function attempt(listener: FastifyInstance | Server, host: string, port: number): Promise<void> {
  try {
    if ('server' in listener) await listener.listen({ host, port })
    else await once(listener.listen({ host, port }), 'listening')
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException
    const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
    throw errors.cannotListen({ address, reason: reasons[code] ?? message, cause })
  }
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use',
  EACCES: 'permission denied (ports below 1024 need a privilege)',
  EADDRNOTAVAIL: 'this machine does not have the address',
  EAFNOSUPPORT: 'this machine has no IPv6',
  ENOTFOUND: 'the host name is not known'
}
