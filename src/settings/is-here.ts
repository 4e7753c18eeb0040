/**
 * Whether a server runs on this machine, so that nobody can listen on the way to it.
 */
import { isIP } from 'node:net'

/** @param host a name, an address, or the folder or path of a socket */
export function isHere(host: string): boolean {
  if (host.startsWith('/') || host === 'localhost') return true
  return isIP(host) === 4 ? host.startsWith('127.') : host === '::1'
}
