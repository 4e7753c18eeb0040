/**
 * Starts a listener, or says in words why it cannot be.
 */
import { once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { errors } from '../errors.ts'
import type { AskedPlace } from './addresses.ts'

/** @returns where it listens, as the system says; a host name may have several addresses. @throws AC_CANNOT_LISTEN */
export async function listen(listener: FastifyInstance | Server, { host, port }: AskedPlace): Promise<AddressInfo[]> {
  try {
    if ('server' in listener) await listener.listen({ host, port })
    else await once(listener.listen({ host, port }), 'listening')
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException
    const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
    throw errors.cannotListen({ address, reason: reasons[code] ?? message, cause })
  }
  const addresses = 'server' in listener ? listener.addresses() : [listener.address()]
  return addresses.filter(address => address !== null && typeof address === 'object')
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use',
  EACCES: 'permission denied (ports below 1024 need a privilege)',
  EADDRNOTAVAIL: 'this machine does not have the address',
  ENOTFOUND: 'the host name is not known'
}
