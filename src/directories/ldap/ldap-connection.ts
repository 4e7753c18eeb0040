/**
 * One connection to an LDAP server: encrypted if the settings say so, bound, ready for searches (RFC 4511, RFC 4513).
 */
import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Client, Entry, SearchOptions } from 'ldapts'
import { withTimeout } from '../../timeout.ts'
import { type DatabaseServer, limitAnswers } from '../database-server.ts'
import { DirectoryFailure, type FailureContext, toFailure } from '../directory.ts'
import type { PooledConnection } from './connection-pool.ts'

export interface LdapConnection extends PooledConnection {
  /** @returns the entries; rejects with DirectoryFailure, after which an incomplete answer requires destroying the connection */
  search(base: string, options: SearchOptions): Promise<readonly Entry[]>
}

/** Parts of the package ldapts. */
export type LdapClients = Pick<typeof import('ldapts'), 'BerReader' | 'Client'>

export interface LdapConnectionOptions {
  readonly driver: LdapClients
  /** Whether TLS begins with StartTLS, on the port without encryption. */
  readonly startTls: boolean
  /** The time limit for everything until the connection is bound. */
  readonly timeoutMs: number
}

/** @returns a bound connection, anonymous if the server has no user; rejects with DirectoryFailure */
export async function openLdapConnection(
  server: DatabaseServer,
  options: LdapConnectionOptions
): Promise<LdapConnection> {
  const credentials = credentialsOf(server)
  const { socket, client, failure } = createClient(server, options)
  let isOpen = true
  const onLost = () => {
    isOpen = false
  }
  socket.on('end', onLost).on('close', onLost)
  try {
    await withTimeout(startSession(client, credentials, options), options.timeoutMs)
  } catch (error) {
    socket.destroy()
    throw ldapFailure(error, { isConnecting: true })
  }
  return {
    get isOpen() {
      return isOpen
    },
    async search(base, searchOptions) {
      // Why: the library would connect again, but without TLS and without binding.
      if (!isOpen) throw new DirectoryFailure('connection-lost')
      const { searchEntries } = await client
        .search(base, searchOptions)
        .catch(error => Promise.reject(failure() ?? ldapFailure(error)))
      return searchEntries
    },
    end: () => client.unbind(),
    destroy: () => socket.destroy()
  }
}

type Credentials = readonly [user: string, password: string]

function credentialsOf({ user, password }: DatabaseServer): Credentials {
  if (user === '') return ['', '']
  const secret = password() ?? ''
  // Spec: an empty password silently becomes an anonymous bind (RFC 4513 5.1.2).
  if (secret === '') throw new DirectoryFailure('no-password', { driverText: `no password for the user "${user}"` })
  return [user, secret]
}

interface CreatedClient {
  readonly socket: Socket
  readonly client: Client
  /** @returns the failure for which the connection was closed on this side, which the library does not pass on */
  readonly failure: () => DirectoryFailure | undefined
}

function createClient(server: DatabaseServer, { driver, startTls }: LdapConnectionOptions): CreatedClient {
  const { host, port, isSocket, tls } = server
  const address = isSocket ? { path: host } : { host, port, keepAlive: true }
  const tlsOptions = { ...tls, ...(isIP(host) === 0 && { servername: host }) }
  let lastStream: Socket | undefined
  // Why not an event: the library removes all listeners for errors.
  const failure = () => (lastStream?.errored instanceof DirectoryFailure ? lastStream.errored : undefined)
  function limit<S extends Socket>(stream: S): S {
    lastStream = stream
    return limitAnswers(stream)
  }
  if (tls !== undefined && !startTls) {
    const socket = limit(connectTls({ ...address, ...tlsOptions }))
    const client = new driver.Client({ url: 'ldaps://server', createSecureConnection: () => socket })
    return { socket, client, failure }
  }
  const socket = limit(connect(address))
  const unencrypted: Buffer[] = []
  const collect = (bytes: Buffer) => unencrypted.push(bytes)
  if (startTls) socket.on('data', collect)
  const client = new driver.Client({
    url: 'ldap://server',
    createConnection: () => socket,
    createSecureConnection() {
      socket.off('data', collect)
      // Why: an attacker could send the beginning of an answer before TLS begins, and TLS would deliver its end.
      if (!isOneMessage(new driver.BerReader(Buffer.concat(unencrypted)))) {
        throw new DirectoryFailure('clear-after-starttls')
      }
      return limit(connectTls({ ...tlsOptions, socket }))
    }
  })
  return { socket, client, failure }
}

/** Spec: a message is one SEQUENCE (RFC 4511 4.1.1). */
function isOneMessage(reader: InstanceType<LdapClients['BerReader']>): boolean {
  reader.readSequence()
  return reader.remain === reader.length
}

async function startSession(client: Client, [user, password]: Credentials, { startTls }: LdapConnectionOptions) {
  if (startTls) await client.startTLS()
  await client.bind(user, password)
}

/**
 * Spec: these result codes are about the server and not the question (RFC 4511 appendix A): operations error, time limit,
 * strong authentication required, referral, administrative limit, confidentiality required, no such object (the base),
 * inappropriate authentication, invalid credentials, insufficient access rights, busy, unavailable.
 */
const unavailable = [1, 3, 8, 10, 11, 13, 32, 48, 49, 50, 51, 52]

/** @param error of the package ldapts. @returns the failure with its result code, or the code of Node.js */
export function ldapFailure(error: unknown, { isConnecting = false }: FailureContext = {}): DirectoryFailure {
  const { code, name, message } = error as { readonly code?: unknown } & Error
  if (typeof code !== 'number') return toFailure(error, { isConnecting })
  const isRefusal = !isConnecting && !unavailable.includes(code)
  return new DirectoryFailure(`result-${code}`, { isRefusal, driverText: textOf(name, isConnecting ? message : '') })
}

/** Why: the library's errors have numbers that few people know, and often no text. */
function textOf(name: string, message: string): string {
  const text = message.replace(/Code: 0x[\da-f]+$/, '').trimEnd()
  return `the server answers ${name.replace(/Error$/, '')}${text && `: ${text}`}`
}
