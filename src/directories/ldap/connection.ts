/**
 * One connection to an LDAP server: in TLS where that is wanted, bound, ready to be asked (RFC 4511, RFC 4513).
 */
import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Client, Entry, SearchOptions } from 'ldapts'
import { boundAnswers } from '../bound-answers.ts'
import type { DatabaseServer } from '../database-server.ts'
import { DirectoryFailure } from '../directory-failure.ts'
import { inTime } from '../in-time.ts'
import type { Pooled } from '../pool.ts'
import { ldapFailure } from './failure.ts'

export interface LdapConnection extends Pooled {
  /** @returns the entries; rejects with what the server says. Whoever is rejected must destroy the connection */
  search(base: string, options: SearchOptions): Promise<readonly Entry[]>
}

/** Of the package ldapts. */
export type LdapClients = Pick<typeof import('ldapts'), 'BerReader' | 'Client'>

export interface LdapConnectionOptions {
  readonly driver: LdapClients
  /** Whether TLS begins on the port that is in clear at first. */
  readonly startTls: boolean
  /** For all of it, until it is bound. */
  readonly milliseconds: number
}

interface Dialled {
  readonly socket: Socket
  /** @returns the failure for which the connection was closed on this side, which the library does not pass on */
  readonly failure: () => DirectoryFailure | undefined
  readonly client: Client
}

/** @returns a connection that is bound: as nobody, where the server has no user. Rejects where it cannot be made */
export async function openLdapConnection(
  server: DatabaseServer,
  options: LdapConnectionOptions
): Promise<LdapConnection> {
  const credentials = credentialsOf(server)
  const { socket, client, failure } = dial(server, options)
  let isOpen = true
  const lost = () => {
    isOpen = false
  }
  socket.on('end', lost).on('close', lost)
  try {
    await inTime(introduce(client, credentials, options), options.milliseconds)
  } catch (error) {
    socket.destroy()
    throw ldapFailure(error, { isConnecting: true })
  }
  return {
    get isOpen() {
      return isOpen
    },
    async search(base, what) {
      // Why: the library would connect again, but neither in TLS nor bound.
      if (!isOpen) throw new DirectoryFailure('connection-lost')
      const { searchEntries } = await client
        .search(base, what)
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
  // Spec: RFC 4513 5.1.2: a server takes a name without a password for nobody, and says that all is well.
  if (secret === '') throw new DirectoryFailure('no-password', { words: `no password for the user "${user}"` })
  return [user, secret]
}

function dial(server: DatabaseServer, { driver, startTls }: LdapConnectionOptions): Dialled {
  const { host, port, isSocket, tls } = server
  const place = isSocket ? { path: host } : { host, port, keepAlive: true }
  const secure = { ...tls, ...(isIP(host) === 0 && { servername: host }) }
  let last: Socket | undefined
  // Why not an event: the library removes all listeners for errors.
  const failure = () => (last?.errored instanceof DirectoryFailure ? last.errored : undefined)
  function bound<S extends Socket>(stream: S): S {
    last = stream
    return boundAnswers(stream)
  }
  if (tls !== undefined && !startTls) {
    const socket = bound(connectTls({ ...place, ...secure }))
    const client = new driver.Client({ url: 'ldaps://server', createSecureConnection: () => socket })
    return { socket, client, failure }
  }
  const socket = bound(connect(place))
  const clear: Buffer[] = []
  const keep = (bytes: Buffer) => clear.push(bytes)
  if (startTls) socket.on('data', keep)
  const client = new driver.Client({
    url: 'ldap://server',
    createConnection: () => socket,
    createSecureConnection() {
      socket.off('data', keep)
      // Why: somebody on the way could send the beginning of an answer in clear, and TLS would bring its end.
      if (!isOneMessage(new driver.BerReader(Buffer.concat(clear)))) {
        throw new DirectoryFailure('clear-after-starttls')
      }
      return bound(connectTls({ ...secure, socket }))
    }
  })
  return { socket, client, failure }
}

/** Spec: RFC 4511 4.1.1: a message is one SEQUENCE. */
function isOneMessage(reader: InstanceType<LdapClients['BerReader']>): boolean {
  reader.readSequence()
  return reader.remain === reader.length
}

async function introduce(client: Client, [user, password]: Credentials, { startTls }: LdapConnectionOptions) {
  if (startTls) await client.startTLS()
  await client.bind(user, password)
}
