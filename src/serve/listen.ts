/**
 * Starts a listener, or explains why it cannot start.
 */
import { once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { errors, type SignpostError } from '../errors.ts'
import { type AskedPlace, everywhere } from './addresses.ts'

/** Of a kernel without IPv6, and of one where it is disabled. */
const withoutV6: readonly unknown[] = ['EAFNOSUPPORT', 'EADDRNOTAVAIL']

/**
 * At `::` it accepts IPv6 and IPv4, or IPv4 alone where IPv6 is unavailable.
 * @returns where it listens, according to the system; a host name may have several addresses
 * @throws AC_CANNOT_LISTEN
 */
export async function listen(listener: FastifyInstance | Server, { host, port }: AskedPlace): Promise<AddressInfo[]> {
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
