/**
 * How a database server is reached, with every default filled in and the files read that the settings name.
 */
import { resolve } from 'node:path'
import { errors } from '../errors.ts'
import type { DirectorySettings } from '../settings/check/directory.ts'
import { isThisMachine } from '../settings/domain.ts'
import { readText } from '../sources/read-file.ts'
import type { Reading } from './columns.ts'

/**
 * Why longer than anybody waits: on a busy machine a connection that comes late is of use to the next, and one that is
 * given up each time never comes.
 */
export const connectMilliseconds = 10_000

/** Beyond it nobody may wait for a connection. */
export const mostWaiting = 1000

export interface DatabaseServer {
  /** A host name, an address, or the folder or path of a socket. */
  readonly host: string
  readonly isSocket: boolean
  readonly port: number
  readonly database: string
  /** Empty: nobody. */
  readonly user: string
  /** @returns as it is now; undefined: there is none. @throws AC_SETTINGS_INVALID */
  password(): string | undefined
  /** Undefined: in clear. */
  readonly tls: DatabaseTls | undefined
}

export interface DatabaseTls {
  /** PEM; undefined: those that node believes. */
  readonly ca?: string
  /** Whose name the certificate must have. */
  readonly host: string
  readonly rejectUnauthorized: true
}

/** Where names in the settings are looked for. */
export interface Surroundings {
  /** Of the settings file. */
  readonly folder: string
  readonly env: Readonly<Record<string, string | undefined>>
}

export interface ServerOptions extends Surroundings {
  /** Whose server it is: a part of the settings table. */
  readonly block: Reading<unknown>['block']
}

/** @throws AC_SETTINGS_INVALID where a file cannot be read */
export function databaseServer(settings: DirectorySettings, options: ServerOptions): DatabaseServer {
  const { block, folder, env } = options
  const { type, host = '127.0.0.1', database = '', passwordFile, ca } = settings
  const { security = isThisMachine(host) ? 'none' : 'tls', user = type === 'ldap' ? '' : 'signpost' } = settings
  const { port = usualPort(type, security) } = settings
  // Why without the name of the file: people write the password itself in its place.
  const readSecret = (name: string) => textOf(`${block}.passwordFile`, name, { folder, title: 'the file' })
  const password = () => {
    if (passwordFile === undefined) return env[`SIGNPOST_${block.toUpperCase()}_PASSWORD`]
    return readSecret(passwordFile).replace(/\r?\n$/, '')
  }
  // Why now: a name that is misspelt shall be told at the start.
  password()
  const authorities = ca === undefined ? {} : { ca: textOf(`${block}.ca`, ca, { folder, title: ca }) }
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

function usualPort(type: DirectorySettings['type'], security: DirectorySettings['security']): number {
  if (type === 'ldap') return security === 'tls' ? 636 : 389
  return type === 'postgres' ? 5432 : 3306
}

interface TextOptions {
  readonly folder: string
  /** Names the file in an error. */
  readonly title: string
}

function textOf(field: string, name: string, { folder, title }: TextOptions): string {
  const read = readText(resolve(folder, name))
  if ('text' in read) return read.text
  throw errors.settingsInvalid({ findings: `${field}: cannot read ${title}: ${read.reason}` })
}
