/**
 * Servers that a table refuses by default, although they may be the only ones of a provider: with TLS on a port for STARTTLS, or
 * on the machine of the person.
 */
import { isIP } from 'node:net'
import { isUnusual } from '../settings/check/server.ts'
import { isThisMachine } from '../settings/question/domain.ts'
import type { ImportedServer } from './imported.ts'

/** @returns the servers as the table can have them, with comments about what is unusual */
export function usableServers(servers: readonly ImportedServer[]): ImportedServer[] {
  const usual = new Set(servers.filter(({ value }) => !isUnusual(value)).map(({ value }) => value.protocol))
  // Why only without a usual one: otherwise that one is better, and the other may be a mistake.
  return servers.map(withName).map(server => (usual.has(server.value.protocol) ? server : withUnusualPort(server)))
}

/**
 * Observed: Mozilla's database (2026-03, protonmail.com) has 127.0.0.1, because Proton Mail Bridge runs on the person's machine.
 *
 * Why: a table has names instead of addresses. Spec: RFC 6761 6.3: localhost is always an address of the same machine.
 */
function withName(server: ImportedServer): ImportedServer {
  const { host = '' } = server.value
  if (isIP(host) === 0 || !isThisMachine(host)) return server
  const note = `The source has ${host}: a program on the machine of each person, such as a bridge.`
  return withNote({ ...server, value: { ...server.value, host: 'localhost' } }, note)
}

/** Observed: Mozilla's database (2026-03, charter.com) has SSL on port 587, with a remark that this is really so. */
function withUnusualPort(server: ImportedServer): ImportedServer {
  const { value } = server
  const { security = 'tls' } = value
  // Why not: plaintext on such a port is rather a mistake in the source.
  if (security === 'none') return server
  const note = `The source has ${words[security]} on port ${value.port}, which usually has another security.`
  return withNote({ ...server, value: { ...value, allowUnusualPort: true } }, note)
}

const words = { tls: 'TLS from the first byte', starttls: 'STARTTLS' } as const

function withNote(server: ImportedServer, note: string): ImportedServer {
  return { ...server, note: server.note === undefined ? note : `${server.note} ${note}` }
}
