/**
 * How a database or LDAP server is reached, with all defaults and the contents of the files that the settings name, and the
 * limits that every driver observes.
 */
import { resolve } from 'node:path'
import type { Duplex } from 'node:stream'
import { errors } from '../errors.ts'
import type { DirectorySettings } from '../settings/check/directory.ts'
import { isThisMachine } from '../settings/question/domain.ts'
import { readPasswordFile } from '../sources/password-file.ts'
import { readText } from '../sources/read-file.ts'
import { answerTooLong, DirectoryFailure } from './directory.ts'
import type { QueryColumns } from './row-reader.ts'

/**
 * Why longer than any client waits: on a busy machine a connection that is late is still useful for the next question. If each
 * one were given up early, there would never be one.
 */
export const connectTimeoutMs = 10_000

/** The number of questions that may wait for a connection. */
export const maxWaiting = 1000

/** Bytes of one answer. A row of a directory has a few hundred; a query that returns a whole table is a mistake. */
export const maxAnswerBytes = 256 * 1024

export interface DatabaseServer {
  /** A host name, an address, or the folder or path of a socket. */
  readonly host: string
  readonly isSocket: boolean
  readonly port: number
  readonly database: string
  /** Empty: anonymous. */
  readonly user: string
  /** @returns the current password; undefined if there is none. @throws AC_SETTINGS_INVALID */
  password(): string | undefined
  /** Undefined: without TLS. */
  readonly tls: DatabaseTls | undefined
}

export interface DatabaseTls {
  /** PEM; undefined: the certificate authorities that Node.js trusts. */
  readonly ca?: string
  /** The name that the certificate must have. */
  readonly host: string
  readonly rejectUnauthorized: true
}

/** Where files and passwords that the settings name are found. */
export interface SettingsContext {
  /** The folder of the settings file. */
  readonly folder: string
  readonly env: Readonly<Record<string, string | undefined>>
}

export interface ServerOptions extends SettingsContext {
  /** The part of the settings table that configures the server. */
  readonly block: QueryColumns['block']
}

/** @throws AC_SETTINGS_INVALID if a file cannot be read */
export function databaseServer(settings: DirectorySettings, options: ServerOptions): DatabaseServer {
  const { block, folder, env } = options
  const { type, host = '127.0.0.1', database = '', passwordFile, ca } = settings
  const { security = isThisMachine(host) ? 'none' : 'tls', user = type === 'ldap' ? '' : 'signpost' } = settings
  const { port = defaultPort(type, security) } = settings
  const password = () => {
    if (passwordFile === undefined) return env[`SIGNPOST_${block.toUpperCase()}_PASSWORD`]
    const read = readPasswordFile(resolve(folder, passwordFile))
    if ('password' in read) return read.password
    throw errors.settingsInvalid({ findings: `${block}.passwordFile: ${read.problem}` })
  }
  // Why now: a misspelt file name must be reported at the start.
  password()
  const authorities = ca === undefined ? {} : { ca: readAuthorities(`${block}.ca`, ca, folder) }
  return {
    host,
    isSocket: host.startsWith('/'),
    port,
    database,
    user,
    password,
    tls: security === 'none' ? undefined : { ...authorities, host, rejectUnauthorized: true }
  }
}

function defaultPort(type: DirectorySettings['type'], security: DirectorySettings['security']): number {
  if (type === 'ldap') return security === 'tls' ? 636 : 389
  return type === 'postgres' ? 5432 : 3306
}

function readAuthorities(field: string, file: string, folder: string): string {
  const read = readText(resolve(folder, file))
  if ('text' in read) return read.text
  throw errors.settingsInvalid({ findings: `${field}: cannot read ${file}: ${read.reason}` })
}

/**
 * Destroys a stream when more bytes arrive than one answer may have, counted from the last time that something was written
 * to it. Why: drivers collect an announced message until it is complete, however long it is.
 *
 * The chunk of up to 64 KiB that exceeds the limit still reaches the driver.
 *
 * @returns the stream
 */
export function limitAnswers<S extends Duplex & { readonly bytesWritten: number }>(stream: S): S {
  let written = 0
  let received = 0
  stream.on('data', (chunk: Buffer) => {
    if (stream.bytesWritten !== written) received = 0
    written = stream.bytesWritten
    received += chunk.length
    // Why a refusal: one row that is too large must not make the directory unavailable for all other names.
    if (received > maxAnswerBytes) stream.destroy(new DirectoryFailure(answerTooLong, { isRefusal: true }))
  })
  return stream
}
